import Drawing
import FrameStream
import SystemIO

/// A sheet of faces cut from frames, or of whole frames: square cells in rows, each picture framed in its class's color
/// with its label underneath, as one rgb24 picture.
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
    let note: Int
    var pitchX: Int { face + gap }
    var pitchY: Int { face + caption + note + gap }
  }

  /// - Parameters:
  ///   - cellSize: side of a face's square, 16 to 2048 pixels.
  ///   - sampleAspectRatio: width to height of a pixel in the frames; the sheet's own are square.
  ///   - hasNotes: whether a line below each label says where the picture is from.
  /// - Throws: ``Failure`` if the grid has no cell or its picture would be larger than a stream's frame may be.
  package init(
    columns: Int, rows: Int, cellSize: Int = 192, style: DrawingStyle = DrawingStyle(),
    background: Background = .white, sampleAspectRatio: Rational? = nil,
    hasNotes: Bool = false
  ) throws(Failure) {
    guard columns > 0, rows > 0, columns <= 1000, rows <= 1000, (16...2048).contains(cellSize) else {
      throw Failure(
        .usage, step: "contact sheet",
        cause:
          "\(columns)x\(rows) cells of \(cellSize) pixels; 1 to 1000 each way, of 16 to 2048, are possible")
    }
    geometry = Geometry(
      face: cellSize, gap: max(4, cellSize / 16), frame: max(2, cellSize / 48),
      caption: style.drawsLabels ? max(16, cellSize / 6) : 0, note: hasNotes ? max(12, cellSize / 9) : 0)
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
    guard !isFull,
      let cell = cell(
        mark,
        of: PictureSource(layout: layout, base: base, colorRange: colorRange, colorSpace: colorSpace))
    else { return false }
    return add(cell)
  }

  /// The face at `mark`, with a tenth of the box added on every side, for ``add(_:)``; nil if nothing of the box is in
  /// the picture.
  /// - Parameters:
  ///   - truth: the class that the picture is known to show; nil if nobody knows.
  ///   - note: where it is from.
  package func cell(
    _ mark: FaceMark, of source: PictureSource, truth: String? = nil, note: String = ""
  ) -> SheetCell? {
    let picture = source.layout.bounds
    guard let box = mark.rectangle, box.intersection(picture) != nil,
      let area = box.expanded(horizontally: box.width / 10, vertically: box.height / 10).intersection(picture)
    else { return nil }
    return cell(area, mark, of: source, truth: truth, note: note)
  }

  /// A whole frame, labeled as `mark`, for ``add(_:)``; nil if there is no memory for it.
  /// - Parameters:
  ///   - mark: the face that the label is about; nil for a frame without any.
  ///   - truth: the class that the picture is known to show; nil if nobody knows.
  ///   - note: where it is from.
  package func cell(
    wholeOf source: PictureSource, _ mark: FaceMark?, truth: String? = nil, note: String = ""
  ) -> SheetCell? {
    cell(
      source.layout.bounds, mark ?? FaceMark(box: source.layout.bounds), of: source, truth: truth, note: note)
  }

  private func cell(
    _ area: PixelRectangle, _ mark: FaceMark, of source: PictureSource, truth: String?, note: String
  ) -> SheetCell? {
    guard let picture = source.crop.canvas(of: area, largestSide: geometry.face) else { return nil }
    return SheetCell(
      picture: picture, size: (area.width, area.height), appearance: mark.appearance,
      text: text(of: mark, truth: truth),
      truth: truth.map {
        (
          LabelText.of(expression: $0, percentage: nil), .of(expression: $0, classIndex: nil),
          $0 == mark.expression
        )
      }, note: LabelText.of(expression: note, percentage: nil))
  }

  /// The label; of a class that is said beside it already, only the percentage.
  private func text(of mark: FaceMark, truth: String?) -> String {
    if mark.expression == nil, mark.person == nil { return "" }
    guard let truth, truth == mark.expression else { return mark.text }
    return LabelText.of(person: mark.person, expression: "", percentage: mark.percentage)
  }

  /// Puts a picture on the next free cell; false if the sheet is full.
  @discardableResult
  package func add(_ cell: SheetCell) -> Bool {
    guard !isFull else { return false }
    let x = Double(geometry.gap + count % columns * geometry.pitchX)
    let y = Double(geometry.gap + count / columns * geometry.pitchY)
    draw(cell, x: x, y: y)
    drawCaption(of: cell, x: x, y: y + Double(geometry.face))
    drawNote(cell.note, x: x, y: y + Double(geometry.face + geometry.caption))
    count += 1
    return true
  }

  /// The sheet as it is now, packed rgb24; cells without a face show the background.
  package func picture() -> (bytes: [UInt8], layout: PictureLayout) {
    (canvas.packedRGB(layout), layout)
  }

  /// A picture in its square, its shape kept, inside a frame of the class's color, or of what tells right from wrong.
  private func draw(_ cell: SheetCell, x: Double, y: Double) {
    let side = Double(geometry.face)
    canvas.setColor(cell.truth.map { $0.isRight ? Self.right : Self.wrong } ?? cell.appearance.color)
    canvas.fill(x: x, y: y, width: side, height: side)
    let line = Double(geometry.frame)
    let inner = side - 2 * line
    canvas.setColor(.black)
    canvas.fill(x: x + line, y: y + line, width: inner, height: inner)
    let shownWidth = Double(cell.size.width) * sampleAspectRatio
    let scale = inner / max(shownWidth, Double(cell.size.height))
    let width = max(1, (shownWidth * scale).rounded())
    let height = max(1, (Double(cell.size.height) * scale).rounded())
    canvas.draw(
      cell.picture, x: (x + line + (inner - width) / 2).rounded(),
      y: (y + line + (inner - height) / 2).rounded(), width: width, height: height)
  }

  /// Okabe and Ito's bluish green and vermilion.
  private static let right = Color(0x009E73)
  private static let wrong = Color(0xD55E00)

  /// The label under a picture, on a bar of the class's color; left of it the true class, if it is known.
  private func drawCaption(of cell: SheetCell, x: Double, y: Double) {
    guard style.drawsLabels else { return }
    let (side, height) = (Double(geometry.face), Double(geometry.caption))
    guard let truth = cell.truth else {
      return draw(cell.text, on: cell.appearance.color, x: x, y: y, width: side, height: height)
    }
    // Two classes in the room of one: smaller letters rather than shorter names.
    let split = (side * 0.4).rounded()
    draw(
      truth.text, on: truth.appearance.color, x: x, y: y, width: split, height: height, smallest: 0.5)
    draw(
      cell.text.isEmpty ? "" : (truth.isRight ? "= " : "≠ ") + cell.text, on: cell.appearance.color,
      x: x + split, y: y, width: side - split, height: height, smallest: 0.5)
  }

  /// Where a picture is from, on the sheet's own ground.
  private func drawNote(_ note: String, x: Double, y: Double) {
    guard geometry.note > 0 else { return }
    draw(
      note, on: background.color, x: x, y: y, width: Double(geometry.face), height: Double(geometry.note))
  }

  /// One line of text in the middle of a bar; smaller or shortened where it has no room.
  private func draw(
    _ text: String, on color: Color, x: Double, y: Double, width: Double, height: Double,
    smallest: Double = 0.7
  ) {
    canvas.setColor(color)
    canvas.fill(x: x, y: y, width: width, height: height)
    guard !text.isEmpty, let typesetter else { return }
    let margin = Double(geometry.frame) * 2
    let (size, room) = ((height * 0.66).rounded(), width - 2 * margin)
    guard room > 0 else { return }
    var extent = typesetter.set(text, size: size, width: .infinity)
    if extent.width > room {
      // Smaller text is better than less text.
      extent = typesetter.set(text, size: size * max(smallest, room / extent.width * 0.99), width: room)
    }
    canvas.withSavedState {
      canvas.addRectangle(x: x, y: y, width: width, height: height)
      canvas.clipToPath()
      canvas.setColor(color.contrasting)
      typesetter.draw(
        on: canvas, x: (x + (width - extent.width) / 2).rounded(), y: y + (height - extent.height) / 2)
    }
  }
}
