import FrameStream
import SystemIO
import TextTables
import TrainingReports

/// How a human's intervals and a classifier's frames agree: fed with frames, as formats are.
package final class CoderAgreement: FindingsWriter {
  private struct Lane {
    let subject: String
    var intervals: [CodedIntervals.Interval] = []
    /// The first interval that has not ended, and how often each found class is in it.
    var next = 0
    var counts: [[Int: Int]] = []
  }

  private let options: RunOptions
  private var lanes: [Int: Lane] = [:]
  /// Coded labels as they are compared, and their numbers.
  private let renamed: [String: String]
  private var classes = ClassNames()
  /// The names of all classes that the findings have.
  private var known: Set<String> = []
  private var lastNames: [String] = []
  private var counts: [[Int]: Int] = [:]
  /// Which people there are, by number.
  private var seen: Set<Int> = []
  /// Frames with a coded label in which the person was not found, or has no expression.
  package private(set) var codedOnly = 0
  /// Frames of coded people that were found and have no coded label.
  package private(set) var foundOnly = 0
  /// Coded intervals in no frame of which the person was found.
  package private(set) var runsOnly = 0
  private var runCounts: [[Int]: Int] = [:]
  /// Coded subjects that are nobody in the findings.
  package private(set) var strangers: [String] = []

  /// - Parameters:
  ///   - coded: the human's intervals.
  ///   - subjects: which person of the findings a subject is; others are those whose number is in their names.
  ///   - labels: other names for coded labels, by their own.
  /// - Throws: ``Failure``: `usage` if nobody knows who the subjects are; `badInput` if a subject has two labels at a time.
  package init(
    _ coded: CodedIntervals, subjects: [String: Int], labels: [String: String], _ options: RunOptions
  ) throws(Failure) {
    self.options = options
    renamed = labels
    let bySubject = Dictionary(grouping: coded.intervals, by: \.subject)
    let given = Set(subjects.values)
    for subject in coded.subjects {
      let byName = Self.number(of: subject, isOnly: coded.subjects.count == 1)
      // Who is said to be a person is that, whatever other names say.
      guard let number = subjects[subject] ?? byName.flatMap({ given.contains($0) ? nil : $0 }) else {
        strangers.append(subject)
        continue
      }
      guard lanes[number] == nil else {
        throw Failure(
          .usage, step: "two subjects are person \(number)", subject: subject,
          cause: "--person SUBJECT=NUMBER says who they are")
      }
      var lane = Lane(subject: subject)
      lane.intervals = bySubject[subject] ?? []
      if let (first, second) = CodedIntervals.overlap(lane.intervals) { throw Self.overlap(first, second) }
      lane.counts = [[Int: Int]](repeating: [:], count: lane.intervals.count)
      lanes[number] = lane
    }
    guard !lanes.isEmpty else {
      throw Failure(
        .usage, step: "no coded subject is a person of the findings",
        cause: "--person SUBJECT=NUMBER says who \"\(strangers[0].prefix(60))\" is")
    }
  }

  private static func overlap(_ first: CodedIntervals.Interval, _ second: CodedIntervals.Interval) -> Failure
  {
    func text(_ one: CodedIntervals.Interval) -> String {
      "\"\(one.label.prefix(40))\" from \(one.start) to \(one.end) s"
        + (one.tier.isEmpty ? "" : " (tier \"\(one.tier.prefix(40))\")")
    }
    return Failure(
      .badInput, step: "coded intervals overlap", subject: first.subject,
      cause: "\(text(first)) and \(text(second)); a frame can be compared with one label only"
        + (first.tier == second.tier ? "" : " (--tier says which tier has the expressions)"))
  }

  /// The only number in a name; an only subject without one is person 1.
  private static func number(of subject: String, isOnly: Bool) -> Int? {
    let numbers = subject.split { !("0"..."9").contains($0) }
    if numbers.count == 1 { return Int(numbers[0]) }
    return numbers.isEmpty && isOnly ? 1 : nil
  }

  package func add(_ frame: FindingsFrame, classes names: [String]) throws(Failure) {
    if names != lastNames {
      lastNames = names
      known.formUnion(names)
    }
    var found: [Int: Int?] = [:]
    for (face, person) in zip(frame.faces, frame.people) {
      guard let person, lanes[person.number] != nil else { continue }
      let label = !options.isRaw && face.smoothed.isPresent ? face.smoothed : face.label
      var expression: Int?
      if let index = label.expression { expression = try classes.index(of: names[index]) }
      found[person.number] = expression
      seen.insert(person.number)
    }
    for number in lanes.keys {
      // Whole milliseconds, as most programs have them, may lie a little before the frame that they mean.
      try compare(number, found[number] ?? nil, at: frame.position + 0.001)
    }
  }

  private func compare(_ number: Int, _ found: Int?, at position: Double) throws(Failure) {
    guard var lane = lanes[number] else { return }
    lanes[number] = nil
    defer { lanes[number] = lane }
    while lane.next < lane.intervals.count, lane.intervals[lane.next].end <= position { lane.next += 1 }
    guard lane.next < lane.intervals.count, lane.intervals[lane.next].start <= position else {
      if found != nil { foundOnly += 1 }
      return
    }
    let label = lane.intervals[lane.next].label
    let coded = try classes.index(of: renamed[label] ?? label)
    guard let found else {
      codedOnly += 1
      return
    }
    counts[[coded, found], default: 0] += 1
    lane.counts[lane.next][found, default: 0] += 1
  }

  package func finish(_ findings: Findings) throws(Failure) {
    for lane in lanes.values {
      for (interval, counts) in zip(lane.intervals, lane.counts) {
        let coded = try classes.index(of: renamed[interval.label] ?? interval.label)
        // The class of most frames; of equals the first.
        guard let found = counts.max(by: { ($0.value, -$0.key) < ($1.value, -$1.key) })?.key else {
          runsOnly += 1
          continue
        }
        runCounts[[coded, found], default: 0] += 1
      }
    }
  }

  /// People that are compared: coded subject and number, by number; those who are in no frame are among them.
  package var people: [(subject: String, number: Int, isSeen: Bool)] {
    lanes.sorted { $0.key < $1.key }.map { ($0.value.subject, $0.key, seen.contains($0.key)) }
  }

  /// Coded labels, as they are compared, that are no class of the findings: no frame can agree with them. Sorted.
  package var unknownLabels: [String] {
    let coded = Set(lanes.values.flatMap { $0.intervals.map { renamed[$0.label] ?? $0.label } })
    return coded.subtracting(known).sorted(by: NameList.precedes)
  }
  /// Other names for labels that nobody coded. Sorted.
  package var unusedNames: [String] {
    let coded = Set(lanes.values.flatMap { $0.intervals.map(\.label) })
    return Set(renamed.keys).subtracting(coded).sorted(by: NameList.precedes)
  }

  /// What was coded against what was found, a frame at a time.
  package var byFrame: ClassificationReport { report(counts) }
  /// What was coded against what was found in most of its frames, an interval at a time.
  package var byRun: ClassificationReport { report(runCounts) }

  private func report(_ counts: [[Int]: Int]) -> ClassificationReport {
    // Only classes that occur, in the order of their names.
    let names = classes.names
    let used = Set(self.counts.keys.joined()).union(runCounts.keys.joined()).sorted {
      names[$0].utf8.lexicographicallyPrecedes(names[$1].utf8)
    }
    let confusion = used.map { row in used.map { counts[[row, $0]] ?? 0 } }
    return ClassificationReport(classes: used.map { names[$0] }, confusion: confusion)
  }
}
