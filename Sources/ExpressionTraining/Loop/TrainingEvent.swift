/// What a training says while it runs.
package enum TrainingEvent: Sendable {
  /// It goes on from a checkpoint: so many epochs were done, and so many steps of the next.
  case resumed(epochs: Int, steps: Int)
  /// It goes on from a finished model, which has the weights of an epoch and is so good.
  case judgedStart(epoch: Int, validationAccuracy: Double)
  case step(TrainingProgress)
  case epoch(EpochRecord, isBest: Bool)
  /// The checkpoint has been written.
  case saved
  /// It ends before its last epoch, because the validation has not become better for so many epochs.
  case stoppedEarly(epochsWithoutImprovement: Int)
}

/// How far a training is.
package struct TrainingProgress: Sendable {
  /// The epoch in work, from 1, and the last one.
  package var epoch: Int
  package var epochs: Int
  /// Steps done of it, and all of them.
  package var step: Int
  package var steps: Int
  /// Means over the epoch so far.
  package var loss: Double
  package var accuracy: Double
  package var learningRate: Double
  /// In this process, over the epoch so far.
  package var picturesPerSecond: Double
  /// To the end of the last epoch, if nothing changes.
  package var secondsLeft: Double
}
