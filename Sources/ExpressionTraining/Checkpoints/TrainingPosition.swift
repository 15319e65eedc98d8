import FrameStream
import NetworkTraining

/// The progress of a training: what the next step depends on besides weights and the optimizer's state.
struct TrainingPosition: Equatable {
  /// Epochs done in this training.
  var epoch = 0
  /// Steps done of the current epoch.
  var step = 0
  // Sums over the current epoch.
  var lossSum = 0.0
  var correct = 0
  var pictures = 0
  var seconds = 0.0
  /// The learning rate of the last step.
  var learningRate = 0.0
  var plateau = PlateauState()
  /// True if early stopping has ended the training.
  var isFinished = false

  var loss: Double { pictures > 0 ? lossSum / Double(pictures) : 0 }
  var accuracy: Double { pictures > 0 ? Double(correct) / Double(pictures) : 0 }

  /// Moves on to the next epoch.
  mutating func endEpoch() {
    epoch += 1
    (step, lossSum, correct, pictures, seconds) = (0, 0, 0, 0, 0)
  }
}

extension TrainingPosition {
  /// The limit of a counter in a file: more than any training reaches, and small enough to be added up.
  private static let counts = 0...1 << 40

  /// Writes the position and the choice of the best weights, which share an object in the file.
  func write(to writer: inout JSONWriter, _ best: BestWeights) {
    writer.object { object in
      func number(_ key: String, _ value: Double) {
        object.field(key, value)
      }
      func whole(_ key: String, _ value: Int) {
        object.field(key, value)
      }
      whole("epoch", epoch)
      whole("step", step)
      number("loss_sum", lossSum)
      whole("correct", correct)
      whole("pictures", pictures)
      number("seconds", seconds)
      number("learning_rate", learningRate)
      number("plateau_scale", plateau.scale)
      // Infinity before the first epoch, which JSON writes as null.
      number("plateau_best", plateau.best)
      whole("plateau_epochs", plateau.epochsWithoutImprovement)
      whole("best_epoch", best.epoch)
      object.key("best_accuracy")
      if let accuracy = best.accuracy { object.value(accuracy) } else { object.null() }
      object.field("finished", isFinished)
    }
  }

  /// Nil if a key is missing, of the wrong type, or no count: none is negative, and of no more pictures than there were
  /// is one named rightly.
  init?(_ json: JSONValue) {
    guard let epoch = json["epoch"]?.int, let step = json["step"]?.int,
      let lossSum = json["loss_sum"]?.double, let correct = json["correct"]?.int,
      let pictures = json["pictures"]?.int, let seconds = json["seconds"]?.double,
      let learningRate = json["learning_rate"]?.double, let scale = json["plateau_scale"]?.double,
      let best = json["plateau_best"], let waiting = json["plateau_epochs"]?.int,
      let isFinished = json["finished"]?.bool,
      Self.counts.contains(epoch), Self.counts.contains(step), Self.counts.contains(pictures),
      (0...pictures).contains(correct), Self.counts.contains(waiting), seconds >= 0
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
    self.isFinished = isFinished
  }
}
