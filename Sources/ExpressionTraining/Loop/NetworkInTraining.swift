import ExpressionNet
import NetworkEngine
import NetworkModel
import SystemIO

/// A network that is trained: its weights, the optimizer that moves them, and their moving average.
final class NetworkInTraining {
  let network: TrainingNetwork
  private let optimizer: Optimizer
  private var average: WeightAverage?

  /// - Parameters:
  ///   - graph: The network with its starting weights.
  ///   - optimizerState: The optimizer's state that belongs to them; nil for a fresh one.
  ///   - threads: 0 for one a processor.
  /// - Throws: ``Failure`` if a layer cannot be trained.
  init(_ recipe: Recipe, _ graph: ModelGraph, optimizerState: TrainingState?, threads: Int) throws(Failure) {
    var options = TrainingNetwork.Options()
    options.threads = threads
    options.precision = recipe.precision == .bf16 ? .bf16 : .f32
    options.distillation = try recipe.distillation
    network = try TrainingNetwork(graph, options)
    optimizer = try recipe.makeOptimizer(for: network, graph, state: optimizerState, threads: threads)
    average = recipe.average > 0 ? WeightAverage(momentum: recipe.average) : nil
  }

  /// Moves the weights along the gradients of the last step, and their average after them.
  func update(learningRate: Float) throws(Failure) {
    try network.withWeights { (weights) throws(Failure) in
      try network.withGradients { (gradients) throws(Failure) in
        optimizer.step(weights: weights, gradients: gradients, learningRate: learningRate)
      }
      guard average != nil else { return }
      try network.withStatistics { (statistics) throws(Failure) in
        average?.add(weights: weights, statistics: statistics)
      }
    }
  }

  // MARK: Weights

  /// The weights in training, as they are now.
  func weights() throws(Failure) -> SavedWeights {
    SavedWeights(
      weights: try network.copiedWeights(), statistics: try network.copiedStatistics(),
      optimizer: optimizer.snapshot)
  }

  /// The weights to evaluate and to keep: their average if there is one.
  func evaluatedWeights() throws(Failure) -> SavedWeights {
    guard let average, !average.weights.isEmpty else { return try weights() }
    return SavedWeights(
      weights: average.weights, statistics: average.statistics, optimizer: optimizer.snapshot)
  }

  /// The network with ``evaluatedWeights()``.
  func evaluatedGraph() throws(Failure) -> ModelGraph {
    guard let average, !average.weights.isEmpty else { return network.graph() }
    return try graph(weights: average.weights, statistics: average.statistics)
  }

  /// The network with other weights than those in training, which it keeps.
  func graph(_ weights: SavedWeights) throws(Failure) -> ModelGraph {
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
  func trainingState(_ weights: SavedWeights) throws(Failure) -> TrainingState {
    let present = optimizer.snapshot
    try optimizer.restore(weights.optimizer)
    let state = try optimizer.trainingState()
    try optimizer.restore(present)
    return state
  }

  // MARK: Checkpoints

  /// The average of the weights, for a checkpoint; nil if the recipe wants none.
  var checkpointedAverage: WeightAverage? { average }

  /// Continues from a checkpoint.
  /// - Throws: ``Failure`` (`badInput`) if it is of another network or optimizer.
  func restore(_ checkpoint: TrainingCheckpoint) throws(Failure) {
    try network.replace(weights: checkpoint.weights.weights, statistics: checkpoint.weights.statistics)
    try optimizer.restore(checkpoint.weights.optimizer)
    average = checkpoint.average
  }
}

extension TrainingNetwork {
  func copiedWeights() throws(Failure) -> [Float] { try withWeights { Array($0) } }

  func copiedStatistics() throws(Failure) -> [Float] { try withStatistics { Array($0) } }

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
