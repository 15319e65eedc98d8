import Drawing
import TextTables

/// One picture of a sheet with its caption.
struct SheetCell {
  let canvas: FigureCanvas
  let x: Double
  let y: Double
  /// Of the square that the picture is shown in.
  let side: Double

  /// The picture in the middle of its square, its shape kept.
  func draw(_ picture: FacePicture?, frame: Color? = nil) {
    canvas.fill(x: x, y: y, width: side, height: side, PlotStyle.placeholder)
    if let picture {
      let scale = side / Double(max(picture.width, picture.height))
      let (width, height) = (Double(picture.width) * scale, Double(picture.height) * scale)
      canvas.picture(
        picture.pixels, columns: picture.width, rows: picture.height, channels: picture.channels,
        x: x + (side - width) / 2, y: y + (side - height) / 2, width: width, height: height)
    }
    if let frame {
      canvas.outline(x: x - 1, y: y - 1, width: side + 2, height: side + 2, frame, lineWidth: 3)
    }
  }

  /// A line under the picture: a word, a class name that is cut if it is too long, a number.
  func caption(
    _ word: String, _ name: String, _ number: String, line: Int, _ color: Color, isBold: Bool = true
  ) {
    let size = 11.5
    let y = y + side + 12 + Double(line) * 16
    let wordWidth = word.isEmpty ? 0 : canvas.textWidth(word, size: size) + 5
    let numberWidth = number.isEmpty ? 0 : canvas.textWidth(number, size: size) + 5
    canvas.text(word, x: x, y: y, size: size, PlotStyle.muted)
    let room = side - wordWidth - numberWidth
    let nameWidth = min(canvas.textWidth(name, size: size, isBold: isBold), room)
    canvas.text(name, x: x + wordWidth, y: y, size: size, color, isBold: isBold, maximumWidth: room)
    canvas.text(
      number, x: x + wordWidth + nameWidth + 5, y: y, size: size, PlotStyle.muted)
  }

  /// A small line under the others.
  /// - Parameter line: How many lines are above it.
  func note(_ text: String, line: Int = 2) {
    // A path reads from left to right, whatever its folders are called in.
    canvas.text(
      TextDirection.leftToRight(text), x: x, y: y + side + 11 + Double(line) * 16, size: 9, PlotStyle.muted,
      maximumWidth: side)
  }
}
