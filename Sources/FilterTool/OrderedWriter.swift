import FrameStream
import SystemIO

/// The pipeline's last part: takes the records in order, writes them, and closes the stream whatever
/// happens.
final class OrderedWriter {
  private let pipeline: Pipeline
  private let writer: StreamWriter?
  private let dropsPayloads: Bool
  /// Whether control characters in lines would reach a terminal.
  private let isTerminal: Bool
  private var progress: Progress
  private var frames = 0
  private var framesInStream = 0
  private var tally = FaceTally()
  /// When the first frame of the stream is shown, and the last one, in its time base.
  private var times: (first: Int, last: Int)?
  private var timeBase = Rational(1, 1_000_000)
  private var source: String?
  private var isInsideStream = false
  /// What waits for the stage; nil if its answers depend on nothing that follows.
  private var waiting: WaitingRecords?
  /// A stage upstream said that it stopped early.
  private(set) var upstreamFailure: Failure?
  /// It stopped for an error, not for a signal, so that the records so far must not be kept as a whole stream.
  private(set) var isBroken = false

  init(_ pipeline: Pipeline, output: Descriptor?, dropsPayloads: Bool) {
    self.pipeline = pipeline
    writer = output.map { StreamWriter($0) }
    self.dropsPayloads = dropsPayloads
    isTerminal = output?.isTerminal ?? false
    progress = Progress(pipeline.tool.diagnostics, output: output)
  }

  func run() throws(Failure) {
    if let stage = pipeline.stage as? any LookaheadStage {
      // The writer outlives what waits for it.
      waiting = WaitingRecords(
        stage, dropsPayloads: dropsPayloads,
        write: { [unowned self] (record) throws(Failure) in try pass(record) },
        fail: { [unowned self] failure in closeStream(.error, failure) })
    }
    var next = 0
    while true {
      let slot = pipeline.slot(next)
      pipeline.monitor.locked {
        pipeline.monitor.wait {
          switch slot.state {
          case .free, .filled: false
          case .done, .failed, .end: true
          }
        }
      }
      switch slot.state {
      case .failed(let failure):
        try waiting?.end()
        throw closeStream(.error, failure)
      case .end(let reason):
        try end(reason)
        return
      default:
        try take(slot)
        pipeline.monitor.locked {
          slot.state = .free
          pipeline.monitor.wakeAll()
        }
        next += 1
      }
    }
  }

  /// Passes a slot's record on, or lets it wait and gives the slot another.
  private func take(_ slot: Pipeline.Slot) throws(Failure) {
    guard let waiting else { return try pass(slot.record) }
    if slot.record.kind == .stream || slot.record.kind == .end {
      try waiting.end()
      return try pass(slot.record)
    }
    slot.record = try waiting.add(slot.record)
  }

  private func pass(_ record: Record) throws(Failure) {
    if record.kind == .end { try noteStatus(of: record) }
    if let writer {
      if dropsPayloads { record.dropPayload() }
      if isTerminal { record.line.escapeControls() }
      do throws(Failure) { try writer.write(record) } catch {
        // A record that the format does not allow: nothing of it has been written, so that the stream can be closed.
        if error.kind == .failed { throw closeStream(.error, error.within(record.subject)) }
        throw error.within("output")
      }
    }
    switch record.kind {
    case .stream:
      isInsideStream = true
      framesInStream = 0
      tally = FaceTally()
      times = nil
      let header = try StreamHeader(record.line)
      timeBase = header.timeBase
      source = header.source.flatMap { $0.isEmpty ? nil : $0 }
    case .end:
      isInsideStream = false
      try conclude(record)
    case .frame:
      frames += 1
      framesInStream += 1
      tally.add(record)
      times = (times?.first ?? record.presentationTime, record.presentationTime)
    default: break
    }
    if record.kind == .frame {
      progress.update(frames: frames, of: pipeline.monitor.locked { pipeline.framesExpected })
    }
  }

  private func noteStatus(of end: Record) throws(Failure) {
    let end = try EndRecord(end.line)
    guard let failure = end.failure(subject: pipeline.inputName) else { return }
    if !end.status.keepsRecords { isBroken = true }
    upstreamFailure = failure
  }

  /// Says in one line what the stream had.
  private func conclude(_ end: Record) throws(Failure) {
    let damaged = try EndRecord(end.line).damaged ?? 0
    let seconds = times.map { timeBase.seconds($0.last &- $0.first) } ?? 0
    pipeline.tool.diagnostics.note(
      "\(source ?? pipeline.inputName): \(tally.summary), \(damaged) damaged packet\(damaged == 1 ? "" : "s"), \((seconds * 1000).rounded() / 1000) s"
    )
    pipeline.monitor.locked { pipeline.stage }?.conclude(tally, inputName: source ?? pipeline.inputName)
  }

  private func end(_ reason: Pipeline.EndOfInput) throws(Failure) {
    if isBroken { return }
    try waiting?.end()
    do throws(Failure) { try pipeline.stage?.finish() } catch { throw closeStream(.error, error) }
    if case .stopped = reason {
      _ = closeStream(.interrupted, .interrupted)
    }
  }

  /// Writes an end record that says why the stream ends early, if it still can; returns the failure to report.
  private func closeStream(_ status: EndRecord.Status, _ failure: Failure) -> Failure {
    let failure = failure.kind == .brokenPipe ? failure : failure.within(pipeline.inputName)
    guard let writer, isInsideStream, failure.kind != .brokenPipe else { return failure }
    var line = RecordLine()
    line.assign(
      EndRecord(frames: framesInStream, status: status, message: "\(pipeline.tool.name): \(failure)"))
    isInsideStream = false
    // If this cannot be written, the reader sees a cut stream, which says the same.
    try? writer.write(line)
    return failure
  }
}
