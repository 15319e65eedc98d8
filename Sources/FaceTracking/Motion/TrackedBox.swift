import FrameStream

/// A face's box as tracking calculates with it: its center and size in pixels, with fractions.
package struct TrackedBox: Sendable, Equatable {
  /// The center's distance from the picture's left edge.
  package var centerX: Double
  /// The center's distance from the picture's top edge.
  package var centerY: Double
  /// Pixels across, more than 0.
  package var width: Double
  /// Pixels down, more than 0.
  package var height: Double

  /// A box from its center and size.
  package init(centerX: Double, centerY: Double, width: Double, height: Double) {
    self.centerX = centerX
    self.centerY = centerY
    self.width = width
    self.height = height
  }

  /// The box of whole pixels, which must not be empty.
  package init(_ box: PixelRectangle) {
    width = Double(max(1, box.width))
    height = Double(max(1, box.height))
    centerX = Double(box.x) + width / 2
    centerY = Double(box.y) + height / 2
  }

  /// The nearest box of whole pixels, never empty, within the range that a stream allows.
  package var rectangle: PixelRectangle {
    func whole(_ value: Double) -> Int { Int(max(-Self.limit, min(Self.limit, value.rounded()))) }
    return PixelRectangle(
      x: whole(centerX - width / 2), y: whole(centerY - height / 2), width: max(1, whole(width)),
      height: max(1, whole(height)))
  }

  /// The largest number in a box (fm-stream(5)).
  private static let limit = Double(1 << 24)

  /// The side of the square of the same area: the unit in which distances and speeds are measured.
  package var side: Double { (width * height).squareRoot() }

  /// The shared area of both, each enlarged on every side by `margin` of its size, divided by the area of their union
  /// (buffered intersection over union): 0 to 1.
  package func overlap(_ other: TrackedBox, margin: Double = 0) -> Double {
    let scale = 1 + 2 * margin
    guard abs(centerX - other.centerX) * 2 < (width + other.width) * scale,
      abs(centerY - other.centerY) * 2 < (height + other.height) * scale
    else { return 0 }
    func shared(_ a: Double, _ aLength: Double, _ b: Double, _ bLength: Double) -> Double {
      max(
        0,
        min(a + aLength * scale / 2, b + bLength * scale / 2)
          - max(a - aLength * scale / 2, b - bLength * scale / 2))
    }
    let both =
      shared(centerX, width, other.centerX, other.width)
      * shared(centerY, height, other.centerY, other.height)
    return both / ((width * height + other.width * other.height) * scale * scale - both)
  }
}
