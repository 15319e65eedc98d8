/// How right and how steady the answers for some persons are.
package struct AnswerQuality: Sendable, Equatable {
  /// Faces with a true class.
  package let count: Int
  /// Share of the faces whose class was named; a face without an answer counts as wrong.
  package let accuracy: Double
  /// The plain mean of the F1 scores of the classes that are true of some face.
  package let macroF1: Double
  /// How often an answer differs from the same person's one before, of 100 that have one before.
  package let changesPer100: Double
  /// Changes of a person's true class.
  package let onsets: Int
  /// Those after which the new class was named before the truth changed again.
  package let reachedOnsets: Int
  /// The mean of their delays in seconds; nil if there are none.
  package let onsetDelay: Double?

  /// The quality of the answers of some persons.
  package init(_ series: [AnswerSeries]) {
    let answers = series.lazy.flatMap(\.answers)
    var (right, named, support) = ([String: Int](), [String: Int](), [String: Int]())
    for answer in answers {
      support[answer.label, default: 0] += 1
      guard let name = answer.named else { continue }
      named[name, default: 0] += 1
      if name == answer.label { right[name, default: 0] += 1 }
    }
    count = support.values.reduce(0, +)
    accuracy = ClassificationReport.quotient(right.values.reduce(0, +), count)
    // In a fixed order: sums of numbers depend on it.
    let scores = support.sorted { $0.key < $1.key }.map { label, support in
      ClassificationReport.quotient(2 * right[label, default: 0], support + named[label, default: 0])
    }
    macroF1 = scores.isEmpty ? 0 : scores.reduce(0, +) / Double(scores.count)
    let pairs = series.reduce(0) { $0 + $1.pairs }
    changesPer100 = 100 * ClassificationReport.quotient(series.reduce(0) { $0 + $1.changes }, pairs)
    let delays = series.flatMap(\.onsetDelays)
    onsets = delays.count
    let reached = delays.compactMap(\.self)
    reachedOnsets = reached.count
    onsetDelay = reached.isEmpty ? nil : reached.reduce(0, +) / Double(reached.count)
  }
}
