import FrameMedia
import FrameStream
import SystemIO

/// Writes what a ``MediaInput`` gives as a stream: header, frames and packets, end.
package final class FrameWriter {
  let tool: SourceContext
  private let output: Descriptor
  private let writer: StreamWriter
  let selection: FrameSelection
  private let mayReopen: Bool
  private let reportProgress: (_ frames: Int, _ total: Int?) -> Void
  private var line = RecordLine()
  private var pace = RealtimePace()
  private var framesWritten = 0
  private var isInsideStream = false
  private var hasWrittenStream = false

  /// - Parameters:
  ///   - output: where the streams go.
  ///   - mayReopen: whether a live input that ends counts as lost.
  ///   - reportProgress: called with the number of frames written, and how many the stream has, if known.
  package init(
    _ tool: SourceContext, output: Descriptor, selection: FrameSelection, mayReopen: Bool,
    reportProgress: @escaping (_ frames: Int, _ total: Int?) -> Void = { _, _ in }
  ) {
    self.tool = tool
    self.selection = selection
    self.mayReopen = mayReopen
    self.output = output
    writer = StreamWriter(output)
    self.reportProgress = reportProgress
  }

  /// The next number of a stream's frames.
  struct Position {
    /// The source's name, for messages.
    var name = ""
    var sequence = 0
    var written = 0
    var dropped = 0
    var unreadable = 0
    var damaged = 0
    var lastTime: Int?
    /// Where the first frame begins and the last one ends, in seconds.
    var start: Double?
    var end = 0.0
  }

  /// When a frame is shown, in its stream's time base, and what else its pixels do not say.
  struct Presentation {
    var pts: Int
    var duration: Int?
    /// The picture's own range, where that may differ from the stream's.
    var range: ColorRange?
    /// The file of a picture that is one of several.
    var source: String?
    var isLive = false
  }

  /// Writes a whole stream.
  /// - Throws: ``Failure``; what was written before it is closed with an end record that says why.
  package func writeStream(of input: MediaInput, named name: String, _ reconnection: Reconnection)
    throws(Failure)
  {
    let attachments = input.metadata.attachments
    var header = StreamHeader(
      source: name, video: input.video, tracks: input.tracks + attachments.map(\.track),
      isLive: selection.realtime || input.isLive || input.hasArrivalTimes)
    header.metadata = input.metadata.tags
    header.chapters = input.metadata.chapters
    header.chunk = selection.chunk
    for loss in header.fitIntoLine() {
      tool.warn("\(name): left out, too large for the stream record: \(loss)")
    }
    try writeHeader(header)
    if selection.chunk.map({ $0.number == 1 }) ?? true { try write(attachments, of: header) }
    var position = Position()
    position.name = name
    pace = RealtimePace()
    var input = input
    // Closing reports the damage that was only counted.
    defer { input.close() }
    var clock = ResumedClock()
    var mark = ResumptionMark()
    var reconnection = reconnection
    do throws(Failure) {
      var sequence = position.sequence
      while let lost = try write(input, header, &position, &clock, &mark) {
        guard reconnection.attempts > 0 else { throw lost }
        if position.sequence > sequence { reconnection.restart() }
        sequence = position.sequence
        var resumption = Resumption(pixelFormat: input.video.pixelFormat)
        if input.isLive {
          clock.restart()
          mark = ResumptionMark()
          resumption.end = reconnection.duration.map { clock.end(after: $0) }
        } else {
          mark.breakOff()
          resumption.start = mark.start.map { max(0, $0 - input.startTime) }
        }
        position.damaged += input.damagedCount
        input.close()
        guard let found = try reconnection.reopen(after: lost, resumption) else { break }
        input = found
      }
    } catch {
      // Between two attempts a signal ends the stream as it would have ended it before.
      position.damaged += input.damagedCount
      guard !tool.isStopped || error.kind == .brokenPipe else { return try writeEnd(position) }
      throw close(position, error)
    }
    position.damaged += input.damagedCount
    try writeEnd(position)
  }

  /// Writes what an input gives until it or the selection ends; returns the failure if the input was lost.
  private func write(
    _ input: MediaInput, _ header: StreamHeader, _ position: inout Position, _ clock: inout ResumedClock,
    _ mark: inout ResumptionMark
  ) throws(Failure) -> Failure? {
    while true {
      let next: MediaEvent?
      do throws(Failure) { next = try input.next() } catch {
        guard error.kind == .inputOutput, !tool.isStopped else { throw error }
        return input.isPastDuration ? nil : error
      }
      guard let next else {
        guard input.isLive, mayReopen, !input.isPastDuration, !tool.isStopped else { return nil }
        var lost = Failure(
          .inputOutput, step: "reading", subject: header.source ?? "", cause: "the stream has ended")
        lost.isTemporary = true
        return lost
      }
      switch next {
      case .packet(let packet):
        let number = header.tracks.firstIndex { $0.id == packet.track }
        guard let number, let track = input.tracks.first(where: { $0.id == packet.track }),
          track.codec == header.tracks[number].codec
        else { continue }
        if let time = packet.dts ?? packet.pts,
          !mark.isNew(
            track.timeBase.seconds(time), ofTrack: packet.track, isSound: track.kind == "audio")
        {
          continue
        }
        try write(packet, &clock, from: track.timeBase, to: header.tracks[number].timeBase)
      case .frame(let frame):
        guard mark.isNew(input.video.timeBase.seconds(frame.pts)) else { continue }
        let base = header.video?.timeBase ?? input.video.timeBase
        var pts = clock.ticks(frame.pts, from: input.video.timeBase, to: base)
        // An RTSP camera's clock is known only after its first pictures, whose times were made up.
        if input.isLive, let last = position.lastTime, pts <= last { pts = min(last, .max - 1) + 1 }
        position.lastTime = pts
        if let number = input.pictureNumber { position.sequence = number }
        let duration = frame.duration.map { ResumedClock.length($0, from: input.video.timeBase, to: base) }
        try write(
          frame,
          Presentation(
            pts: pts, duration: duration, range: frame.colorRange,
            isLive: input.isLive || input.hasArrivalTimes),
          of: header.video ?? input.video, &position)
        if position.written == selection.frames { return nil }
      }
    }
  }

  func writeHeader(_ header: StreamHeader) throws(Failure) {
    tool.begin()
    var record = header.makeLine()
    try record.appendHistory(
      HistoryEntry(
        name: tool.name, version: tool.version, arguments: tool.arguments, options: tool.options,
        details: [("ffmpeg", .string(FFmpegLibrary.version))]))
    try emit { (writer) throws(Failure) in try writer.write(streamRecord: record) }
    isInsideStream = true
    hasWrittenStream = true
  }

  /// Writes a frame of the stream that `video` describes, if the selection has it and it does not come late.
  func write(
    _ frame: MediaFrame, _ presentation: Presentation, of video: VideoDescription, _ position: inout Position
  ) throws(Failure) {
    let sequence = position.sequence
    position.sequence += 1
    guard sequence % selection.every == 0 else { return }
    let time = video.timeBase.seconds(presentation.pts)
    let layout = frame.layout
    if selection.realtime {
      let backlog = { [output] in Double(output.unreadByteCount) / Double(layout.byteCount) }
      if pace.isLate(
        time: time, isLive: presentation.isLive, backlog: backlog, unless: tool.stop)
      {
        position.dropped += 1
        return
      }
    }
    var record = FrameRecord(
      sequence: sequence, presentationTime: presentation.pts, time: time, layout: layout)
    record.duration = presentation.duration
    record.isKey = presentation.source == nil && frame.isKey
    record.colorRange = presentation.range == video.colorRange ? nil : presentation.range
    record.source = presentation.source
    record.label = selection.label
    record.captions = Array(frame.captions)
    line.assign(record)
    try emit { (writer) throws(Failure) in try writer.write(line, planes: frame.planes) }
    position.written += 1
    position.start = position.start ?? time
    position.end = time + (presentation.duration.map { video.timeBase.seconds($0) } ?? 0)
    framesWritten += 1
    let total = video.frames.map { max($0 - 1, 0) / selection.every / (selection.chunk?.count ?? 1) + 1 }
    reportProgress(framesWritten, selection.frames ?? total)
  }

  private func write(
    _ packet: MediaPacket, _ clock: inout ResumedClock, from source: Rational, to target: Rational
  ) throws(Failure) {
    let record = PacketRecord(
      track: packet.track, pts: packet.pts.map { clock.ticks($0, from: source, to: target) },
      dts: packet.dts.map { clock.ticks($0, from: source, to: target) },
      duration: packet.duration.map { ResumedClock.length($0, from: source, to: target) },
      isKey: packet.isKey, skippedSamples: packet.skippedSamples)
    line.assign(record, byteCount: packet.data.count)
    try emit { (writer) throws(Failure) in try writer.write(line, payload: packet.data) }
  }

  /// Writes the attached files whose tracks the header has: muxers need them before anything else.
  private func write(_ attachments: [MediaAttachment], of header: StreamHeader) throws(Failure) {
    for attachment in attachments where header.tracks.contains(where: { $0.id == attachment.track.id }) {
      let record = PacketRecord(track: attachment.track.id, pts: nil, dts: nil, isKey: true)
      line.assign(record, byteCount: attachment.data.count)
      var failure: Failure?
      attachment.data.withUnsafeBytes { bytes in
        do throws(Failure) {
          try emit { (writer) throws(Failure) in try writer.write(line, payload: bytes) }
        } catch { failure = error }
      }
      if let failure { throw failure }
    }
  }

  /// Writes a stream without frames that says why an input could not be opened, so that downstream tools know that
  /// something is missing; nothing if no stream has been written yet and none will be.
  package func writeFailedStream(named name: String, _ failure: Failure, isFollowed: Bool) {
    guard hasWrittenStream || isFollowed, failure.kind != .brokenPipe else { return }
    do throws(Failure) {
      try writeHeader(StreamHeader(source: name))
      try writeEnd(Position(), status: .error, message: failure.description)
    } catch {
      // A reader that has gone has no use for it.
    }
  }

  func writeEnd(_ position: Position) throws(Failure) {
    let wasInterrupted = tool.isStopped
    if position.dropped > 0 { tool.note("\(position.dropped) late frames dropped") }
    report(position)
    try writeEnd(
      position, status: wasInterrupted ? .interrupted : .ok, message: wasInterrupted ? "by a signal" : nil)
  }

  private func writeEnd(_ position: Position, status: EndRecord.Status, message: String?) throws(Failure) {
    var end = EndRecord(
      frames: position.written, status: status, message: message.map { "\(tool.name): \($0)" })
    end.dropped = selection.realtime ? position.dropped : nil
    end.unreadable = position.unreadable > 0 ? position.unreadable : nil
    end.damaged = position.damaged > 0 ? position.damaged : nil
    line.assign(end)
    isInsideStream = false
    try emit { (writer) throws(Failure) in try writer.write(line) }
  }

  /// Says in one line what came of a source.
  private func report(_ position: Position) {
    let seconds = max(0, position.end - (position.start ?? 0))
    var parts = [
      "\(position.written) frame\(position.written == 1 ? "" : "s")",
      "\(position.damaged) damaged packet\(position.damaged == 1 ? "" : "s")",
      "\((seconds * 1000).rounded() / 1000) s",
    ]
    if position.unreadable > 0 { parts.append("\(position.unreadable) unreadable") }
    tool.note((position.name.isEmpty ? "" : position.name + ": ") + parts.joined(separator: ", "))
  }

  /// Closes a stream that cannot continue, if that can still be written.
  func close(_ position: Position, _ failure: Failure) -> Failure {
    report(position)
    if isInsideStream, failure.kind != .brokenPipe {
      try? writeEnd(position, status: .error, message: failure.description)
    }
    return failure
  }

  private func emit(_ body: (StreamWriter) throws(Failure) -> Void) throws(Failure) {
    do throws(Failure) { try body(writer) } catch { throw error.within("output") }
  }
}
