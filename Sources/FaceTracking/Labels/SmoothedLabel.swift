/// A person's expression at a time, with all that is known of the times around it.
package struct SmoothedLabel: Sendable, Equatable {
  /// The class's index.
  package let index: Int
  /// A probability for each class.
  package let probabilities: [Float]

  /// The label at `seconds` after a sighting, with the outlook on what comes; nil if no classifier said anything.
  init?(
    _ smoothing: LabelSmoothing, _ evidence: LabelEvidence, seconds: Double, _ outlook: LabelOutlook,
    _ chain: LabelChain
  ) {
    guard !evidence.forward.isEmpty else { return nil }
    switch smoothing {
    case .none: return nil
    case .exponential:
      probabilities = evidence.mean
      guard let best = probabilities.indexOfMaximum() else { return nil }
      index = best
    case .viterbi:
      var values = seconds > 0 ? chain.step(evidence.forward, seconds) : evidence.forward
      var best = seconds > 0 ? chain.bestStep(evidence.best, seconds) : evidence.best
      if outlook.likelihood.count == values.count {
        for index in values.indices {
          values[index] *= outlook.likelihood[index]
          best[index] += outlook.best[index]
        }
      }
      probabilities = values.normalized()
      guard let course = best.indexOfMaximum() else { return nil }
      index = course
    }
  }
}
