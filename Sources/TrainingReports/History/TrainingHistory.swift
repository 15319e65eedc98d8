import FrameStream
import SystemIO
import TextTables

/// The epochs of a training run in order.
package struct TrainingHistory: Sendable, Equatable {
  /// The most epochs that are read back from a file.
  package static let longest = 1_000_000

  /// The epochs, the first one first.
  package var epochs: [EpochRecord]

  /// A history of some epochs, or of none.
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

  /// True if a stage begins with the record at `place` whose weights are not those of the record before it: a curve
  /// is broken there.
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
  /// pictures_per_second; where stages continued a model, then from_epoch and from_val_accuracy
  /// (``EpochRecord/stageStart``). A missing value is empty; a loss that is not a number is `nan` or `inf`.
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

  /// The same as one JSON object a line. JSON has no NaN: it is null, as is a missing value.
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

  /// Reads ``csv()`` back. Columns may be in any order; unknown ones are ignored.
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

  /// Reads ``ndjson()`` back. Other keys are ignored, and so are lines without `epoch`, because a progress
  /// stream mixes several kinds of record; a last line without its end was cut and is ignored too.
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

extension TrainingHistory {
  /// From a JSON array of records, as a model file and a checkpoint keep them; nil has none.
  /// - Throws: ``Failure`` (`badInput`) if one is not what ``ndjson()`` writes.
  package init(records: JSONValue?) throws(Failure) {
    var lines: [UInt8] = []
    for record in records?.array ?? [] {
      var writer = JSONWriter()
      writer.value(record)
      lines += writer.bytes + [UInt8(ascii: "\n")]
    }
    try self.init(ndjson: lines)
  }
}
