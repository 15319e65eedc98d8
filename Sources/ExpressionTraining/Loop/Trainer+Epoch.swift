import SystemIO

extension Trainer {
  /// Does the steps that are left of the epoch; false if it was stopped before the end.
  func trainEpoch(isStopped: () -> Bool, onEvent: (TrainingEvent) throws(Failure) -> Void) throws(Failure)
    -> Bool
  {
    guard position.step < stepsPerEpoch else { return true }
    loader.begin(epoch: epochsBefore + position.epoch, fromStep: position.step)
    let secondsBefore = position.seconds
    let picturesBefore = position.pictures
    var start = MonotonicClock.seconds()
    while position.step < stepsPerEpoch {
      if isStopped() { return false }
      try step()
      let now = MonotonicClock.seconds()
      position.seconds += now - start
      start = now
      let rate =
        Double(position.pictures - picturesBefore) / max(position.seconds - secondsBefore, 1e-9)
      try onEvent(.step(progress(rate: rate)))
      if position.step < stepsPerEpoch, now - lastSave >= options.checkpointSeconds {
        try save(onEvent)
        // The time that saving takes is not training.
        start = MonotonicClock.seconds()
      }
    }
    return true
  }

  private func progress(rate: Double) -> TrainingProgress {
    let picturesLeft =
      (recipe.epochs - position.epoch) * data.training.count - position.pictures
    return TrainingProgress(
      epoch: epochsBefore + position.epoch + 1, epochs: epochsBefore + recipe.epochs, step: position.step,
      steps: stepsPerEpoch, loss: position.loss, accuracy: position.accuracy,
      learningRate: position.learningRate, picturesPerSecond: rate,
      secondsLeft: rate > 0 ? Double(picturesLeft) / rate : .infinity)
  }

  /// One batch: forward, backward, the optimizer's step.
  private func step() throws(Failure) {
    let total = position.epoch * stepsPerEpoch + position.step
    let count = loader.nextCount
    let seed = SeededGenerator.mix(
      UInt64(recipe.seed) &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(epochsBefore * stepsPerEpoch + total) &+ 1)
    let result = try network.step(count: count, seed: seed) {
      (input, targets, weights) throws(Failure) in
      let written = try loader.next(input: input, targets: targets, weights: weights)
      guard written == count else {
        throw Failure(
          .failed, step: "reading a batch", cause: "\(written) pictures where \(count) were expected")
      }
    }
    position.learningRate = schedule.rate(
      atStep: total, stepsPerEpoch: stepsPerEpoch, epochs: recipe.epochs, plateau: position.plateau)
    position.step += 1
    position.lossSum += result.loss * Double(count)
    position.correct += result.correct
    position.pictures += count
    guard result.loss.isFinite else { throw divergence() }
    let rate = position.learningRate
    try network.withWeights { (weights) throws(Failure) in
      try network.withGradients { (gradients) throws(Failure) in
        optimizer.step(weights: weights, gradients: gradients, learningRate: Float(rate))
      }
      guard average != nil else { return }
      try network.withStatistics { (statistics) throws(Failure) in
        average?.take(weights: weights, statistics: statistics)
      }
    }
  }

  func divergence() -> Failure {
    let place = "epoch \(epochsBefore + position.epoch + 1), step \(position.step)"
    let saved = options.checkpoint.map { "; the checkpoint \($0) stands as it was before" } ?? ""
    return Failure(
      .failed, step: "training", subject: place,
      cause: "the loss is no longer a number\(saved). Begin anew with --restart and a smaller "
        + "--learning-rate, a longer --warm-up, or --clip-norm 1")
  }

  /// Validates the weights that a model trained on begins with: an epoch must be better than they are to be chosen.
  /// - Returns: false if it was stopped before it was done.
  func judgeStart(isStopped: () -> Bool, onEvent: (TrainingEvent) throws(Failure) -> Void) throws(Failure)
    -> Bool
  {
    guard epochsBefore > 0, position == TrainingPosition(), best == nil, let evaluator else { return true }
    guard let predictions = try evaluator.predictions(of: try currentGraph(), isStopped: isStopped) else {
      return false
    }
    let accuracy = ClassificationReport(predictions).accuracy
    position.bestAccuracy = accuracy
    best = try currentWeights()
    try onEvent(.judgedStart(epoch: startEpoch, validationAccuracy: accuracy))
    return true
  }

  /// Validates, keeps the best weights and writes the epoch down.
  /// - Returns: What is to be told of it; nil if it was stopped before it was done.
  func endEpoch(isStopped: () -> Bool) throws(Failure) -> [TrainingEvent]? {
    let start = MonotonicClock.seconds()
    var record = EpochRecord(
      epoch: epochsBefore + position.epoch + 1, loss: position.loss, accuracy: position.accuracy,
      learningRate: position.learningRate,
      picturesPerSecond: Double(position.pictures) / max(position.seconds, 1e-9))
    var isBest = false
    if let evaluator {
      guard let predictions = try evaluator.predictions(of: try currentGraph(), isStopped: isStopped) else {
        return nil
      }
      let report = ClassificationReport(predictions)
      record.validationLoss = report.crossEntropy
      record.validationAccuracy = report.accuracy
      isBest = report.accuracy > position.bestAccuracy ?? -1
    }
    record.seconds = position.seconds + MonotonicClock.seconds() - start
    if position.epoch == 0, epochsBefore > 0 {
      record.stageStart = .init(epoch: startEpoch, validationAccuracy: position.bestAccuracy)
    }
    history.epochs.append(record)
    position.plateau.take(
      loss: record.validationLoss ?? record.loss, patience: recipe.patience, factor: recipe.factor)
    position.endEpoch()
    if isBest {
      position.bestEpoch = position.epoch
      position.bestAccuracy = record.validationAccuracy
      best = try currentWeights()
    }
    var events = [TrainingEvent.epoch(record, isBest: isBest)]
    if recipe.earlyStopping > 0, position.epochsSinceBest >= recipe.earlyStopping {
      position.isFinished = true
      events.append(.stoppedEarly(epochsWithoutImprovement: position.epochsSinceBest))
    }
    return events
  }
}
