import FrameStream
import SystemIO
import TextTables

/// What a person coded: intervals with a label, of one or more subjects.
package struct CodedIntervals: Sendable {
  /// A label from one time to another.
  package struct Interval: Sendable, Equatable {
    /// The subject or tier; empty where the file names none.
    package var subject: String
    /// The tier; empty where the file has none.
    package var tier = ""
    /// What was coded.
    package var label: String
    /// In seconds.
    package var start: Double
    /// In seconds; after the start.
    package var end: Double

    /// A label of a subject.
    package init(subject: String, tier: String = "", label: String, start: Double, end: Double) {
      (self.subject, self.tier, self.label, self.start, self.end) = (subject, tier, label, start, end)
    }
  }

  /// The intervals by start.
  package private(set) var intervals: [Interval] = []
  /// Intervals that were left out: without a label, without a length, or without times.
  package private(set) var leftOut = 0
  /// What the reader had to guess, a sentence each.
  package internal(set) var remarks: [String] = []

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

  /// Reads a file of ELAN (`.eaf`), a project of BORIS (`.boris`), a TextGrid of Praat, or a table of intervals or events.
  /// - Parameter tiers: the tiers whose intervals count; empty for all.
  /// - Throws: ``Failure`` (`badInput`) naming the file, if it is none of these, or has no such tier.
  package init(contentsOf path: String, tiers: Set<String> = []) throws(Failure) {
    let bytes = try WholeFile.read(path, limit: Self.largestFile)
    do throws(Failure) {
      switch FilePath.fileExtension(path) {
      case "eaf": self = try ELANReader.read(bytes)
      case "boris": self = try BORISReader.read(bytes)
      case "textgrid": self = try PraatReader.read(bytes)
      default: self = try IntervalTable.read(bytes)
      }
      guard intervals.count <= Self.mostIntervals else {
        throw Failure(
          .badInput, step: "coded intervals", cause: "more than \(Self.mostIntervals) of them")
      }
      if !tiers.isEmpty {
        let known = Set(intervals.map(\.tier)).subtracting([""])
        if let missing = tiers.subtracting(known).min() {
          throw Failure(
            .badInput, step: "coded intervals",
            cause: "there is no tier \"\(missing.prefix(60))\" in it"
              + (known.isEmpty ? "" : "; it has \(NameList.quoted(known.sorted(by: NameList.precedes)))"))
        }
        intervals.removeAll { !tiers.contains($0.tier) }
      }
      guard !intervals.isEmpty else {
        throw Failure(.badInput, step: "coded intervals", cause: "there are none in it")
      }
    } catch { throw error.within(path) }
  }

  /// Seconds by which the borders of intervals may overlap by rounding.
  private static let rounding = 0.0015

  /// The first two of one subject's intervals that overlap; nil if none do. Of equal labels, it does not matter.
  static func overlap(_ intervals: [Interval]) -> (Interval, Interval)? {
    var last: Interval?
    for interval in intervals {
      if let last, interval.label != last.label, interval.start < last.end - rounding {
        return (last, interval)
      }
      if interval.end > last?.end ?? -.infinity { last = interval }
    }
    return nil
  }

  /// The subjects, sorted.
  package var subjects: [String] { Set(intervals.map(\.subject)).sorted(by: NameList.precedes) }
}
