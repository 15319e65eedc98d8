import FaceDrawing
import FilterTool
import FrameMedia
import FrameStream
import SystemIO

/// Gathers the faces of a stream on contact sheets.
final class SheetStage: Stage {
  private let grid: SheetGrid
  private let destination: Destination
  private let style: DrawingStyle
  private let findings: FaceFindings?
  private let isRaw: Bool
  private var video: VideoDescription?
  private var sheet: ContactSheet?
  private var sheetsWritten = 0
  private var facesLeftOut = 0
  private var tally = FaceTally()

  init(
    _ grid: SheetGrid, _ destination: Destination, style: DrawingStyle, findings: FaceFindings?,
    isRaw: Bool = false
  ) {
    self.isRaw = isRaw
    self.grid = grid
    self.destination = destination
    self.style = style
    self.findings = findings
  }

  var interruption: Failure? { findings?.interruption }
  var entersHistory: Bool { false }

  func begin(_ header: StreamHeader) throws(Failure) -> StreamHeader {
    try findings?.beginStream(header)
    video = header.video
    if sheet == nil, header.video != nil {
      sheet = try ContactSheet(
        columns: grid.columns, rows: grid.rows, style: style,
        sampleAspectRatio: header.video?.sampleAspectRatio)
    }
    return header
  }

  func process(_ frame: Record) throws(Failure) {
    try findings?.merge(into: frame)
    tally.add(frame)
    guard let sheet else { return }
    let marks = try frame.marks(isRaw: isRaw)
    if marks.isEmpty { return }
    guard let layout = frame.layout, frame.hasPixels else {
      throw Failure(
        .badInput, step: "no pixels to show",
        cause: "the frame has no payload (was --no-pixels used before this tool?)")
    }
    for mark in marks {
      if sheet.isFull {
        guard destination.isSequence else {
          facesLeftOut += 1
          continue
        }
        try write(sheet)
        sheet.removeAll()
      }
      sheet.add(
        mark, layout: layout, base: UnsafePointer(frame.payload.base),
        colorRange: frame.colorRange(in: video),
        colorSpace: video?.colorSpace)
    }
  }

  func finish() throws(Failure) {
    try findings?.finish()
    if let sheet, sheet.count > 0 || sheetsWritten == 0 { try write(sheet) }
    if facesLeftOut > 0 {
      destination.diagnostics.warn(
        "\(destination.name): the sheet is full, \(facesLeftOut) faces are left out (a name with %d makes several sheets)"
      )
    }
    try destination.finish()
    if let remark = tally.shortcoming { destination.diagnostics.warn("\(destination.name): \(remark)") }
  }

  private func write(_ sheet: ContactSheet) throws(Failure) {
    let (bytes, layout) = sheet.picture()
    let description = VideoDescription(
      width: layout.width, height: layout.height, pixelFormat: layout.format, timeBase: Rational(1, 25),
      frameRate: Rational(25, 1), sampleAspectRatio: Rational(1, 1), colorRange: .pc)
    let media = try destination.media(description, tracks: [])
    destination.hasPicture = true
    let sheetNumber = sheetsWritten
    sheetsWritten += 1
    let failure = bytes.withUnsafeBufferPointer { bytes -> Failure? in
      guard let base = bytes.baseAddress else { return nil }
      do throws(Failure) {
        try media.write(frame: base, layout: layout, pts: sheetNumber, duration: 1)
      } catch { return error }
      return nil
    }
    if let failure { throw failure }
  }
}
