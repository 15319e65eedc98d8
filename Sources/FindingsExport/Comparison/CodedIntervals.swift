import FrameStream
import SystemIO
import TextTables

/// What a person coded: intervals with a label, of one or more subjects.
package struct CodedIntervals: Sendable {
  /// A label from one time to another.
  package struct Interval: Sendable, Equatable {
    /// The subject or tier; empty where the file names none.
    package var subject: String
    /// What was coded.
    package var label: String
    /// In seconds.
    package var start: Double
    /// In seconds; after the start.
    package var end: Double

    /// A label of a subject.
    package init(subject: String, label: String, start: Double, end: Double) {
      (self.subject, self.label, self.start, self.end) = (subject, label, start, end)
    }
  }

  /// The intervals by start.
  package private(set) var intervals: [Interval] = []
  /// Intervals that were left out: without a label, without a length, or without times.
  package private(set) var leftOut = 0

  /// The largest file that is read.
  static let largestFile = 64 << 20
  private static let mostIntervals = 1_000_000

  /// Intervals of any order.
  package init(_ intervals: [Interval], leftOut: Int = 0) {
    let whole = intervals.filter {
      !$0.label.isEmpty && $0.end > $0.start && $0.start.isFinite && $0.end.isFinite
    }
    self.intervals = whole.sorted { ($0.start, $0.end) < ($1.start, $1.end) }
    self.leftOut = leftOut + intervals.count - whole.count
  }

  /// Reads a file of ELAN (`.eaf`), a project of BORIS (`.boris`), or a table of intervals or events.
  /// - Throws: ``Failure`` (`badInput`) naming the file, if it is none of these.
  package init(contentsOf path: String) throws(Failure) {
    let bytes = try WholeFile.read(path, limit: Self.largestFile)
    do throws(Failure) {
      switch FilePath.fileExtension(path) {
      case "eaf": self = try ELANReader.read(bytes)
      case "boris": self = try BORISReader.read(bytes)
      default: self = try IntervalTable.read(bytes)
      }
      guard intervals.count <= Self.mostIntervals else {
        throw Failure(
          .badInput, step: "coded intervals", cause: "more than \(Self.mostIntervals) of them")
      }
      guard !intervals.isEmpty else {
        throw Failure(.badInput, step: "coded intervals", cause: "there are none in it")
      }
    } catch { throw error.within(path) }
  }

  /// The subjects, sorted.
  package var subjects: [String] { Set(intervals.map(\.subject)).sorted(by: NameList.precedes) }
}
