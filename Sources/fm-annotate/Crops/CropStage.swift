import FaceDrawing
import FilterTool
import FrameMedia
import FrameStream
import SystemIO

/// Writes each face of a stream as a picture of its own, and a table of them.
final class CropStage: Stage {
  private let destination: Destination
  private let name: NumberedName
  private let manifest: CropManifest
  private let margin: Double
  private let size: Int?
  private let findings: FaceFindings?
  private let isRaw: Bool
  private let privateParts: PrivateParts
  private var header = StreamHeader()
  private var count = 0
  private var outsideCount = 0
  private var tally = FaceTally()

  /// - Throws: ``Failure``: `usage` if the destination is not a numbered sequence of pictures.
  init(
    _ options: CropOptions, _ destination: Destination, findings: FaceFindings?, isRaw: Bool,
    leavingOut privateParts: PrivateParts, _ tool: Tool
  ) throws(Failure) {
    guard destination.isSequence, let name = NumberedName(destination.name) else {
      throw Failure(
        .usage, step: "--crops", subject: destination.name,
        cause: "the name must be that of numbered pictures, such as faces/%05d.png")
    }
    self.destination = destination
    self.name = name
    self.findings = findings
    self.isRaw = isRaw
    self.privateParts = privateParts
    margin = options.margin ?? 0
    size = options.size
    let folder = FilePath.folder(of: name.path(1))
    manifest = try CropManifest(
      path: folder.map { FilePath.join($0, "manifest.csv") } ?? "manifest.csv", tool)
  }

  var interruption: Failure? { findings?.interruption }
  var entersHistory: Bool { false }

  func begin(_ header: StreamHeader) throws(Failure) -> StreamHeader {
    try findings?.beginStream(header)
    self.header = header
    return privateParts.records(header)
  }

  func process(_ frame: Record) throws(Failure) {
    try findings?.merge(into: frame)
    tally.add(frame)
    let marks = try frame.marks(isRaw: isRaw)
    if marks.isEmpty { return }
    let source = try PictureSource(frame, in: header, "to cut from")
    let origin = FrameOrigin(frame, in: header)
    for mark in marks {
      let picture = FaceCrop.picture(
        of: mark, in: source, margin: margin, size: size, aspect: header.video?.pixelShape ?? 1)
      guard let (bytes, layout) = picture else {
        outsideCount += 1
        continue
      }
      try destination.write(picture: bytes, layout: layout, number: count)
      count += 1
      try manifest.add(
        mark, name: FilePath.lastComponent(name.path(count)), frame: frame.sequence, origin: origin,
        truth: frame.label)
    }
  }

  func finish() throws(Failure) {
    try findings?.finish()
    guard count > 0 else {
      throw Failure(
        .badInput, step: "no face is written", subject: destination.name,
        cause: outsideCount > 0
          ? "no face lies in its picture" : tally.shortcoming ?? "the stream has no pictures")
    }
    try destination.finish()
    try manifest.finish()
    if outsideCount > 0 {
      destination.diagnostics.warn(
        "\(destination.name): faces left out because they lie outside their picture: \(outsideCount)")
    }
    if tally.classified == 0, let remark = tally.shortcoming {
      destination.diagnostics.warn("\(destination.name): \(remark)")
    }
  }
}
