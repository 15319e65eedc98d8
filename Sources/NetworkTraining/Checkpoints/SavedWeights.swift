/// A network's weights with the optimizer's state that belongs to them.
package struct SavedWeights {
  /// All trained values, in the order of the network's flat array.
  package var weights: [Float]
  /// The moving statistics of batch normalization, in the same order.
  package var statistics: [Float]
  /// What the optimizer keeps for them.
  package var optimizer: Optimizer.Snapshot

  /// Weights with everything that belongs to them.
  package init(weights: [Float], statistics: [Float], optimizer: Optimizer.Snapshot) {
    self.weights = weights
    self.statistics = statistics
    self.optimizer = optimizer
  }
}
