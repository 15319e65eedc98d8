import FaceDrawing
import FilterTool
import FrameMedia
import FrameStream
import SystemIO

/// Draws on every frame and encodes it; packets of other tracks go along.
final class AnnotationStage: Stage {
  private let destination: Destination
  private let style: DrawingStyle
  private let findings: FaceFindings?
  private var annotators: [ColorRange: FaceAnnotator] = [:]
  private var header = StreamHeader()
  private var timeline: Timeline
  private var hasWarnedOfFonts = false
  private var tally = FaceTally()
  /// Sound that comes before the first of very large pictures, and how many bytes it is.
  private var early: [(packet: MediaPacket, data: [UInt8])] = []
  private var earlyByteCount = 0

  /// Above this many pixels the encoder is opened only when a frame arrives: a bogus header must not allocate gigabytes.
  private static let largestPromise = 33e6
  private static let largestWait = 16 << 20

  init(_ destination: Destination, style: DrawingStyle, findings: FaceFindings?, keepsStart: Bool = false) {
    self.destination = destination
    timeline = Timeline(keepsStart: keepsStart)
    self.style = style
    self.findings = findings
  }

  var interruption: Failure? { findings?.interruption }

  func begin(_ header: StreamHeader) throws(Failure) -> StreamHeader {
    try findings?.beginStream(header)
    annotators = [:]
    try timeline.begin(header)
    self.header = header
    destination.begin(header, shift: timeline.expectedShift(header))
    // The output is made at once, so that an unsupported container or codec is reported before any work is done.
    // Attached files come first, and belong to its beginning.
    let hasAttachments = header.tracks.contains { $0.kind == "attachment" }
    if let video = header.video, !isUncertain(video), !hasAttachments {
      _ = try destination.media(video, tracks: header.tracks)
    }
    return header
  }

  func process(_ frame: Record) throws(Failure) {
    guard let video = header.video else {
      throw Failure(.badInput, step: "bad stream", cause: "its stream record has no \"video\"")
    }
    guard let layout = frame.layout, frame.hasPixels else {
      throw Failure(
        .badInput, step: "no pixels to draw on",
        cause: "the frame has no payload (was --no-pixels used before this tool?)")
    }
    let found = try findings.map { (findings) throws(Failure) in try findings.frame(frame) } ?? frame
    tally.add(found)
    if let found {
      let marks = try found.marks()
      if !marks.isEmpty {
        annotator(frame.colorRange(in: video), video).draw(marks, layout: layout, base: frame.payload.base)
      }
    }
    let time = try timeline.frame(pts: frame.presentationTime, duration: frame.duration)
    try writeEarly(video)
    destination.hasPicture = true
    try destination.media(video, tracks: header.tracks).write(
      frame: UnsafePointer(frame.payload.base), layout: layout, pts: time.pts, duration: time.duration,
      colorRange: frame.colorRange(in: video), captions: frame.captions ?? [])
  }

  func pass(_ record: Record) throws(Failure) {
    guard record.kind == .packet, let video = header.video else { return }
    let written = try PacketRecord(record.line)
    let track = header.tracks.first { $0.id == written.track }
    if let track, track.kind == "attachment" {
      if record.payloadCount > 0 { destination.attach(track, Array(record.payload.bytes)) }
      return
    }
    guard let time = try timeline.packet(track: written.track, pts: written.pts, dts: written.dts) else {
      return
    }
    let data = record.payloadCount > 0 ? record.payload.bytes : UnsafeRawBufferPointer(start: nil, count: 0)
    let packet = MediaPacket(
      track: written.track, pts: time.pts, dts: time.dts, duration: written.duration,
      isKey: written.isKey, skippedSamples: written.skippedSamples, data: data)
    if isUncertain(video) {
      guard earlyByteCount < Self.largestWait else { return }
      earlyByteCount += data.count + 64
      early.append((packet, Array(data)))
      return
    }
    try destination.media(video, tracks: header.tracks).write(packet: packet)
  }

  /// Whether only a picture can show that the stream means the size that its header says.
  private func isUncertain(_ video: VideoDescription) -> Bool {
    !destination.isOpen && Double(video.width) * Double(video.height) > Self.largestPromise
  }

  private func writeEarly(_ video: VideoDescription) throws(Failure) {
    for (packet, data) in early {
      let output = try destination.media(video, tracks: header.tracks)
      let copy = { (bytes: UnsafeRawBufferPointer) in
        MediaPacket(
          track: packet.track, pts: packet.pts, dts: packet.dts, duration: packet.duration,
          isKey: packet.isKey,
          skippedSamples: packet.skippedSamples, data: bytes)
      }
      var problem: Failure?
      data.withUnsafeBytes { bytes in
        do throws(Failure) { try output.write(packet: copy(bytes)) } catch { problem = error }
      }
      if let problem { throw problem }
    }
    early = []
  }

  func finish() throws(Failure) {
    try findings?.finish()
    try destination.finish()
    if style.drawsBoxes || style.drawsLabels, let remark = tally.shortcoming {
      destination.diagnostics.warn("\(destination.name): \(remark)")
    }
  }

  private func annotator(_ range: ColorRange, _ video: VideoDescription) -> FaceAnnotator {
    if let annotator = annotators[range] { return annotator }
    let made = FaceAnnotator(
      style: style, sampleAspectRatio: video.sampleAspectRatio, colorRange: range,
      colorSpace: video.colorSpace)
    annotators[range] = made
    if style.drawsLabels, !made.hasFont, !hasWarnedOfFonts {
      hasWarnedOfFonts = true
      destination.diagnostics.warn("no font is installed: faces get boxes without labels")
    }
    return made
  }
}
