import Drawing
import FrameStream

/// Dots on the points of faces, each a disc in the face's color with an edge that contrasts.
struct PointDots {
  /// What distinguishes one dot from another.
  private struct Look: Hashable {
    var color: Color
    var diameter: Int
    var aspect: Double
  }

  private var stamps = StampCache<Look>(maximumCount: 64, maximumBytes: 1 << 20)

  /// Forgets what was drawn in other colors.
  mutating func removeAll() { stamps.removeAll() }

  /// Draws the points of a face.
  /// - Parameters:
  ///   - stroke: the width of the lines around its box.
  ///   - aspect: the width of a pixel divided by its height.
  /// - Returns: the smallest rectangle that holds all dots; nil if none is in the picture.
  mutating func draw(
    _ points: FacePoints, _ color: Color, stroke: Int, aspect: Double, matrix: ColorMatrix,
    layout: PictureLayout, base: UnsafeMutablePointer<UInt8>, with blender: StampBlender
  ) -> PixelRectangle? {
    let look = Look(color: color, diameter: max(3, 2 * stroke + 1), aspect: aspect)
    guard points.isInRange, let stamp = stamps.stamp(for: look, make: { Self.stamp(look, matrix) }) else {
      return nil
    }
    var damage: PixelRectangle?
    for index in 0..<5 {
      let point = points[index]
      let place = PixelRectangle(
        x: Int((point.x - Double(stamp.width) / 2).rounded()),
        y: Int((point.y - Double(stamp.height) / 2).rounded()), width: stamp.width, height: stamp.height)
      guard let visible = place.intersection(layout.bounds) else { continue }
      blender.draw(
        stamp, over: place, visible: visible, layout: layout, base: base, isStretched: false, column: { $0 },
        row: { $0 })
      damage = damage?.union(visible) ?? visible
    }
    return damage
  }

  private static func stamp(_ look: Look, _ matrix: ColorMatrix) -> Stamp? {
    let (width, height) = (max(1, (Double(look.diameter) / look.aspect).rounded()), Double(look.diameter))
    guard let canvas = CairoCanvas(width: Int(width) + 2, height: Int(height) + 2) else { return nil }
    for (color, inset, alpha) in [(look.color.contrasting, 0.0, 0.7), (look.color, 1, 1)] {
      canvas.setColor(color, alpha: alpha)
      canvas.addRoundedRectangle(
        x: inset, y: inset, width: width + 2 - 2 * inset, height: height + 2 - 2 * inset,
        radiusX: width / 2 + 1 - inset, radiusY: height / 2 + 1 - inset)
      canvas.fillPath()
    }
    return Stamp(canvas, matrix: matrix)
  }
}
