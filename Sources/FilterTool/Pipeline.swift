import FrameStream
import SystemIO

/// Moves a stream through a stage: a reader thread, workers, and a writer that keeps the order.
///
/// Records live in a ring of slots that are reused: what is in flight is bounded, and a running pipe allocates
/// nothing. One worker and many give the same bytes.
package final class Pipeline: @unchecked Sendable {
  enum State {
    case free, filled, done
    case failed(Failure)
    /// The input has ended here; not a record.
    case end(EndOfInput)
  }

  enum EndOfInput { case whole, stopped }

  final class Slot {
    var record = Record()
    var state = State.free
  }

  let tool: Tool
  let reader: StreamReader
  let inputName: String
  let workerLimit: Int
  let slots: [Slot]

  // Under the monitor: how far the reader, the workers and the writer are, counted in records.
  let monitor = Monitor()
  var filled = 0
  var taken = 0
  var processed = 0
  /// Nil once the work has failed: see ``run(output:dropsPayloads:)``.
  var stage: (any Stage)?
  var workers: [any Stage] = []
  /// One a worker. The reader thread adds to them, until the pipeline is closing.
  private var workerThreads: [WorkerThread] = []
  var isClosing = false
  /// How many frames the stream says it has.
  var framesExpected: Int?

  /// - Parameter workers: how many frames may be in work at once, if the stage can have copies.
  package init(_ tool: Tool, reader: StreamReader, inputName: String, stage: any Stage, workers: Int = 1) {
    self.tool = tool
    self.reader = reader
    self.inputName = inputName
    self.stage = stage
    workerLimit = max(1, workers)
    // One slot for the reader to fill, one for the writer to empty.
    let atOnce = (stage as? any BatchingStage)?.framesAtOnce ?? 1
    slots = (0..<workerLimit * max(1, atOnce) + 2).map { _ in Slot() }
  }

  /// Runs until the input has ended.
  /// - Parameters:
  ///   - output: where the records go; nil if the stage itself is where the stream ends.
  ///   - dropsPayloads: leave out all payloads (`--no-pixels`).
  /// - Returns: what to end with if a stage upstream was interrupted by a signal: what has come is to be kept.
  /// - Throws: the first ``Failure`` in the order of the records; those before it have been written, and an
  ///   end record that says so where the output is a stream. Also if a stage upstream said that it failed.
  package func run(output: Descriptor?, dropsPayloads: Bool = false) throws(Failure) -> Failure? {
    tool.stop.beginWork()
    if let output { tool.stop.boundWrites(to: output) }
    let readerThread = try WorkerThread { [self] in readAll() }
    let writer = OrderedWriter(self, output: output, dropsPayloads: dropsPayloads)
    do throws(Failure) {
      try writer.run()
    } catch {
      // The reader thread may hang in a read; the process is about to end, nobody waits for it. It keeps the
      // pipeline, so the stage is released here: then its files are closed and a half-written file is removed.
      close()
      for thread in monitor.locked({ workerThreads }) { thread.join() }
      monitor.locked {
        stage = nil
        workers = []
      }
      throw error
    }
    close()
    readerThread.join()
    for thread in workerThreads { thread.join() }
    if writer.isBroken, let failure = writer.upstreamFailure { throw failure }
    return writer.upstreamFailure
  }

  func slot(_ index: Int) -> Slot { slots[index % slots.count] }

  private func close() {
    monitor.locked {
      isClosing = true
      monitor.wakeAll()
    }
  }

  // MARK: Reader thread

  private func readAll() {
    var next = 0
    while true {
      let slot = slot(next)
      let continues = monitor.locked {
        monitor.wait { if case .free = slot.state { true } else { isClosing } }
        return !isClosing
      }
      guard continues else { return }
      let state = read(into: slot.record, number: next)
      monitor.locked {
        if case .filled = state {
          filled += 1
        } else {
          // Nothing for the workers: counted as processed in its turn, behind the records before it.
          monitor.wait { processed == next || isClosing }
          filled += 1
          taken += 1
          processed += 1
        }
        slot.state = state
        monitor.wakeAll()
      }
      switch state {
      case .failed, .end: return
      default: next += 1
      }
    }
  }

  private func read(into record: Record, number: Int) -> State {
    do throws(Failure) {
      switch try reader.read(into: record) {
      case .end: return .end(.whole)
      case .stopped: return .end(.stopped)
      case .record: break
      }
      guard record.kind == .stream || record.kind == .end else { return .filled }
      // Workers have nothing of the stream before left when the next one begins, so stages need no locks.
      monitor.locked { monitor.wait { processed == number || isClosing } }
      if record.kind == .stream {
        // A stage that looks ahead works where records are written: that must be through with the stream before, too.
        monitor.locked {
          guard stage is any LookaheadStage else { return }
          monitor.wait { isClosing || slots.allSatisfy { if case .free = $0.state { true } else { false } } }
        }
        try begin(record)
      }
      return .done
    } catch {
      return .failed(error)
    }
  }

  private func begin(_ record: Record) throws(Failure) {
    guard let stage = monitor.locked({ isClosing ? nil : stage }) else { return }
    let header = try StreamHeader(record.line)
    let changed = try stage.begin(header, line: record.line)
    record.line.update(from: header, to: changed)
    if stage.entersHistory {
      try record.line.appendHistory(
        HistoryEntry(
          name: tool.name, version: toolVersion, arguments: tool.arguments, options: tool.options,
          details: stage.historyDetails))
    }
    var team: [any Stage] = [stage]
    while team.count < workerLimit, let copy = try stage.makeWorkerCopy() { team.append(copy) }
    try monitor.locked { () throws(Failure) in
      // Closed in the meantime: the stage has been released, for good.
      guard !isClosing else { return }
      workers = team
      framesExpected = header.video?.frames
      while workerThreads.count < team.count {
        let index = workerThreads.count
        workerThreads.append(try WorkerThread { [self] in work(index) })
      }
    }
  }

  // MARK: Worker threads

  private func work(_ index: Int) {
    // Used again and again.
    var run: [Slot] = []
    var frames: [Record] = []
    while true {
      let (first, count, stage, isAlone) = monitor.locked { () -> (Int, Int, (any Stage)?, Bool) in
        // A stream whose stage has fewer copies than the one before leaves some threads waiting.
        monitor.wait { taken < filled && index < workers.count || isClosing }
        guard !isClosing else { return (0, 0, nil, false) }
        let limit = (workers[index] as? any BatchingStage)?.framesAtOnce ?? 1
        let first = taken
        taken = min(filled, taken + max(1, limit))
        return (first, taken - first, workers[index], workers.count == 1)
      }
      guard let stage else { return }
      run.removeAll(keepingCapacity: true)
      for index in first..<first + count { run.append(slot(index)) }
      let failure = process(run, stage, isAlone, &frames)
      monitor.locked {
        for (index, slot) in run.enumerated() {
          // What comes after a failure is not looked at.
          if let failure, index == failure.index {
            slot.state = .failed(failure.failure)
          } else {
            slot.state = .done
          }
        }
        processed += count
        monitor.wakeAll()
      }
      if failure != nil { return }
    }
  }

  /// Processes consecutive records; returns the first that failed, and why.
  private func process(
    _ run: [Slot], _ stage: any Stage, _ isAlone: Bool, _ frames: inout [Record]
  ) -> (index: Int, failure: Failure)? {
    var areFramesDone = false
    if run.count > 1, let stage = stage as? any BatchingStage {
      frames.removeAll(keepingCapacity: true)
      for slot in run where slot.record.kind == .frame { frames.append(slot.record) }
      areFramesDone = (try? stage.process(frames)) != nil
    }
    for (index, slot) in run.enumerated() {
      do throws(Failure) {
        if slot.record.kind == .frame {
          if !areFramesDone { try stage.process(slot.record) }
        } else if isAlone, !(stage is any LookaheadStage) {
          // A stage that looks ahead gets it in its turn, behind the frames that wait.
          try stage.pass(slot.record)
        }
      } catch {
        return (index, error.kind == .brokenPipe ? error : error.within(slot.record.subject))
      }
    }
    return nil
  }
}
