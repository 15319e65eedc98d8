import FilterTool
import FrameStream
import Glibc
import Synchronization
import SystemIO

/// What a test's stages saw, reported by any of their threads.
final class Log: Sendable {
  private let lines = Mutex<[String]>([])

  func add(_ line: String) { lines.withLock { $0.append(line) } }
  var all: [String] { lines.withLock { $0 } }
}

/// Takes a while that differs from frame to frame, so that workers overtake each other, and leaves its mark.
final class SleepyStage: Stage {
  let log: Log
  /// Microseconds of the longest sleep.
  let longest: Int

  init(_ log: Log = Log(), longest: Int = 2000) {
    self.log = log
    self.longest = longest
  }

  func process(_ frame: Record) throws(Failure) {
    if longest > 0 { usleep(UInt32(frame.sequence &* 7919 % longest)) }
    let sum = frame.plane(0).map { $0.row(0).reduce(0) { $0 + Int($1) } } ?? -1
    frame.line.set("sum") { $0.value(sum) }
  }

  func makeWorkerCopy() throws(Failure) -> (any Stage)? { SleepyStage(log, longest: longest) }
}

/// Cannot do the frame of one number.
final class FailingStage: Stage {
  let log: Log
  let failing: Int
  let hasCopies: Bool
  let kind: Failure.Kind

  init(at failing: Int, hasCopies: Bool = false, kind: Failure.Kind = .badInput, _ log: Log = Log()) {
    self.failing = failing
    self.hasCopies = hasCopies
    self.kind = kind
    self.log = log
  }

  func process(_ frame: Record) throws(Failure) {
    if frame.sequence == failing { throw Failure(kind, step: "cannot look", cause: "too dark") }
    usleep(UInt32(frame.sequence % 3) * 300)
  }

  func finish() throws(Failure) { log.add("finish") }

  func makeWorkerCopy() throws(Failure) -> (any Stage)? {
    hasCopies ? FailingStage(at: failing, hasCopies: true, kind: kind, log) : nil
  }
}

/// Can have a copy more in each stream than in the one before, and calls a test from `begin`.
final class GrowingStage: Stage {
  private let onBegin: (_ stream: Int) -> Void
  private var streams = 0
  private var copies = 0

  init(onBegin: @escaping (_ stream: Int) -> Void = { _ in }) { self.onBegin = onBegin }

  func begin(_ header: StreamHeader) throws(Failure) -> StreamHeader {
    streams += 1
    copies = streams
    onBegin(streams)
    return header
  }

  func process(_ frame: Record) throws(Failure) {}

  func makeWorkerCopy() throws(Failure) -> (any Stage)? {
    guard copies > 0 else { return nil }
    copies -= 1
    return SleepyStage(longest: 50)
  }
}

/// Writes down every call.
final class ListeningStage: Stage {
  let log = Log()
  var changesHeader = false
  var failsAt = ""

  var historyDetails: [(key: String, value: JSONValue)] { [("model", .string("a \"b\""))] }

  private func note(_ call: String) throws(Failure) {
    log.add(call)
    if call == failsAt { throw Failure(.failed, step: "cannot \(call)", cause: "told so") }
  }

  func begin(_ header: StreamHeader) throws(Failure) -> StreamHeader {
    try note("begin \(header.source ?? "")")
    guard changesHeader else { return header }
    var changed = header
    changed.video?.width = 2
    return changed
  }

  func process(_ frame: Record) throws(Failure) { try note("frame \(frame.sequence)") }
  func pass(_ record: Record) throws(Failure) { try note("pass \(record.subject)") }
  func finish() throws(Failure) { try note("finish") }
}
