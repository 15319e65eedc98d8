import FrameStream

/// One epoch of training as it is reported.
package struct EpochRecord: Sendable, Equatable {
  /// From 1.
  package var epoch: Int
  /// Mean loss over the training pictures as they were seen, augmentation and dropout on.
  package var loss: Double
  /// Share of training pictures named correctly, as they were seen.
  package var accuracy: Double
  /// Mean cross-entropy over the validation pictures; nil without them.
  package var validationLoss: Double?
  /// Share of validation pictures whose class is predicted; nil without them.
  package var validationAccuracy: Double?
  /// The learning rate of the epoch's last step.
  package var learningRate: Double
  /// Wall time of the epoch, validation included; nil where it was not kept, as in a model's file.
  package var seconds: Double?
  /// Training pictures a second.
  package var picturesPerSecond: Double?
  /// In the first epoch of a stage that continued a model: what that began with; nil in any other epoch.
  package var stageStart: StageStart?

  /// The weights that a stage of training began with.
  package struct StageStart: Sendable, Equatable {
    /// The epoch whose weights they are: the best one before, which need not be the last.
    package var epoch: Int
    /// Theirs, on the pictures that the stage was validated with; nil without such.
    package var validationAccuracy: Double?

    /// The weights of `epoch`.
    package init(epoch: Int, validationAccuracy: Double? = nil) {
      self.epoch = epoch
      self.validationAccuracy = validationAccuracy
    }
  }

  /// An epoch with its figures.
  package init(
    epoch: Int, loss: Double, accuracy: Double, validationLoss: Double? = nil,
    validationAccuracy: Double? = nil, learningRate: Double, seconds: Double? = nil,
    picturesPerSecond: Double? = nil, stageStart: StageStart? = nil
  ) {
    self.epoch = epoch
    self.loss = loss
    self.accuracy = accuracy
    self.validationLoss = validationLoss
    self.validationAccuracy = validationAccuracy
    self.learningRate = learningRate
    self.seconds = seconds
    self.picturesPerSecond = picturesPerSecond
    self.stageStart = stageStart
  }

  /// The record's numbers by the names that `history.csv` and the NDJSON give them; Keras's where it has one.
  static let columns = plainColumns + stageColumns
  static let plainColumns = [
    "epoch", "loss", "accuracy", "val_loss", "val_accuracy", "learning_rate", "seconds",
    "pictures_per_second",
  ]
  /// Those of ``stageStart``, which are there only for trainings of more than one stage.
  static let stageColumns = ["from_epoch", "from_val_accuracy"]

  var values: [Double?] {
    [
      Double(epoch), loss, accuracy, validationLoss, validationAccuracy, learningRate, seconds,
      picturesPerSecond, stageStart.map { Double($0.epoch) }, stageStart?.validationAccuracy,
    ]
  }

  /// From values in the order of ``columns``; nil if the epoch is not a whole number from 1.
  init?(_ values: [Double?]) {
    guard let number = values[0], let epoch = Int(exactly: number), (1...Int(Int32.max)).contains(epoch)
    else {
      return nil
    }
    self.init(
      epoch: epoch, loss: values[1] ?? .nan, accuracy: values[2] ?? .nan, validationLoss: values[3],
      validationAccuracy: values[4], learningRate: values[5] ?? .nan,
      seconds: values[6].flatMap { $0.isNaN ? nil : $0 },
      picturesPerSecond: values[7].flatMap { $0.isNaN ? nil : $0 },
      stageStart: values[8].flatMap { Int(exactly: $0) }.map {
        StageStart(epoch: $0, validationAccuracy: values[9])
      })
  }
}

extension EpochRecord {
  /// Writes the record's fields inside an object.
  package func writeFields(to writer: inout JSONWriter) {
    for (column, value) in zip(Self.columns, values) {
      if stageStart == nil, Self.stageColumns.contains(column) { continue }
      writer.key(column)
      if column == "epoch" {
        writer.value(epoch)
      } else if column == "from_epoch", let stageStart {
        writer.value(stageStart.epoch)
      } else if let value {
        writer.value(value)
      } else {
        writer.null()
      }
    }
  }
}
