import NetworkEngine
import NetworkModel
import SystemIO

/// A network that is trained: its weights, the optimizer that moves them, and their moving average.
package final class NetworkInTraining {
  /// The network with the weights in training.
  package let network: TrainingNetwork
  private let optimizer: Optimizer
  /// The average of the weights; nil if none is kept.
  package private(set) var average: WeightAverage?
  private let warmsAverageUp: Bool

  /// - Parameters:
  ///   - graph: The network with its starting weights.
  ///   - average: The momentum of the moving average of the weights; 0 for none.
  ///   - warmsAverageUp: Whether an early average forgets the first weights sooner.
  ///   - makeOptimizer: Makes the optimizer for the network's parameters.
  /// - Throws: ``Failure`` if a layer cannot be trained.
  package init(
    _ graph: ModelGraph, _ options: TrainingNetwork.Options, average: Double,
    warmsAverageUp: Bool = false, makeOptimizer: (TrainingNetwork) throws(Failure) -> Optimizer
  ) throws(Failure) {
    network = try TrainingNetwork(graph, options)
    optimizer = try makeOptimizer(network)
    self.warmsAverageUp = warmsAverageUp
    self.average = average > 0 ? WeightAverage(momentum: average) : nil
  }

  /// Moves the weights along the gradients of the last step, and their average after them.
  package func update(learningRate: Float) throws(Failure) {
    try network.withWeights { (weights) throws(Failure) in
      try network.withGradients { (gradients) throws(Failure) in
        optimizer.step(weights: weights, gradients: gradients, learningRate: learningRate)
      }
      guard average != nil else { return }
      try network.withStatistics { (statistics) throws(Failure) in
        average?.add(
          weights: weights, statistics: statistics, step: warmsAverageUp ? optimizer.iterations : nil)
      }
    }
  }

  // MARK: Weights

  /// The weights in training, as they are now.
  package func weights() throws(Failure) -> SavedWeights {
    SavedWeights(
      weights: try network.copiedWeights(), statistics: try network.copiedStatistics(),
      optimizer: optimizer.snapshot)
  }

  /// The weights to evaluate and to keep: their average if there is one.
  package func evaluatedWeights() throws(Failure) -> SavedWeights {
    guard let average, !average.weights.isEmpty else { return try weights() }
    return SavedWeights(
      weights: average.weights, statistics: average.statistics, optimizer: optimizer.snapshot)
  }

  /// The network with ``evaluatedWeights()``.
  package func evaluatedGraph() throws(Failure) -> ModelGraph {
    guard let average, !average.weights.isEmpty else { return network.graph() }
    return try graph(weights: average.weights, statistics: average.statistics)
  }

  /// The network with other weights than those in training, which it keeps.
  package func graph(_ weights: SavedWeights) throws(Failure) -> ModelGraph {
    try graph(weights: weights.weights, statistics: weights.statistics)
  }

  private func graph(weights: [Float], statistics: [Float]) throws(Failure) -> ModelGraph {
    let present = (try network.copiedWeights(), try network.copiedStatistics())
    try network.replace(weights: weights, statistics: statistics)
    let graph = network.graph()
    try network.replace(weights: present.0, statistics: present.1)
    return graph
  }

  /// The optimizer's state that belongs to weights, as a model file keeps it.
  package func trainingState(_ weights: SavedWeights) throws(Failure) -> TrainingState {
    let present = optimizer.snapshot
    try optimizer.restore(weights.optimizer)
    let state = try optimizer.trainingState()
    try optimizer.restore(present)
    return state
  }

  /// Continues from weights, and their average, that were saved.
  /// - Throws: ``Failure`` (`badInput`) if they are of another network or optimizer.
  package func restore(_ saved: SavedWeights, average: WeightAverage?) throws(Failure) {
    try network.replace(weights: saved.weights, statistics: saved.statistics)
    try optimizer.restore(saved.optimizer)
    self.average = average
  }
}

extension TrainingNetwork {
  /// The trainable weights as they are now.
  package func copiedWeights() throws(Failure) -> [Float] { try withWeights { Array($0) } }

  /// The moving statistics as they are now.
  package func copiedStatistics() throws(Failure) -> [Float] { try withStatistics { Array($0) } }

  /// - Throws: ``Failure`` (`badInput`) if their numbers are not this network's.
  fileprivate func replace(weights: [Float], statistics: [Float]) throws(Failure) {
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
