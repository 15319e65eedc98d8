import FrameStream
import SystemIO
import Zstandard

/// Reads streams from beginning to end, and finds out whether they are whole and valid.
package final class StreamInspection {
  private let rules: StreamRules
  private let allowsGaps: Bool
  private let indexes: KnownIndexes
  /// What has been counted.
  package private(set) var facts = StreamFacts()
  /// Why what was read is not whole, although it is well formed: the first end record that says so.
  package private(set) var statusFailure: Failure?

  // The present stream.
  private var start = 0
  private var frames = 0
  private var step = 1
  private var missing = 0
  private var firstGap: (before: Int, after: Int)?
  private var last: Int?
  private var times: (first: Int, last: Int)?
  private var timeBase = Rational(1, 1_000_000)
  /// The last record of type `index`: nobody reads it unless the end record names it.
  private var foundIndex: (line: RecordLine, offset: Int, end: Int)?

  /// - Parameters:
  ///   - rules: what each record must be.
  ///   - allowsGaps: whether numbers of frames may be left out although nothing says why.
  ///   - indexes: the indexes that the end of the input promises.
  package init(_ rules: StreamRules, allowsGaps: Bool, indexes: KnownIndexes) {
    self.rules = rules
    self.allowsGaps = allowsGaps
    self.indexes = indexes
  }

  /// The next record.
  /// - Parameters:
  ///   - offset: where it begins, in bytes without compression.
  ///   - end: where the next one does.
  /// - Throws: `Failure` (`badInput`) naming the record and what is wrong.
  package func add(_ record: Record, at offset: Int, to end: Int) throws(Failure) {
    try rules.check(record)
    facts.byteCount = end
    switch record.kind {
    case .stream: try begin(record, at: offset)
    case .frame: try add(frame: record, at: offset)
    case .packet: facts.packets += 1
    case .end: try finish(record, at: offset)
    case .other:
      if record.isIndex {
        foundIndex = (record.line, offset, end)
      } else {
        facts.others += 1
      }
    }
  }

  private func begin(_ record: Record, at offset: Int) throws(Failure) {
    let header = try StreamHeader(record.line)
    facts.streams += 1
    facts.video = header.video
    timeBase = header.timeBase
    step = record.line.history.first { $0.name == "fm-decode" }?["every"]?.int ?? 1
    (start, frames, missing, firstGap, last, times, foundIndex) = (offset, 0, 0, nil, nil, nil, nil)
    indexes.begin(at: offset)
  }

  private func add(frame: Record, at offset: Int) throws(Failure) {
    facts.frames += 1
    frames += 1
    if !frame.hasPixels { facts.framesWithoutPixels += 1 }
    if let faces = try frame.faces() { facts.faces = (facts.faces ?? 0) + faces.count }
    if let last, case let gap = frame.sequence - last, gap > step {
      facts.gaps += 1
      missing += (gap - 1) / max(step, 1)
      firstGap = firstGap ?? (last, frame.sequence)
    }
    last = frame.sequence
    times = (times?.first ?? frame.presentationTime, frame.presentationTime)
    try indexes.check(frame, at: offset - start)
  }

  private func finish(_ record: Record, at offset: Int) throws(Failure) {
    func failure(_ cause: String) -> Failure {
      Failure(.badInput, step: "bad record", subject: "end record", cause: cause)
    }
    let end = try EndRecord(record.line)
    if let count = end.frames, count != frames {
      throw failure("it counts \(count) frames, and the stream has \(frames)")
    }
    let explained = (end.dropped ?? 0) &+ (end.unreadable ?? 0)
    if let firstGap, missing > explained, !allowsGaps {
      throw Failure(
        .badInput, step: "frames are missing", subject: "frame \(firstGap.after)",
        cause:
          "it follows on frame \(firstGap.before); in all, \(missing) are left out, and the stream explains \(explained)"
      )
    }
    if let place = record.line.indexOffset {
      guard let index = foundIndex, index.offset - start == place, index.end == offset else {
        throw failure("the index is not where it says")
      }
      try indexes.finish(try IndexRecord(index.line))
      facts.indexes += 1
    }
    if let times { facts.seconds += timeBase.seconds(times.last &- times.first) }
    statusFailure = statusFailure ?? end.failure(step: "not whole", subject: "end record")
  }
}

/// The indexes of a file's streams, read from its end, and held against the frames from its beginning on.
package final class KnownIndexes {
  private var byStart: [Int: IndexRecord] = [:]
  private var present: IndexRecord?
  private var next = 0
  /// Streams whose index was not known before their frames came.
  package private(set) var unchecked = 0

  /// Streams of one file whose indexes are read before.
  private static let limit = 256

  /// No index: the input is a pipe, or nobody looks.
  package init() {}

  /// Reads the indexes of a file.
  /// - Parameter reader: whose next record has to be found by ``FrameStream/StreamReader/seek(to:)`` afterwards.
  /// - Throws: `Failure` if the file cannot be read. What is damaged shows when it is read from its beginning.
  package init(_ reader: StreamReader, length: Int) throws(Failure) {
    var end = length
    while end > 0, byStart.count < Self.limit {
      do throws(Failure) {
        let ending = try StreamEnding(reader, length: end)
        guard let index = ending.index, let start = ending.streamOffset, (0..<end).contains(start) else {
          return
        }
        byStart[start] = index.record
        end = start
      } catch {
        guard error.kind == .badInput || error.step == FoundIndex.cutShort else { throw error }
        return
      }
    }
  }

  func begin(at offset: Int) { (present, next) = (byStart[offset], 0) }

  /// A frame that the index may list.
  func check(_ frame: Record, at offset: Int) throws(Failure) {
    guard let present, next < present.entries.count else { return }
    let entry = present.entries[next]
    if offset < entry.offset { return }
    guard entry.offset == offset, entry.sequence == frame.sequence,
      !present.hasTimes || entry.presentationTime == frame.presentationTime
    else { throw Self.failure(entry) }
    next += 1
  }

  /// The stream's frames are over, and this is the index that came.
  func finish(_ index: IndexRecord) throws(Failure) {
    guard let present else {
      unchecked += 1
      return
    }
    guard present == index else {
      throw Failure(.badInput, step: "bad index", cause: "it is not the one that the file ends with")
    }
    if next < index.entries.count { throw Self.failure(index.entries[next]) }
  }

  private static func failure(_ entry: IndexRecord.Entry) -> Failure {
    Failure(
      .badInput, step: "bad index", subject: "frame \(entry.sequence)",
      cause: "it is not at byte \(entry.offset) of its stream, or not of this time")
  }
}

/// Holds the seek table of a compressed file against the frames that are read.
package final class SeekTableCheck {
  private let table: SeekTable
  private var next = 0
  private var isWrong = false

  /// Follows an input from its first frame on.
  package init(_ table: SeekTable, _ input: CompressedInput) {
    self.table = table
    input.onFrameEnd = { [unowned self] place in
      // The table itself is a frame too, and stands for nothing.
      if next < table.ends.count {
        isWrong = isWrong || table.ends[next] != place
        next += 1
      }
    }
  }

  /// The input has ended.
  /// - Throws: `Failure` (`badInput`) if the table is not true.
  package func finish() throws(Failure) {
    guard !isWrong, next == table.ends.count else {
      throw Failure(
        .badInput, step: "bad seek table", cause: "the compressed frames are not where it says")
    }
  }
}
