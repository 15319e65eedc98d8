/// What was answered for one person over time, beside what was true.
package struct AnswerSeries: Sendable, Equatable {
  /// One face.
  package struct Answer: Sendable, Equatable {
    /// The presentation time of its frame, in seconds.
    package var time: Double
    /// The true class.
    package var label: String
    /// The class that was named; nil if none was.
    package var named: String?

    /// A face with its truth and its answer.
    package init(time: Double, label: String, named: String?) {
      self.time = time
      self.label = label
      self.named = named
    }
  }

  /// The answers in the order of their frames.
  package private(set) var answers: [Answer] = []

  /// Adds the answer of the next frame.
  package mutating func append(_ answer: Answer) { answers.append(answer) }

  /// The pairs of answers that follow each other, where both name a class.
  var pairs: Int { successive.count }
  /// How many of the pairs name different classes.
  var changes: Int { successive.count { $0 != $1 } }

  private var successive: [(String, String)] {
    zip(answers, answers.dropFirst()).compactMap { first, second in
      first.named.flatMap { first in second.named.map { (first, $0) } }
    }
  }

  /// For each change of the truth, the seconds until the new class was first named; nil where it was not named before
  /// the truth changed again.
  var onsetDelays: [Double?] {
    var delays: [Double?] = []
    var start = 0
    while let next = answers[start...].firstIndex(where: { $0.label != answers[start].label }) {
      let label = answers[next].label
      let stretch = answers[next...].prefix { $0.label == label }
      delays.append(stretch.first { $0.named == label }.map { $0.time - answers[next].time })
      start = next
    }
    return delays
  }
}
