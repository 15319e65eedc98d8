import FrameStream

extension TrainingPosition {
  func write(to writer: inout JSONWriter) {
    func number(_ key: String, _ value: Double, _ object: inout JSONWriter) {
      object.key(key)
      object.value(value)
    }
    func whole(_ key: String, _ value: Int, _ object: inout JSONWriter) {
      object.key(key)
      object.value(value)
    }
    writer.object { object in
      whole("epoch", epoch, &object)
      whole("step", step, &object)
      number("loss_sum", lossSum, &object)
      whole("correct", correct, &object)
      whole("pictures", pictures, &object)
      number("seconds", seconds, &object)
      number("learning_rate", learningRate, &object)
      number("plateau_scale", plateau.scale, &object)
      // Infinity before the first epoch, which JSON writes as null.
      number("plateau_best", plateau.best, &object)
      whole("plateau_epochs", plateau.epochsWithoutImprovement, &object)
      whole("best_epoch", bestEpoch, &object)
      object.key("best_accuracy")
      if let bestAccuracy { object.value(bestAccuracy) } else { object.null() }
      object.key("finished")
      object.value(isFinished)
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
