import FrameStream

extension TrainingPosition {
  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("epoch", epoch)
      object.field("step", step)
      object.field("loss_sum", lossSum)
      object.field("correct", correct)
      object.field("pictures", pictures)
      object.field("seconds", seconds)
      object.field("learning_rate", learningRate)
      object.field("plateau_scale", plateau.scale)
      // Infinity before the first epoch, which JSON writes as null.
      object.field("plateau_best", plateau.best)
      object.field("plateau_epochs", plateau.epochsWithoutImprovement)
      object.field("best_epoch", bestEpoch)
      object.field("best_accuracy", orNull: bestAccuracy)
      object.field("finished", isFinished)
    }
  }

  /// Nil if a key is missing or of the wrong kind.
  init?(_ json: JSONValue) {
    guard let epoch = json["epoch"]?.int, let step = json["step"]?.int,
      let lossSum = json["loss_sum"]?.double, let correct = json["correct"]?.int,
      let pictures = json["pictures"]?.int, let seconds = json["seconds"]?.double,
      let learningRate = json["learning_rate"]?.double, let scale = json["plateau_scale"]?.double,
      let best = json["plateau_best"], let waiting = json["plateau_epochs"]?.int,
      let bestEpoch = json["best_epoch"]?.int, let isFinished = json["finished"]?.bool
    else { return nil }
    self.epoch = epoch
    self.step = step
    self.lossSum = lossSum
    self.correct = correct
    self.pictures = pictures
    self.seconds = seconds
    self.learningRate = learningRate
    plateau.scale = scale
    plateau.best = best.double ?? .infinity
    plateau.epochsWithoutImprovement = waiting
    self.bestEpoch = bestEpoch
    // Older checkpoints have none: the history has it then.
    bestAccuracy = json["best_accuracy"]?.double
    self.isFinished = isFinished
  }
}
