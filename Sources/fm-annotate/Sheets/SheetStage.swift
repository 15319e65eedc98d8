import FaceDrawing
import FilterTool
import FrameMedia
import FrameStream
import SystemIO

/// Gathers the faces of a stream, or its frames, on contact sheets.
final class SheetStage: Stage {
  private let grid: SheetGrid
  private let content: SheetContent
  private let interval: Double?
  private let destination: Destination
  private let style: DrawingStyle
  private let findings: FaceFindings?
  private let isRaw: Bool
  private let privateParts: PrivateParts
  private var header = StreamHeader()
  private var sheet: ContactSheet?
  private var annotators = StreamAnnotators()
  /// What one sheet shows of all that come; nil if there are as many sheets as needed.
  private var selection: SheetSelection<SheetCell>?
  private var sheetsWritten = 0
  /// When the last frame that counts was shown.
  private var lastTime: Double?
  private var tally = FaceTally()
  /// Faces that lie outside their picture.
  private var outsideCount = 0

  init(
    _ grid: SheetGrid, _ options: SheetOptions, _ destination: Destination, style: DrawingStyle,
    findings: FaceFindings?, isRaw: Bool, leavingOut privateParts: PrivateParts
  ) throws(Failure) {
    self.isRaw = isRaw
    self.privateParts = privateParts
    self.grid = grid
    content = options.sheetOf
    interval = options.sheetEvery
    self.destination = destination
    self.style = style
    self.findings = findings
    if destination.isSequence {
      guard options.sheetOrder == .time else {
        throw Failure(
          .usage, step: "--sheet-order \(options.sheetOrder.rawValue)", subject: destination.name,
          cause: "it chooses faces for one sheet: the name must be one without %d")
      }
    } else {
      selection = SheetSelection(options.sheetOrder, capacity: grid.columns * grid.rows)
    }
  }

  var interruption: Failure? { findings?.interruption }
  var entersHistory: Bool { false }

  func begin(_ header: StreamHeader) throws(Failure) -> StreamHeader {
    try findings?.beginStream(header)
    self.header = header
    annotators.removeAll()
    lastTime = nil
    if sheet == nil, header.video != nil {
      sheet = try ContactSheet(
        columns: grid.columns, rows: grid.rows, style: style,
        sampleAspectRatio: header.video?.sampleAspectRatio, hasNotes: true)
    }
    return privateParts.records(header)
  }

  func process(_ frame: Record) throws(Failure) {
    try findings?.merge(into: frame)
    tally.add(frame)
    guard let sheet else { return }
    let marks = try frame.marks(isRaw: isRaw)
    if marks.isEmpty, content == .faces { return }
    if frame.source == nil, let interval {
      let time = header.timeBase.seconds(frame.presentationTime)
      if let lastTime, time >= lastTime, time - lastTime < interval { return }
      lastTime = time
    }
    let source = try PictureSource(frame, in: header, "to show")
    let (truth, note) = (frame.label, FrameOrigin(frame, in: header).text)
    switch content {
    case .faces:
      for mark in marks {
        guard mark.box.intersection(source.layout.bounds) != nil else {
          outsideCount += 1
          continue
        }
        try add(mark) { sheet.cell(mark, of: source, truth: truth, note: note) }
      }
    case .frames:
      // The largest face is what the frame is labeled for.
      let main = marks.max { $0.box.area < $1.box.area }
      var isDrawn = false
      try add(main) {
        if !isDrawn, style.drawsBoxes, !marks.isEmpty, let video = header.video {
          let boxes = DrawingStyle(font: style.font, drawsBoxes: true, drawsLabels: false)
          annotators.annotator(boxes, source.colorRange, video)
            .draw(marks, layout: source.layout, base: frame.payload.base)
          isDrawn = true
        }
        return sheet.cell(wholeOf: source, main, truth: truth, note: note)
      }
    }
  }

  /// Puts a cell on the sheet, or among those from which it is chosen.
  private func add(_ mark: FaceMark?, _ make: () -> SheetCell?) throws(Failure) {
    if selection != nil {
      selection?.offer(person: mark?.person, confidence: mark?.confidence, make)
      return
    }
    guard let sheet, let cell = make() else { return }
    if sheet.isFull {
      try write(sheet)
      sheet.removeAll()
    }
    sheet.add(cell)
  }

  func finish() throws(Failure) {
    try findings?.finish()
    if let selection, let sheet {
      let chosen = selection.chosen
      for cell in chosen { sheet.add(cell) }
      let left = selection.offered - chosen.count
      if left > 0 {
        destination.diagnostics.warn(
          "\(destination.name): \(left) of \(selection.offered) \(content.rawValue) are left out "
            + "(a name with %d makes as many sheets as all need)")
      }
    }
    if let sheet, sheet.count > 0 { try write(sheet) }
    guard sheetsWritten > 0 else {
      throw Failure(
        .badInput, step: "no sheet is written", subject: destination.name,
        cause: outsideCount > 0
          ? "no face lies in its picture" : tally.shortcoming ?? "the stream has no pictures")
    }
    try destination.finish()
    if outsideCount > 0 {
      destination.diagnostics.warn(
        "\(destination.name): faces left out because they lie outside their picture: \(outsideCount)")
    }
    if let remark = tally.shortcoming { destination.diagnostics.warn("\(destination.name): \(remark)") }
  }

  private func write(_ sheet: ContactSheet) throws(Failure) {
    let (bytes, layout) = sheet.picture()
    try destination.write(picture: bytes, layout: layout, number: sheetsWritten)
    sheetsWritten += 1
  }
}
