import FrameStream
import SystemIO

/// Moves a stream through a stage: a reader thread, workers, and a writer that keeps the order.
///
/// Records live in a ring of places that are used again and again: what is in flight is bounded, and a
/// running pipe allocates nothing. One worker and many give the same bytes.
public final class Pipeline: @unchecked Sendable {
  enum State {
    case free, filled, done
    case failed(Failure)
    /// The input has ended here; not a record.
    case end(EndOfInput)
  }

  enum EndOfInput { case whole, stopped }

  final class Slot {
    let record = Record()
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
  var isClosing = false
  /// Set by the reader thread at a stream record, read by the writer behind it.
  var framesExpected: Int?

  /// - Parameter workers: how many frames may be in work at once, if the stage can have twins.
  public init(_ tool: Tool, reader: StreamReader, inputName: String, stage: any Stage, workers: Int = 1) {
    self.tool = tool
    self.reader = reader
    self.inputName = inputName
    self.stage = stage
    workerLimit = max(1, workers)
    slots = (0..<workerLimit + 2).map { _ in Slot() }
  }

  /// Runs until the input has ended.
  /// - Parameters:
  ///   - output: where the records go; nil if the stage itself is where the stream ends.
  ///   - dropsPayloads: leave out all payloads (`--no-pixels`).
  /// - Throws: the first ``Failure`` in the order of the records; those before it have been written, and an
  ///   end record that says so where the output is a stream.
  public func run(output: Descriptor?, dropsPayloads: Bool = false) throws(Failure) {
    let readerThread = try WorkerThread { [self] in readAll() }
    let writer = RecordOrder(self, output: output, dropsPayloads: dropsPayloads)
    do throws(Failure) {
      try writer.run()
    } catch {
      // The reader thread may hang in a read; the process is about to end, nobody waits for it. As it keeps
      // the pipeline, the stage is let go here, so that what it owns is closed and half a file removed.
      close()
      for thread in workerThreads { thread.join() }
      monitor.locked {
        stage = nil
        workers = []
      }
      throw error
    }
    close()
    readerThread.join()
    for thread in workerThreads { thread.join() }
    if let failure = writer.upstreamFailure { throw failure }
  }

  private var workerThreads: [WorkerThread] = []

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
      let mayGoOn = monitor.locked {
        monitor.wait { if case .free = slot.state { true } else { isClosing } }
        return !isClosing
      }
      guard mayGoOn else { return }
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
      if record.kind == .stream { try begin(record) }
      return .done
    } catch {
      return .failed(error)
    }
  }

  private func begin(_ record: Record) throws(Failure) {
    guard let stage = monitor.locked({ isClosing ? nil : stage }) else { return }
    let header = try StreamHeader(record.line)
    let changed = try stage.begin(header)
    framesExpected = header.video?.frames
    record.line.update(from: header, to: changed)
    var entry = HistoryEntry(name: tool.name, version: toolVersion, arguments: tool.arguments)
    entry.details = stage.historyDetails
    record.line.appendHistory(entry)
    var team: [any Stage] = [stage]
    while team.count < workerLimit, let twin = try stage.makeParallelTwin() { team.append(twin) }
    let isFirst = monitor.locked {
      defer { workers = team }
      return workers.isEmpty
    }
    guard isFirst else { return }
    for index in team.indices {
      workerThreads.append(try WorkerThread { [self] in work(index) })
    }
  }

  // MARK: Worker threads

  private func work(_ index: Int) {
    while true {
      let (slot, stage, isAlone) = monitor.locked { () -> (Slot?, (any Stage)?, Bool) in
        monitor.wait { taken < filled || isClosing }
        guard taken < filled, !isClosing, index < workers.count else { return (nil, nil, false) }
        taken += 1
        return (self.slot(taken - 1), workers[index], workers.count == 1)
      }
      guard let slot, let stage else { return }
      var state = State.done
      do throws(Failure) {
        if slot.record.kind == .frame {
          try stage.process(slot.record)
        } else if isAlone {
          try stage.pass(slot.record)
        }
      } catch {
        state = .failed(error.kind == .brokenPipe ? error : error.within(slot.record.subject))
      }
      monitor.locked {
        slot.state = state
        processed += 1
        monitor.wakeAll()
      }
      if case .failed = state { return }
    }
  }
}

extension RecordLine {
  /// Changes what differs between two headers, and leaves the rest as it was written.
  mutating func update(from old: StreamHeader, to new: StreamHeader) {
    guard old != new else { return }
    let line = new.makeLine()
    if old.video != new.video, let video = line["video"] { set("video") { $0.value(video) } }
    if old.tracks != new.tracks {
      if let tracks = line["tracks"] { set("tracks") { $0.value(tracks) } } else { remove("tracks") }
    }
    if old.source != new.source, let source = line["source"] { set("source") { $0.value(source) } }
  }
}
