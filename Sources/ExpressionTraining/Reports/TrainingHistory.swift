import FrameStream
import SystemIO

/// One epoch of training as it is reported.
package struct EpochRecord: Sendable, Equatable {
  /// From 1.
  package var epoch: Int
  /// Mean loss over the training pictures as they were seen, augmentation and dropout on.
  package var loss: Double
  /// Share of training pictures named rightly, likewise.
  package var accuracy: Double
  package var validationLoss: Double?
  package var validationAccuracy: Double?
  /// The learning rate of the epoch's last step.
  package var learningRate: Double
  /// Wall time of the epoch, validation included; nil where it was not kept, as in a model's file.
  package var seconds: Double?
  /// Training pictures a second.
  package var picturesPerSecond: Double?
  /// Of the first epoch of a stage that went on from a model: what that began with; nil for any other epoch.
  package var stageStart: StageStart?

  /// The weights that a stage of training began with.
  package struct StageStart: Sendable, Equatable {
    /// The epoch whose weights they are: the best one before, which need not be the last.
    package var epoch: Int
    /// Theirs, on the pictures that the stage was validated with; nil without such.
    package var validationAccuracy: Double?

    package init(epoch: Int, validationAccuracy: Double? = nil) {
      self.epoch = epoch
      self.validationAccuracy = validationAccuracy
    }
  }

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
  fileprivate static let plainColumns = [
    "epoch", "loss", "accuracy", "val_loss", "val_accuracy", "learning_rate", "seconds",
    "pictures_per_second",
  ]
  /// Those of ``stageStart``, which are there only for trainings of more than one stage.
  static let stageColumns = ["from_epoch", "from_val_accuracy"]

  fileprivate var values: [Double?] {
    [
      Double(epoch), loss, accuracy, validationLoss, validationAccuracy, learningRate, seconds,
      picturesPerSecond, stageStart.map { Double($0.epoch) }, stageStart?.validationAccuracy,
    ]
  }

  /// From values in the order of ``columns``; nil if the epoch is no whole number from 1.
  fileprivate init?(_ values: [Double?]) {
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

/// The epochs of a training run in order.
package struct TrainingHistory: Sendable, Equatable {
  /// The most epochs that are read back from a file.
  package static let longest = 1_000_000

  package var epochs: [EpochRecord]

  package init(_ epochs: [EpochRecord] = []) {
    self.epochs = epochs
  }

  /// The epoch with the highest validation accuracy; without one, the lowest validation loss; without that, the
  /// highest accuracy in training. The first of equals; nil if no epoch has a number.
  package var best: EpochRecord? {
    func best(_ score: (EpochRecord) -> Double?) -> EpochRecord? {
      var found: (record: EpochRecord, score: Double)?
      for record in epochs {
        guard let score = score(record), !score.isNaN else { continue }
        if found.map({ score > $0.score }) ?? true { found = (record, score) }
      }
      return found?.record
    }
    return best(\.validationAccuracy) ?? best { $0.validationLoss.map { -$0 } } ?? best(\.accuracy)
  }

  /// True if a stage begins with the record at `place` whose weights are not those of the record before it: a curve is
  /// broken there.
  func isBroken(before place: Int) -> Bool {
    guard place > 0, let start = epochs[place].stageStart else { return false }
    return start.epoch != epochs[place - 1].epoch
  }

  /// The stages in words: `epochs 1 to 8; 9 to 12 from epoch 7, validation accuracy 93.3 %`; nil if there is one only.
  package var stages: String? {
    let starts = epochs.indices.filter { epochs[$0].stageStart != nil }
    guard !starts.isEmpty else { return nil }
    let firsts = (starts.first == 0 ? [] : [0]) + starts
    return "epochs "
      + zip(firsts, firsts.dropFirst() + [epochs.count]).map { first, next in
        var text = "\(epochs[first].epoch) to \(epochs[next - 1].epoch)"
        guard let start = epochs[first].stageStart else { return text }
        text += " from epoch \(start.epoch)"
        if let accuracy = start.validationAccuracy {
          text += ", validation accuracy \(DecimalText.fixed(accuracy * 100, 1)) %"
        }
        return text
      }.joined(separator: "; ")
  }

  /// Wall time of all epochs of which it is known; nil if it is of none.
  package var seconds: Double? {
    let known = epochs.compactMap(\.seconds).filter(\.isFinite)
    return known.isEmpty ? nil : known.reduce(0, +)
  }

  /// The same with the times that another history has of the same epochs, where this one has none.
  package func withTimes(of other: TrainingHistory) -> TrainingHistory {
    var timed: [Int: EpochRecord] = [:]
    for record in other.epochs { timed[record.epoch] = record }
    var result = self
    for (place, record) in epochs.enumerated() where record.seconds == nil {
      guard var found = timed[record.epoch] else { continue }
      let (seconds, rate) = (found.seconds, found.picturesPerSecond)
      (found.seconds, found.picturesPerSecond) = (nil, record.picturesPerSecond)
      guard found == record else { continue }
      (result.epochs[place].seconds, result.epochs[place].picturesPerSecond) = (seconds, rate)
    }
    return result
  }

  /// `history.csv`: a row an epoch, headed epoch, loss, accuracy, val_loss, val_accuracy, learning_rate, seconds,
  /// pictures_per_second; where stages went on from a model, then from_epoch and from_val_accuracy
  /// (``EpochRecord/stageStart``). What there is not is empty; a loss that is no number is `nan` or `inf`.
  package func csv() -> [UInt8] {
    let hasStages = epochs.contains { $0.stageStart != nil }
    let columns = hasStages ? EpochRecord.columns : EpochRecord.plainColumns
    var table = CommaSeparatedValues.row(columns)
    for record in epochs {
      table += CommaSeparatedValues.row(
        record.values[..<columns.count].enumerated().map { column, value in
          // Epochs are whole numbers.
          switch columns[column] {
          case "epoch": "\(record.epoch)"
          case "from_epoch": record.stageStart.map { "\($0.epoch)" } ?? ""
          default: value?.description ?? ""
          }
        })
    }
    return Array(table.utf8)
  }

  /// The same as one JSON object a line. JSON has no NaN: it is null, as is what there is not.
  package func ndjson() -> [UInt8] {
    var bytes: [UInt8] = []
    for record in epochs {
      var writer = JSONWriter()
      writer.object { record.writeFields(to: &$0) }
      bytes += writer.bytes
      bytes.append(0x0A)
    }
    return bytes
  }

  /// Reads ``csv()`` back. Columns may stand in any order; unknown ones are passed over.
  /// - Throws: ``Failure`` (`badInput`) with the line as its subject.
  package init(csv bytes: [UInt8]) throws(Failure) {
    var parser = CommaSeparatedValues()
    var places: [Int?]?
    var width = 0
    var epochs: [EpochRecord] = []
    func take(_ row: CommaSeparatedValues.Fields) throws(Failure) {
      func refuse(_ cause: String) -> Failure {
        Failure(.badInput, step: "not a training history", subject: "line \(row.line)", cause: cause)
      }
      guard let columns = places else {
        var headings: [String] = []
        for index in 0..<row.count { headings.append(try row.text(index)) }
        guard headings.contains("epoch") else { throw refuse("no column 'epoch'") }
        places = EpochRecord.columns.map { headings.firstIndex(of: $0) }
        width = headings.count
        return
      }
      guard row.count == width else { throw refuse("expected \(width) fields, found \(row.count)") }
      var values: [Double?] = []
      for (column, place) in zip(EpochRecord.columns, columns) {
        guard let text = try place.map({ (place) throws(Failure) in try row.text(place) }), !text.isEmpty
        else {
          values.append(nil)
          continue
        }
        guard let value = Double(text) else { throw refuse("\(column) is not a number") }
        values.append(value)
      }
      guard let record = EpochRecord(values) else { throw refuse("epoch is not a whole number from 1") }
      guard epochs.count < Self.longest else { throw refuse("more than \(Self.longest) epochs") }
      epochs.append(record)
    }
    let failure = bytes.withUnsafeBytes { bytes -> Failure? in
      do throws(Failure) {
        try parser.take(bytes, take)
        try parser.finish(take)
      } catch { return error }
      return nil
    }
    if let failure { throw failure }
    guard places != nil else {
      throw Failure(.badInput, step: "not a training history", cause: "no headings")
    }
    self.epochs = epochs
  }

  /// Reads ``ndjson()`` back. Other keys are passed over, and so are lines that have no `epoch`, as a progress
  /// stream mixes several kinds of record; a last line without its end was cut and is passed over too.
  /// - Throws: ``Failure`` (`badInput`) with the line as its subject.
  package init(ndjson bytes: [UInt8]) throws(Failure) {
    var epochs: [EpochRecord] = []
    var number = 0
    var start = bytes.startIndex
    while start < bytes.endIndex, let end = bytes[start...].firstIndex(of: 0x0A) {
      let line = bytes[start..<end]
      start = end + 1
      number += 1
      guard line.contains(where: { $0 != 0x20 && $0 != 0x0D && $0 != 0x09 }) else { continue }
      func refuse(_ cause: String) -> Failure {
        Failure(
          .badInput, step: "not a record of a training history", subject: "line \(number)", cause: cause)
      }
      let text: JSONText
      do throws(Failure) { text = try JSONText(parsing: Array(line)) } catch {
        throw error.within("line \(number)")
      }
      guard let json = try text.isObject ? JSONValue(text) : nil, json["epoch"] != nil else { continue }
      let values = EpochRecord.columns.map { json[$0]?.double }
      guard let record = EpochRecord(values) else { throw refuse("epoch is not a whole number from 1") }
      guard epochs.count < Self.longest else { throw refuse("more than \(Self.longest) epochs") }
      epochs.append(record)
    }
    self.epochs = epochs
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
