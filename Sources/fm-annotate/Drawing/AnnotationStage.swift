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
  private let isRaw: Bool
  /// What of a stream is left out.
  private let privateParts: PrivateParts
  private var annotators = StreamAnnotators()
  private var classes = ClassNames()
  private var header = StreamHeader()
  /// The stream's tracks by their numbers: a header may have thousands.
  private var tracksByID: [Int: Track] = [:]
  private var timeline: Timeline
  private var hasWarnedOfFonts = false
  /// What comes before the current stream's first picture; nil after it.
  private var held: HeldPackets?
  private var tally = FaceTally()
  /// Whether any face has had points.
  private var hasPoints = false
  /// Whether any picture had no room for the legend.
  private var lacksLegend = false

  /// Above this many pixels the encoder is opened only when a frame arrives: a bogus header must not allocate gigabytes.
  private static let largestPromise = 33e6

  init(
    _ destination: Destination, style: DrawingStyle, findings: FaceFindings?, isRaw: Bool = false,
    keepsStart: Bool = false, leavingOut privateParts: PrivateParts = .none
  ) {
    self.privateParts = privateParts
    self.isRaw = isRaw
    self.destination = destination
    timeline = Timeline(keepsStart: keepsStart)
    self.style = style
    self.findings = findings
  }

  var interruption: Failure? { findings?.interruption }

  var entersHistory: Bool { false }

  func begin(_ whole: StreamHeader) throws(Failure) -> StreamHeader {
    try findings?.beginStream(whole)
    try releaseHeld()
    annotators.removeAll()
    classes = ClassNames()
    let (header, records) = (privateParts.output(whole), privateParts.records(whole))
    if header.tracks.count < whole.tracks.count {
      destination.diagnostics.warn(
        "\(destination.name): attached files or data that may show or name people are left out")
    }
    self.header = header
    tracksByID = Dictionary(header.tracks.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    destination.begin(header)
    guard var video = header.video else { return records }
    held = HeldPackets()
    var soundEnd: Double?
    if destination.isOpen {
      let output = try destination.media(video, tracks: [])
      try output.follow(tracks: header.tracks, source: header.source)
      soundEnd = output.soundEnd
    }
    timeline.begin(header, soundEnd: soundEnd)
    if destination.isOpen { return records }
    video.timeBase = timeline.outputBase ?? video.timeBase
    self.header.video = video
    // Attached files come first, and belong to the output's beginning.
    let hasAttachments = header.tracks.contains { $0.kind == "attachment" }
    if !isUncertain(video), !hasAttachments {
      // The output is made at once, so that an unsupported container or codec is reported before any work is done.
      _ = try destination.media(video, tracks: header.tracks)
    }
    return records
  }

  func process(_ frame: Record) throws(Failure) {
    guard let video = header.video else {
      throw Failure(.badInput, step: "bad stream", cause: "its stream record has no \"video\"")
    }
    guard let layout = frame.layout, frame.hasPixels else { throw .noPixels("to draw on") }
    try findings?.merge(into: frame)
    tally.add(frame)
    let marks = try frame.marks(isRaw: isRaw)
    if !marks.isEmpty {
      hasPoints = hasPoints || marks.contains { $0.points != nil }
      try classes.take(marks, of: frame)
      let annotator = annotator(frame.colorRange(in: video), video)
      annotator.classNames = classes.names
      annotator.draw(marks, layout: layout, base: frame.payload.base)
      lacksLegend = lacksLegend || annotator.lacksLegend
    }
    if held != nil { try releaseHeld(before: frame.presentationTime) }
    let time = try timeline.frame(pts: frame.presentationTime, duration: frame.duration)
    destination.hasPicture = true
    try destination.media(video, tracks: header.tracks).write(
      frame: UnsafePointer(frame.payload.base), layout: layout, pts: time.pts, duration: time.duration,
      colorRange: frame.colorRange(in: video), captions: frame.captions ?? [])
  }

  func pass(_ record: Record) throws(Failure) {
    guard record.kind == .packet, let video = header.video else { return }
    let packet = try PacketRecord(record.line)
    guard let track = tracksByID[packet.track] else { return }
    if track.kind == "attachment" {
      if record.payloadCount > 0 { destination.attach(track, Array(record.payload.bytes)) }
      return
    }
    let data = record.payloadCount > 0 ? record.payload.bytes : UnsafeRawBufferPointer(start: nil, count: 0)
    guard held != nil else { return try write(packet, track, data, video) }
    if held?.isFull == true {
      guard isUncertain(video) else {
        destination.diagnostics.warn(
          "\(destination.name): more than \(HeldPackets.largestByteCount >> 20) MB or "
            + "\(Int(HeldPackets.longestTime)) s of sound come before the first picture: the output begins with the sound"
        )
        try releaseHeld()
        return try write(packet, track, data, video)
      }
      held?.lose()
    } else {
      held?.append(packet, track, data)
    }
  }

  private func write(
    _ packet: PacketRecord, _ track: Track, _ data: UnsafeRawBufferPointer, _ video: VideoDescription
  ) throws(Failure) {
    let time = try timeline.packet(of: track, pts: packet.pts, dts: packet.dts)
    try destination.media(video, tracks: header.tracks).write(
      packet: MediaPacket(
        track: packet.track, pts: time.pts, dts: time.dts, duration: packet.duration, isKey: packet.isKey,
        skippedSamples: packet.skippedSamples, data: data))
  }

  /// Writes what was held, now that it is known where the stream's times begin.
  /// - Parameter picture: the first picture's time; nil if there is none.
  private func releaseHeld(before picture: Int? = nil) throws(Failure) {
    guard let held, let video = header.video, picture != nil || !isUncertain(video) else { return }
    self.held = nil
    let output = try destination.media(video, tracks: header.tracks)
    timeline.settleOrigin(
      picture: picture, sound: held.firstSound { output.soundLead(ofTrack: $0) })
    try destination.placeChapters(shift: timeline.shift)
    if held.lostCount > 0 {
      destination.diagnostics.warn(
        "\(destination.name): \(held.lostCount) packets are left out: more than "
          + "\(HeldPackets.largestByteCount >> 20) MB or \(Int(HeldPackets.longestTime)) s come before the first picture"
      )
    }
    for (packet, track, data) in held.packets {
      var problem: Failure?
      data.withUnsafeBytes { bytes in
        do throws(Failure) { try write(packet, track, bytes, video) } catch { problem = error }
      }
      if let problem { throw problem }
    }
  }

  /// Whether only a picture can show that the stream means the size that its header says.
  private func isUncertain(_ video: VideoDescription) -> Bool {
    !destination.isOpen && Double(video.width) * Double(video.height) > Self.largestPromise
  }

  func finish() throws(Failure) {
    try findings?.finish()
    if destination.hasPicture { try releaseHeld() }
    try destination.finish()
    if style.drawsPoints, !hasPoints {
      destination.diagnostics.warn(
        "\(destination.name): no face has points to draw (they come from a network: fm-detect --model)")
    }
    if lacksLegend {
      destination.diagnostics.warn(
        "\(destination.name): the legend is left out where it has no room in the picture")
    }
    if style.drawsBoxes || style.drawsLabels, let remark = tally.shortcoming {
      destination.diagnostics.warn("\(destination.name): \(remark)")
    }
  }

  private func annotator(_ range: ColorRange, _ video: VideoDescription) -> FaceAnnotator {
    let made = annotators.annotator(style, range, video)
    if style.drawsLabels, !hasWarnedOfFonts {
      hasWarnedOfFonts = true
      if !made.hasFont {
        destination.diagnostics.warn("no font is installed: faces get boxes without labels")
      } else if let substitute = made.substituteFont, let font = style.font {
        destination.diagnostics.warn("no font \"\(font)\" is installed: labels are set in \(substitute)")
      }
    }
    return made
  }
}
