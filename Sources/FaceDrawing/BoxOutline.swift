import Drawing
import FrameStream

/// The outline of a face's box: a colored line between two thin edges of the contrasting color, which make it
/// stand out on any picture; rounded corners; dashes where the class has them.
///
/// It is drawn once per look as a small template of four corners and one period of each side; a box of any
/// size is made of its parts (a "nine-patch").
struct BoxOutline {
  /// What distinguishes one template from another.
  struct Look: Hashable {
    var appearance: MarkAppearance
    var stroke: Int
    var aspect: Double
    var strength: FaceMark.Strength
  }

  let look: Look
  let horizontal: Axis
  let vertical: Axis

  /// Measures along one axis, in pixels.
  struct Axis {
    /// The contrasting edge on either side of the line, and the line.
    let edge: Int
    let stroke: Int
    /// Outer radius of the corners.
    let radius: Int
    /// Length of a corner part.
    let corner: Int
    /// Line and gap in turn; empty for a solid line.
    let dashes: [Int]
    /// Length of the part that is repeated.
    let period: Int

    init(stroke displayed: Int, scale: Double, dashes pattern: [Double]) {
      let exact = Double(displayed) * scale
      stroke = max(1, Int(exact.rounded()))
      edge = max(1, Int((exact / 4).rounded()))
      radius = 2 * (stroke + edge)
      corner = radius + stroke
      // A line one pixel wide needs longer dashes to be seen as such.
      dashes = pattern.map { max(1, Int(($0 * max(exact, 1.5)).rounded())) }
      period = max(1, dashes.reduce(0, +))
    }

    /// Line with both its edges.
    var thickness: Int { stroke + 2 * edge }
    var templateLength: Int { 2 * corner + period }
    /// How far the outline's outer border is outside the box's.
    var margin: Int { edge + stroke / 2 }

    /// The template's pixel for pixel `position` of an outline `length` long.
    func template(_ position: Int, of length: Int) -> Int {
      let fromEnd = length - position
      if length < 2 * corner { return position < fromEnd ? position : templateLength - fromEnd }
      if position < corner { return position }
      if fromEnd <= corner { return templateLength - fromEnd }
      // Stretched a little, so that whole periods and one more gap lie between the corners.
      let side = length - 2 * corner
      let gap = dashes.last ?? 0
      let periods = max(0, (side - gap + period / 2) / period)
      return corner + (position - corner) * (periods * period + gap) / side % period
    }
  }

  init(_ look: Look) {
    self.look = look
    horizontal = Axis(stroke: look.stroke, scale: 1 / look.aspect, dashes: look.appearance.dashes)
    vertical = Axis(stroke: look.stroke, scale: 1, dashes: look.appearance.dashes)
  }

  /// Where the outline of `box` lies, edges included.
  func area(around box: PixelRectangle) -> PixelRectangle {
    box.expanded(horizontally: horizontal.margin, vertically: vertical.margin)
  }

  /// Parts of an outline's area in which nothing is drawn, one above the other.
  struct Holes {
    let top: PixelRectangle
    let middle: PixelRectangle
    let bottom: PixelRectangle
  }

  /// Where nothing is drawn in an outline's area; nil if the box is too small. The rows
  /// that cross corners have holes of their own, because corners reach farther in.
  func holes(in area: PixelRectangle) -> Holes? {
    let inner = (width: area.width - 2 * horizontal.corner, height: area.height - 2 * vertical.corner)
    guard inner.width > 0, inner.height > 0 else { return nil }
    let between = vertical.corner - vertical.thickness
    let top = PixelRectangle(
      x: area.x + horizontal.corner, y: area.y + vertical.thickness, width: inner.width, height: between)
    var bottom = top
    bottom.y = area.maxY - vertical.corner
    let middle = PixelRectangle(
      x: area.x + horizontal.thickness, y: area.y + vertical.corner,
      width: area.width - 2 * horizontal.thickness, height: inner.height)
    return Holes(top: top, middle: middle, bottom: bottom)
  }

  /// The template; nil if there is no memory for it.
  func canvas() -> CairoCanvas? {
    guard let canvas = CairoCanvas(width: horizontal.templateLength, height: vertical.templateLength) else {
      return nil
    }
    let color = look.appearance.color
    canvas.grouped(opacity: look.strength.opacity) {
      canvas.setColor(color.contrasting, alpha: 0.7)
      addRing(to: canvas, inset: 0, thickness: 2)
      canvas.fillPath(.evenOdd)
      if !look.appearance.dashes.isEmpty {
        // The gaps show some of the picture: calmer than filled with the edges' color.
        addRing(to: canvas, inset: 1, thickness: 0)
        canvas.replacing {
          canvas.setColor(color.contrasting, alpha: 0.4)
          canvas.fillPath(.evenOdd)
        }
        clipToDashes(canvas)
      }
      addRing(to: canvas, inset: 1, thickness: 0)
      canvas.setColor(color)
      canvas.fillPath(.evenOdd)
    }
    return canvas
  }

  /// Adds a ring to the path: `inset` edges in from the border, a line and `thickness` edges wide.
  private func addRing(to canvas: CairoCanvas, inset: Int, thickness: Int) {
    func border(_ x: Int, _ y: Int) {
      canvas.addRoundedRectangle(
        x: Double(x), y: Double(y), width: Double(horizontal.templateLength - 2 * x),
        height: Double(vertical.templateLength - 2 * y), radiusX: Double(max(horizontal.radius - x, 0)),
        radiusY: Double(max(vertical.radius - y, 0)))
    }
    border(inset * horizontal.edge, inset * vertical.edge)
    border(
      horizontal.stroke + (inset + thickness) * horizontal.edge,
      vertical.stroke + (inset + thickness) * vertical.edge)
  }

  /// Clips to the four corners and to the lines between the gaps on each side.
  private func clipToDashes(_ canvas: CairoCanvas) {
    let width = Double(horizontal.templateLength)
    let height = Double(vertical.templateLength)
    let (cornerX, cornerY) = (Double(horizontal.corner), Double(vertical.corner))
    for (x, y) in [(0, 0), (width - cornerX, 0), (0, height - cornerY), (width - cornerX, height - cornerY)] {
      canvas.addRectangle(x: x, y: y, width: cornerX, height: cornerY)
    }
    // The corner is a line already, so each period begins with its gap.
    forLines(horizontal) { canvas.addRectangle(x: $0, y: 0, width: $1, height: height) }
    forLines(vertical) { canvas.addRectangle(x: 0, y: $0, width: width, height: $1) }
    canvas.clipToPath()
  }

  private func forLines(_ axis: Axis, _ body: (_ start: Double, _ length: Double) -> Void) {
    var position = axis.corner
    for (index, length) in axis.dashes.reversed().enumerated() {
      if index % 2 == 1 { body(Double(position), Double(length)) }
      position += length
    }
  }
}
