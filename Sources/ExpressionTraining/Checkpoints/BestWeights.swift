import NetworkTraining

/// The best weights so far, by validation accuracy.
struct BestWeights {
  /// Their epoch, from 1 in this training; 0 before the first, and while none is better than the model that training
  /// continues from.
  private(set) var epoch = 0
  /// Their validation accuracy; nil before the first epoch with one.
  private(set) var accuracy: Double?
  /// Nil without validation, and before the first epoch.
  private(set) var weights: SavedWeights?

  init() {}

  /// As a checkpoint keeps them.
  init(epoch: Int, accuracy: Double?, weights: SavedWeights?) {
    self.epoch = epoch
    self.accuracy = accuracy
    self.weights = weights
  }

  /// True if weights of this accuracy are to be chosen: of equals the first are.
  func isExceeded(by accuracy: Double) -> Bool { accuracy > self.accuracy ?? -1 }

  /// Chooses weights.
  mutating func choose(_ weights: SavedWeights, epoch: Int, accuracy: Double) {
    self = BestWeights(epoch: epoch, accuracy: accuracy, weights: weights)
  }
}
