import CPangoCairo
import TextTables

/// A sheet for charts, as pixels or as an SVG document: lines, areas, text and pictures in units of 1/96 inch, origin
/// top left.
package final class FigureCanvas {
  /// Where a text's given point lies in it.
  package enum Alignment: Sendable {
    /// At its left or upper end.
    case start
    /// In its middle.
    case middle
    /// At its right or lower end.
    case end
  }

  /// Units from the left to the right edge.
  package let width: Double
  /// Units from the upper to the lower edge.
  package let height: Double
  private let canvas: CairoCanvas
  private let regular: Typesetter
  private let bold: Typesetter

  /// White paper in memory, `scale` pixels a unit. Nil if there is no memory, no font, or the size is beyond
  /// Cairo's 32,767 pixels a side.
  package convenience init?(width: Int, height: Int, scale: Int) {
    let (columns, overflow) = width.multipliedReportingOverflow(by: scale)
    let (rows, overflow2) = height.multipliedReportingOverflow(by: scale)
    guard !overflow, !overflow2, let canvas = CairoCanvas(width: columns, height: rows) else { return nil }
    cairo_scale(canvas.context, Double(scale), Double(scale))
    self.init(canvas, width: width, height: height)
  }

  /// White paper in an SVG document.
  package convenience init?(svgWidth width: Int, height: Int) {
    guard let canvas = CairoCanvas(svgWidth: width, height: height) else { return nil }
    self.init(canvas, width: width, height: height)
  }

  private init?(_ canvas: CairoCanvas, width: Int, height: Int) {
    guard let regular = Typesetter(font: "Sans"), let bold = Typesetter(font: "Sans Bold") else { return nil }
    self.canvas = canvas
    self.regular = regular
    self.bold = bold
    self.width = Double(width)
    self.height = Double(height)
    fill(x: 0, y: 0, width: self.width, height: self.height, .white)
  }

  /// What was drawn as a PNG file; nil if memory ran out.
  package func png() -> [UInt8]? { canvas.png() }

  /// What was drawn as an SVG document; nil if memory ran out. Nothing can be drawn after it.
  package func svg() -> [UInt8]? { canvas.svg().map(SVGDocument.withStableNames) }

  // MARK: Lines and areas

  /// Fills a rectangle.
  package func fill(
    x: Double, y: Double, width: Double, height: Double, _ color: Color, alpha: Double = 1
  ) {
    canvas.setColor(color, alpha: alpha)
    canvas.fill(x: x, y: y, width: width, height: height)
  }

  /// Draws the outline of a rectangle.
  package func outline(
    x: Double, y: Double, width: Double, height: Double, _ color: Color, lineWidth: Double = 1
  ) {
    canvas.setColor(color)
    cairo_set_line_width(canvas.context, lineWidth)
    cairo_set_dash(canvas.context, nil, 0, 0)
    cairo_rectangle(canvas.context, x, y, width, height)
    cairo_stroke(canvas.context)
  }

  /// A line through points.
  /// - Parameter dashes: lengths of line and gap in turn, in line widths; empty for a solid line.
  package func line(
    _ points: [(x: Double, y: Double)], _ color: Color, width: Double = 1, dashes: [Double] = [],
    alpha: Double = 1
  ) {
    guard let first = points.first, points.count > 1 else { return }
    let context = canvas.context
    canvas.setColor(color, alpha: alpha)
    cairo_set_line_width(context, width)
    cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
    cairo_set_line_cap(context, CAIRO_LINE_CAP_BUTT)
    cairo_set_dash(context, dashes.map { $0 * width }, Int32(dashes.count), 0)
    cairo_move_to(context, first.x, first.y)
    for point in points.dropFirst() { cairo_line_to(context, point.x, point.y) }
    cairo_stroke(context)
    cairo_set_dash(context, nil, 0, 0)
  }

  /// A disc with a rim in another color.
  package func dot(
    x: Double, y: Double, radius: Double, _ color: Color, rim: Color? = nil, alpha: Double = 1
  ) {
    let context = canvas.context
    cairo_new_sub_path(context)
    cairo_arc(context, x, y, radius, 0, 2 * .pi)
    canvas.setColor(color, alpha: alpha)
    if let rim {
      cairo_fill_preserve(context)
      canvas.setColor(rim)
      cairo_set_line_width(context, 1.5)
      cairo_set_dash(context, nil, 0, 0)
      cairo_stroke(context)
    } else {
      cairo_fill(context)
    }
  }

  /// Runs `body` with drawing limited to a rectangle.
  package func clipped(x: Double, y: Double, width: Double, height: Double, _ body: () -> Void) {
    cairo_save(canvas.context)
    cairo_rectangle(canvas.context, x, y, width, height)
    cairo_clip(canvas.context)
    body()
    cairo_restore(canvas.context)
  }

  // MARK: Text

  /// The width of a line of text, in units.
  package func textWidth(_ text: String, size: Double, isBold: Bool = false) -> Double {
    (isBold ? bold : regular).set(SingleLine.text(text, limit: 400), size: size, width: .infinity).width
  }

  /// One line of text; control characters and changes of direction in it show as U+FFFD.
  /// - Parameters:
  ///   - horizontal: where (`x`, `y`) lies along the line.
  ///   - vertical: the same across it: its top, its middle or its bottom.
  ///   - maximumWidth: a longer text loses its middle.
  ///   - angle: degrees, clockwise, around (`x`, `y`).
  package func text(
    _ text: String, x: Double, y: Double, size: Double, _ color: Color = Color(0x222222),
    isBold: Bool = false,
    horizontal: Alignment = .start, vertical: Alignment = .middle, maximumWidth: Double = .infinity,
    angle: Double = 0
  ) {
    let typesetter = isBold ? bold : regular
    let text = SingleLine.text(text, limit: 400)
    guard !text.isEmpty, maximumWidth > 0 else { return }
    let extent = typesetter.set(text, size: size, width: maximumWidth)
    let shiftX = horizontal == .start ? 0 : horizontal == .middle ? -extent.width / 2 : -extent.width
    let shiftY = vertical == .start ? 0 : vertical == .middle ? -extent.height / 2 : -extent.height
    canvas.setColor(color)
    cairo_save(canvas.context)
    cairo_translate(canvas.context, x, y)
    if angle != 0 { cairo_rotate(canvas.context, angle * .pi / 180) }
    typesetter.draw(on: canvas, x: shiftX, y: shiftY)
    cairo_restore(canvas.context)
  }

  // MARK: Pictures

  /// A picture of `channels` (1 gray, 3 RGB) bytes a pixel, scaled into a rectangle.
  package func picture(
    _ pixels: [UInt8], columns: Int, rows: Int, channels: Int, x: Double, y: Double, width: Double,
    height: Double
  ) {
    guard pixels.count >= columns * rows * channels,
      let picture = CairoCanvas(width: columns, height: rows)
    else { return }
    picture.withRows { row, line in
      for column in 0..<columns {
        let start = (row * columns + column) * channels
        let red = UInt32(pixels[start])
        let green = channels == 3 ? UInt32(pixels[start + 1]) : red
        let blue = channels == 3 ? UInt32(pixels[start + 2]) : red
        line[column] = 0xFF00_0000 | red << 16 | green << 8 | blue
      }
    }
    canvas.draw(picture, x: x, y: y, width: width, height: height)
  }
}
