import Drawing

/// What distinguishes one label's drawing from another's.
struct Label: Hashable {
  /// The person's number; nil draws none.
  var person: Int?
  var expression: String
  /// Nil draws the name alone.
  var percentage: Int?
  var appearance: MarkAppearance
  /// Whether it says something that is not sure: drawn fainter.
  var isFaint = false
  /// The em in rows.
  var textSize: Double
  /// Width to height of one pixel.
  var aspect: Double
  /// The widest that the label may be, in columns.
  var maximumWidth: Int

  /// Draws it: text on an opaque backing of the class's color; nil if there is no room or no memory.
  func canvas(typesetter: Typesetter) -> CairoCanvas? {
    let edge = max(1, (textSize / 20).rounded())
    let paddingX = (textSize * 0.35).rounded() + edge
    let paddingY = (textSize * 0.08).rounded() + edge
    let room = Double(maximumWidth) * aspect - 2 * paddingX
    guard room >= textSize else { return nil }
    // Eighteen ems hold any class name; what is longer is cut in its middle, the percentage staying.
    let text = LabelText.of(person: person, expression: expression, percentage: percentage)
    guard !text.isEmpty else { return nil }
    let extent = typesetter.set(text, size: textSize, width: min(room, textSize * 18))
    guard extent.width > 0, extent.height > 0 else { return nil }
    // A line is higher than its font only where scripts are stacked without end.
    let lineHeight = min(extent.height, textSize * 2.5).rounded(.up)
    let width = (extent.width + 2 * paddingX).rounded(.up)
    let height = lineHeight + 2 * paddingY
    let columns = min(Int((width / aspect).rounded(.up)), maximumWidth)
    guard let canvas = CairoCanvas(width: columns, height: Int(height)) else { return nil }

    canvas.scale(x: Double(columns) / width, y: 1)
    canvas.grouped(opacity: isFaint ? 0.6 : 1) {
      draw(text, typesetter, on: canvas, width: width, height: height, edge, paddingX, paddingY)
    }
    return canvas
  }

  private func draw(
    _ text: String, _ typesetter: Typesetter, on canvas: CairoCanvas, width: Double, height: Double,
    _ edge: Double, _ paddingX: Double, _ paddingY: Double
  ) {
    let radius = (textSize * 0.2).rounded()
    canvas.addRoundedRectangle(x: 0, y: 0, width: width, height: height, radiusX: radius, radiusY: radius)
    canvas.setColor(appearance.color.contrasting, alpha: 0.8)
    canvas.fillPath()
    canvas.addRoundedRectangle(
      x: edge, y: edge, width: width - 2 * edge, height: height - 2 * edge, radiusX: radius - edge,
      radiusY: radius - edge)
    canvas.setColor(appearance.color)
    canvas.fillPath(keepingPath: true)
    canvas.clipToPath()
    canvas.setColor(appearance.color.contrasting)
    typesetter.draw(on: canvas, x: paddingX, y: paddingY)
  }
}
