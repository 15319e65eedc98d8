/// How a person's labels are smoothed over time.
package enum LabelSmoothing: String, Sendable, CaseIterable {
  /// Not at all.
  case none
  /// A mean that forgets: the past only.
  case exponential
  /// The most probable course of a hidden Markov chain, with all that is known.
  case viterbi
}
