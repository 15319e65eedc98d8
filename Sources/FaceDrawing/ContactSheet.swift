import Drawing
import FrameStream
import SystemIO

/// A sheet of faces cut from frames: square cells in rows, each face framed in its class's color with its
/// label underneath, as one rgb24 picture.
package final class ContactSheet {
  /// What the faces lie on.
  package enum Background: Sendable {
    /// White paper.
    case white
    /// A dark gray.
    case dark

    var color: Color { Color(self == .white ? 0xFFFFFF : 0x202020) }
  }

  /// Cells in a row.
  package let columns: Int
  /// Rows of cells.
  package let rows: Int
  /// Faces on the sheet now.
  package private(set) var count = 0

  private let geometry: Geometry
  private let layout: PictureLayout
  private let canvas: CairoCanvas
  private let style: DrawingStyle
  private let background: Background
  private let sampleAspectRatio: Double
  private lazy var typesetter: Typesetter? = Typesetter(font: style.font)

  /// Measures of the sheet in pixels.
  private struct Geometry {
    let face: Int
    let gap: Int
    let frame: Int
    let caption: Int
    var pitchX: Int { face + gap }
    var pitchY: Int { face + caption + gap }
  }

  /// - Parameters:
  ///   - cellSize: side of a face's square, 16 to 2048 pixels.
  ///   - sampleAspectRatio: width to height of a pixel in the frames; the sheet's own are square.
  /// - Throws: ``Failure`` if the grid has no cell or its picture would be larger than a stream's frame may be.
  package init(
    columns: Int, rows: Int, cellSize: Int = 192, style: DrawingStyle = DrawingStyle(),
    background: Background = .white, sampleAspectRatio: Rational? = nil
  ) throws(Failure) {
    guard columns > 0, rows > 0, columns <= 1000, rows <= 1000, (16...2048).contains(cellSize) else {
      throw Failure(
        .usage, step: "contact sheet",
        cause:
          "\(columns)x\(rows) cells of \(cellSize) pixels; 1 to 1000 each way, of 16 to 2048, are possible")
    }
    geometry = Geometry(
      face: cellSize, gap: max(4, cellSize / 16), frame: max(2, cellSize / 48),
      caption: style.drawsLabels ? max(16, cellSize / 6) : 0)
    let width = columns * geometry.pitchX + geometry.gap
    let height = rows * geometry.pitchY + geometry.gap
    guard width <= 32_767, height <= 32_767,
      let layout = try? PictureLayout(.rgb24, width: width, height: height),
      let canvas = CairoCanvas(width: width, height: height)
    else {
      throw Failure(
        .usage, step: "contact sheet",
        cause:
          "\(columns)x\(rows) cells of \(cellSize) pixels make a picture of \(width)x\(height), too large")
    }
    self.columns = columns
    self.rows = rows
    self.layout = layout
    self.canvas = canvas
    self.style = style
    self.background = background
    let value = sampleAspectRatio?.value ?? 1
    self.sampleAspectRatio = value.isFinite && value > 0 ? min(max(value, 0.25), 4) : 1
    removeAll()
  }

  /// True if there is no cell left.
  package var isFull: Bool { count == columns * rows }

  /// Empties the sheet for the next faces.
  package func removeAll() {
    canvas.setColor(background.color)
    canvas.paint()
    count = 0
  }

  /// Puts the face at `mark` on the next free cell, with a tenth of the box added on every side.
  /// - Parameter base: the frame's packed picture.
  /// - Returns: false if the sheet is full or nothing of the box is in the picture.
  @discardableResult
  package func add(
    _ mark: FaceMark, layout: PictureLayout, base: UnsafePointer<UInt8>, colorRange: ColorRange,
    colorSpace: String? = nil
  ) -> Bool {
    let picture = layout.bounds
    guard !isFull, let box = mark.rectangle, box.intersection(picture) != nil,
      let area = box.expanded(horizontally: box.width / 10, vertically: box.height / 10).intersection(picture)
    else { return false }
    let matrix = ColorMatrix(layout: layout, range: colorRange, colorSpace: colorSpace)
    let crop = PictureCrop(layout: layout, base: base, matrix: matrix)
    guard let face = crop.canvas(of: area, largestSide: 4 * geometry.face) else { return false }
    let cell = (count % columns, count / columns)
    draw(
      face, of: area, appearance: .of(expression: mark.expression, classIndex: mark.classIndex),
      x: Double(geometry.gap + cell.0 * geometry.pitchX), y: Double(geometry.gap + cell.1 * geometry.pitchY))
    drawCaption(
      of: mark, x: Double(geometry.gap + cell.0 * geometry.pitchX),
      y: Double(geometry.gap + cell.1 * geometry.pitchY + geometry.face))
    count += 1
    return true
  }

  /// The sheet as it is now, packed rgb24; cells without a face show the background.
  package func picture() -> (bytes: [UInt8], layout: PictureLayout) {
    var bytes = [UInt8](repeating: 0, count: layout.byteCount)
    canvas.withRows { y, pixels in
      var position = y * layout.width * 3
      for pixel in pixels {
        bytes[position] = UInt8(pixel >> 16 & 0xFF)
        bytes[position + 1] = UInt8(pixel >> 8 & 0xFF)
        bytes[position + 2] = UInt8(pixel & 0xFF)
        position += 3
      }
    }
    return (bytes, layout)
  }

  /// A face in its square, its shape kept, inside a frame of the class's color.
  private func draw(
    _ face: CairoCanvas, of area: PixelRectangle, appearance: ClassAppearance, x: Double, y: Double
  ) {
    let side = Double(geometry.face)
    canvas.setColor(appearance.color)
    canvas.fill(x: x, y: y, width: side, height: side)
    let line = Double(geometry.frame)
    let inner = side - 2 * line
    canvas.setColor(.black)
    canvas.fill(x: x + line, y: y + line, width: inner, height: inner)
    let shownWidth = Double(area.width) * sampleAspectRatio
    let scale = inner / max(shownWidth, Double(area.height))
    let width = max(1, (shownWidth * scale).rounded())
    let height = max(1, (Double(area.height) * scale).rounded())
    canvas.draw(
      face, x: (x + line + (inner - width) / 2).rounded(), y: (y + line + (inner - height) / 2).rounded(),
      width: width, height: height)
  }

  /// The label under a face, on a bar of the class's color.
  private func drawCaption(of mark: FaceMark, x: Double, y: Double) {
    guard style.drawsLabels else { return }
    let appearance = ClassAppearance.of(expression: mark.expression, classIndex: mark.classIndex)
    let (width, height) = (Double(geometry.face), Double(geometry.caption))
    canvas.setColor(appearance.color)
    canvas.fill(x: x, y: y, width: width, height: height)
    guard let expression = mark.expression, let typesetter else { return }
    let text = LabelText.of(expression: expression, percentage: mark.percentage)
    let margin = Double(geometry.frame) * 2
    let (size, room) = ((height * 0.66).rounded(), width - 2 * margin)
    var extent = typesetter.set(text, size: size, width: .infinity)
    if extent.width > room {
      // Smaller text is better than less text.
      extent = typesetter.set(text, size: size * max(0.7, room / extent.width * 0.99), width: room)
    }
    canvas.withSavedState {
      canvas.addRectangle(x: x, y: y, width: width, height: height)
      canvas.clipToPath()
      canvas.setColor(appearance.color.contrasting)
      typesetter.draw(
        on: canvas, x: (x + (width - extent.width) / 2).rounded(), y: y + (height - extent.height) / 2)
    }
  }
}
