import Drawing
import FrameStream
import TextTables

/// The classes with their colors and first letters, in a corner of the picture.
struct Legend: Hashable {
  /// First letters, name and look of each class.
  struct Entry: Hashable {
    let initial: String
    let name: String
    let appearance: MarkAppearance
  }

  let entries: [Entry]
  /// The em in rows.
  let textSize: Double
  /// Width to height of one pixel.
  let aspect: Double
  /// The largest that it may be, in pixels.
  let maximumWidth: Int
  let maximumHeight: Int

  /// Classes that a legend shows at most.
  static let mostEntries = 16

  init(_ initials: ClassInitials, textSize: Double, aspect: Double, layout: PictureLayout) {
    entries = initials.names.prefix(Self.mostEntries).enumerated().map { index, name in
      Entry(
        initial: initials.of(name), name: LabelText.of(expression: name, percentage: nil),
        appearance: .of(expression: name, classIndex: index))
    }
    self.textSize = textSize
    self.aspect = aspect
    maximumWidth = layout.width / 2
    maximumHeight = layout.height
  }

  /// Draws it; nil if there is no room or no memory.
  func canvas(typesetter: Typesetter) -> CairoCanvas? {
    guard !entries.isEmpty else { return nil }
    let padding = (textSize * 0.4).rounded()
    let line = (textSize * 1.4).rounded()
    let room = Double(maximumWidth) * aspect
    let texts = entries.map { $0.initial + "\u{A0} " + TextDirection.leftToRight($0.name) }
    let widths = texts.map {
      typesetter.set($0, size: textSize, width: max(textSize, room - line - 3 * padding)).width
    }
    let width = ((widths.max() ?? 0) + line + 3 * padding).rounded(.up)
    let height = Double(entries.count) * line + 2 * padding
    guard width <= room, height <= Double(maximumHeight),
      let canvas = CairoCanvas(width: Int((width / aspect).rounded(.up)), height: Int(height))
    else { return nil }
    canvas.scale(x: Double(canvas.width) / width, y: 1)
    canvas.addRoundedRectangle(
      x: 0, y: 0, width: width, height: height, radiusX: padding / 2, radiusY: padding / 2)
    canvas.setColor(.black, alpha: 0.7)
    canvas.fillPath()
    for (index, entry) in entries.enumerated() {
      let y = padding + Double(index) * line
      let swatch = (line * 0.6).rounded()
      canvas.setColor(.white)
      canvas.fill(x: padding - 1, y: y + (line - swatch) / 2 - 1, width: swatch + 2, height: swatch + 2)
      canvas.setColor(entry.appearance.color)
      canvas.fill(x: padding, y: y + (line - swatch) / 2, width: swatch, height: swatch)
      let extent = typesetter.set(texts[index], size: textSize, width: room - line - 3 * padding)
      canvas.setColor(.white)
      typesetter.draw(on: canvas, x: line + 2 * padding, y: y + (line - extent.height) / 2)
    }
    return canvas
  }

  /// The corner that shows most of the faces, the lower left one first.
  static func corner(
    width: Int, height: Int, in picture: PixelRectangle, faces: [PixelRectangle]
  ) -> PixelRectangle {
    let places = [false, true].flatMap { isUpper in
      [false, true].map { isRight in
        PixelRectangle(
          x: isRight ? picture.maxX - width : picture.x, y: isUpper ? picture.y : picture.maxY - height,
          width: width, height: height)
      }
    }
    func covered(_ place: PixelRectangle) -> Double {
      faces.reduce(0) { $0 + (place.intersection($1)?.area ?? 0) }
    }
    return places.min { covered($0) < covered($1) } ?? picture
  }
}
