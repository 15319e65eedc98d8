import FrameStream
import NetworkEngine
import NetworkModel
import SystemIO

/// What a training has come to.
package struct TrainingResult: Sendable {
  /// The network with the weights that were chosen.
  package var graph: ModelGraph
  /// The optimizer's state that belongs to them, for Keras's `model.fit` and for going on.
  package var trainingState: TrainingState
  /// The epoch whose weights these are, those before this training counted.
  package var epoch: Int
}

extension Trainer {
  /// The weights as they are now (their average if there is one) and the optimizer's state.
  func currentWeights() throws(Failure) -> SavedWeights {
    if let average, !average.weights.isEmpty {
      return SavedWeights(
        weights: average.weights, statistics: average.statistics, optimizer: optimizer.snapshot)
    }
    return SavedWeights(
      weights: try network.copiedWeights(), statistics: try network.copiedStatistics(),
      optimizer: optimizer.snapshot)
  }

  /// The network as it is to be judged now: with averaged weights if there are any.
  func currentGraph() throws(Failure) -> ModelGraph {
    guard let average, !average.weights.isEmpty else { return network.graph() }
    return try graph(weights: average.weights, statistics: average.statistics)
  }

  /// The network with other weights than those in training, which it keeps.
  private func graph(weights: [Float], statistics: [Float]) throws(Failure) -> ModelGraph {
    let present = (try network.copiedWeights(), try network.copiedStatistics())
    try network.replace(weights: weights, statistics: statistics)
    let graph = network.graph()
    try network.replace(weights: present.0, statistics: present.1)
    return graph
  }

  /// The validation accuracy of the weights that ``result()`` gives; nil without validation, and before the first
  /// epoch.
  package var chosenAccuracy: Double? { position.bestAccuracy }

  /// Of which epoch the weights are that this training began with; 0 if they are of none.
  var startEpoch: Int { options.startEpoch ?? epochsBefore }

  /// True if no epoch was better than the model that is trained on: ``result()`` gives that one's weights.
  package var keepsStart: Bool { best != nil && position.bestEpoch == 0 }

  /// The best weights by validation accuracy, or without validation the last ones. Those of a model that is trained on
  /// are among them.
  package func result() throws(Failure) -> TrainingResult {
    let chosen: SavedWeights
    if let best { chosen = best } else { chosen = try currentWeights() }
    let epoch =
      keepsStart
      ? startEpoch
      : epochsBefore + (best == nil ? position.epoch : position.bestEpoch)
    let present = optimizer.snapshot
    try optimizer.restore(chosen.optimizer)
    let state = try optimizer.trainingState()
    try optimizer.restore(present)
    return TrainingResult(
      graph: try graph(weights: chosen.weights, statistics: chosen.statistics), trainingState: state,
      epoch: epoch)
  }
}

extension TrainingNetwork {
  func copiedWeights() throws(Failure) -> [Float] { try withWeights { Array($0) } }

  func copiedStatistics() throws(Failure) -> [Float] { try withStatistics { Array($0) } }

  /// - Throws: ``Failure`` (`badInput`) if their numbers are not this network's.
  func replace(weights: [Float], statistics: [Float]) throws(Failure) {
    func replace(_ target: UnsafeMutableBufferPointer<Float>, _ values: [Float]) throws(Failure) {
      guard target.count == values.count else {
        throw Failure(
          .badInput, step: "weights", cause: "\(values.count) values where the network has \(target.count)")
      }
      _ = target.update(fromContentsOf: values)
    }
    try withWeights { (target) throws(Failure) in try replace(target, weights) }
    try withStatistics { (target) throws(Failure) in try replace(target, statistics) }
  }
}
