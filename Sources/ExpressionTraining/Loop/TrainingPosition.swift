/// Where a training is: all that the next step depends on besides weights and the optimizer's state.
struct TrainingPosition: Equatable {
  /// Epochs done in this training.
  var epoch = 0
  /// Steps done of the epoch in work.
  var step = 0
  /// Sums over the epoch in work.
  var lossSum = 0.0
  var correct = 0
  var pictures = 0
  var seconds = 0.0
  var learningRate = 0.0
  var plateau = PlateauState()
  /// The best epoch so far, from 1 in this training; 0 before the first, and while none is better than a model that
  /// is trained on.
  var bestEpoch = 0
  /// The validation accuracy of the best weights so far: of ``bestEpoch``, or of those that a model trained on had;
  /// nil before there are any.
  var bestAccuracy: Double?
  var isFinished = false

  var epochsSinceBest: Int { epoch - bestEpoch }

  var loss: Double { pictures > 0 ? lossSum / Double(pictures) : 0 }
  var accuracy: Double { pictures > 0 ? Double(correct) / Double(pictures) : 0 }

  /// Begins the next epoch.
  mutating func endEpoch() {
    epoch += 1
    (step, lossSum, correct, pictures, seconds) = (0, 0, 0, 0, 0)
  }
}
