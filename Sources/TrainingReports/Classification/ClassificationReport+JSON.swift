import FrameStream
import SystemIO

/// The form of `report.json`, an object; every share is 0 to 1, every `null` a figure that there is no picture for:
///
///     {"fm_report": 1, "name": "expressions", "count": 3589, "accuracy": 0.66, "top2_accuracy": 0.82,
///      "cross_entropy": 0.93, "brier_score": 0.45, "expected_calibration_error": 0.02, "mean_confidence": 0.64,
///      "without_prediction": 0,
///      "classes": [{"name": "angry", "precision": 0.6, "recall": 0.5, "f1": 0.55, "support": 467}, …],
///      "macro_average": {"precision": …, "recall": …, "f1": …}, "weighted_average": {…},
///      "confusion": [[…], …],                                  rows: true class, columns: predicted class
///      "calibration": [{"lower": 0, "upper": 0.0667, "count": 0, "confidence": 0, "accuracy": 0}, …],
///      "details": {…},                                         what the command adds: model, data, time…
///      "files": ["report.txt", …]}                             what lies beside it
extension ClassificationReport {
  /// Writes the report's own fields inside an object.
  func writeFields(to writer: inout JSONWriter) {
    func fields(_ scores: Scores, _ writer: inout JSONWriter) {
      writer.field("precision", scores.precision)
      writer.field("recall", scores.recall)
      writer.field("f1", scores.f1)
    }
    writer.field("count", count)
    writer.field("accuracy", orNull: accuracy)
    writer.field("top2_accuracy", orNull: top2Accuracy)
    writer.field("cross_entropy", orNull: crossEntropy)
    writer.field("brier_score", orNull: brierScore)
    writer.field("expected_calibration_error", orNull: reliability.expectedCalibrationError)
    writer.field("mean_confidence", orNull: reliability.meanConfidence)
    writer.field("without_prediction", withoutPrediction)
    writer.key("classes")
    writer.array { writer in
      for (index, scores) in classScores.enumerated() {
        writer.object { writer in
          writer.field("name", classes[index])
          fields(scores, &writer)
          writer.field("support", support[index])
        }
      }
    }
    writer.key("macro_average")
    writer.object { fields(macroAverage, &$0) }
    writer.key("weighted_average")
    writer.object { fields(weightedAverage, &$0) }
    writer.key("confusion")
    writer.array { writer in
      for row in confusion { writer.array { writer in for value in row { writer.value(value) } } }
    }
    writer.key("calibration")
    writer.array { writer in
      for (index, bin) in reliability.bins.enumerated() {
        writer.object { writer in
          writer.field("lower", Double(index) / Double(reliability.bins.count))
          writer.field("upper", Double(index + 1) / Double(reliability.bins.count))
          writer.field("count", bin.count)
          writer.field("confidence", bin.confidence)
          writer.field("accuracy", bin.accuracy)
        }
      }
    }
  }

  /// Writes what a command adds to a report, inside an object.
  static func write(details: [(key: String, value: JSONValue)], to writer: inout JSONWriter) {
    writer.key("details")
    writer.object { writer in
      for detail in details {
        writer.field(detail.key, detail.value)
      }
    }
  }

  /// The report as one JSON object, as `report.json` has it but for `name` and `files`.
  /// - Parameters:
  ///   - type: A first key `type`, for a stream of records of several types; nil for none.
  ///   - tracked: A key `tracked`, what ``TrackedAnswers`` says; nil for none.
  ///   - details: As ``Report/details``.
  package func json(
    type: String? = nil, tracked: JSONValue? = nil, details: [(key: String, value: JSONValue)] = []
  ) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("type", type)
      writer.field("fm_report", 1)
      writeFields(to: &writer)
      if let tracked { writer.field("tracked", tracked) }
      Self.write(details: details, to: &writer)
    }
    return writer.bytes
  }

  /// Reads a report back. Scores and averages are computed again from the confusion matrix.
  /// - Throws: ``Failure`` (`badInput`) naming the first key whose value is missing or makes no sense.
  package init(_ json: JSONValue) throws(Failure) {
    func refuse(_ cause: String) -> Failure { Failure(.badInput, step: "not a report", cause: cause) }
    func count(_ value: JSONValue?) -> Int? {
      // More than any data set has, and small enough to be added up a million times.
      value?.int.flatMap { (0...1 << 40).contains($0) ? $0 : nil }
    }
    func share(_ value: JSONValue?) -> Double? {
      value?.double.flatMap { (0...1).contains($0) ? $0 : nil }
    }
    guard json["fm_report"]?.int == 1 else { throw refuse("no \"fm_report\": 1 in it") }
    let entries = json["classes"]?.array ?? []
    let classes = entries.compactMap { $0["name"]?.string }
    let support = entries.compactMap { count($0["support"]) }
    guard !entries.isEmpty, entries.count <= Predictions.limits.classes, classes.count == entries.count,
      support.count == entries.count
    else { throw refuse("classes is not a list of names and supports") }
    let confusion = (json["confusion"]?.array ?? []).map { ($0.array ?? []).compactMap(count) }
    guard confusion.count == classes.count,
      zip(confusion, support).allSatisfy({ $0.count == classes.count && $0.reduce(0, +) <= $1 })
    else { throw refuse("confusion is not a square of counts within the classes' supports") }
    guard let top2Accuracy = share(json["top2_accuracy"]) else {
      throw refuse("top2_accuracy is not a number from 0 to 1")
    }
    let bins = (json["calibration"]?.array ?? []).compactMap { bin -> Reliability.Bin? in
      guard let count = count(bin["count"]), let confidence = share(bin["confidence"]),
        let accuracy = share(bin["accuracy"])
      else { return nil }
      return Reliability.Bin(count: count, confidence: confidence, accuracy: accuracy)
    }
    guard bins.count == json["calibration"]?.array?.count, (1...1000).contains(bins.count) else {
      throw refuse("calibration is not a list of bins")
    }
    self.init(
      classes: classes, support: support, confusion: confusion, top2Accuracy: top2Accuracy,
      crossEntropy: json["cross_entropy"]?.double, brierScore: json["brier_score"]?.double,
      reliability: Reliability(bins: bins))
  }
}
