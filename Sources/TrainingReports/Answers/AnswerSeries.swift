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

  /// How often an answer differs from the one before it.
  var changes: Int { zip(answers, answers.dropFirst()).count { $0.named != $1.named } }

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
