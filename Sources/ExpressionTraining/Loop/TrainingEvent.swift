import TrainingReports

/// What happens while a training runs.
package enum TrainingEvent: Sendable {
  /// It continues from a checkpoint, after this many epochs and steps of the next one.
  case resumed(epochs: Int, steps: Int)
  /// It continues from a finished model: the epoch of its weights, and their accuracy.
  case evaluatedInitialWeights(epoch: Int, validationAccuracy: Double)
  /// One step is done.
  case step(TrainingProgress)
  /// An epoch is done and validated; whether its weights are the best so far.
  case epoch(EpochRecord, isBest: Bool)
  /// Where the time of the epoch went, if that was asked for (``Trainer/Options/isTimed``).
  case times(EpochTimes, epoch: Int)
  /// The checkpoint has been written.
  case saved
  /// It ends before its last epoch, after this many epochs without a better validation accuracy.
  case stoppedEarly(epochsWithoutImprovement: Int)
}

/// The progress of a training.
package struct TrainingProgress: Sendable {
  /// The current epoch, from 1.
  package var epoch: Int
  /// The number of the last epoch.
  package var epochs: Int
  /// Steps done in it.
  package var step: Int
  /// Steps of one epoch.
  package var steps: Int
  /// Means over the epoch so far.
  package var loss: Double
  /// Share of pictures whose class was predicted, over the epoch so far.
  package var accuracy: Double
  /// That of the last step.
  package var learningRate: Double
  /// In this process, over the epoch so far.
  package var picturesPerSecond: Double
  /// To the end of the last epoch, if nothing changes.
  package var secondsLeft: Double
}
