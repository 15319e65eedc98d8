import ExpressionTraining
import FilterTool
import FrameStream
import SystemIO
import TextTables

/// What `evaluate --try-inputs` prints: a line for each trial, and the options for the one that is right.
struct InputTrialReport {
  let trials: InputTrials
  /// The model's file.
  let path: String
  /// Where the pictures come from.
  let pictures: String

  func print(_ tool: Tool, asJSON: Bool) throws(Failure) {
    if asJSON { return try tool.print(String(decoding: json, as: UTF8.self) + "\n") }
    try tool.print("\(path) on \(pictures), \(trials.count) pictures\n\n")
    let rows = trials.trials.map { trial in
      [
        trial.range.rawValue, Self.name(of: trial.order), DecimalText.percent(trial.accuracy, space: " "),
        DecimalText.fixed(trial.crossEntropy, 3),
      ]
    }
    try tool.print(table: [["pixels", "classes", "accuracy", "cross-entropy"]] + rows)
    try tool.print("\n" + verdict + "\n")
  }

  private static func name(of order: InputTrials.Order) -> String { order.option ?? "those of the file" }

  private var verdict: String {
    guard let right = trials.right else {
      return
        "No clear answer: the best names \(percent(trials.trials.first?.accuracy ?? 0)) of the pictures; the "
        + "largest class has \(percent(trials.largestShare))."
    }
    let options = Self.options(right)
    return "Right are pixels \(right.range.rawValue), classes \(Self.name(of: right.order)): "
      + "\(percent(right.accuracy))"
      + (options.isEmpty
        ? "."
        : ".\nOptions: \(options)\nTo keep them in a file: fm-train export \(path) -o NEW.keras \(options)")
  }

  private func percent(_ share: Double) -> String { DecimalText.percent(share, space: " ") }

  /// The options for a trial; nothing for what needs none.
  private static func options(_ trial: InputTrials.Trial) -> String {
    let preprocessing = trial.range.preprocessing
    var words: [String] = []
    if preprocessing.standardize { words.append("--standardize") }
    if preprocessing.scale != 1 { words.append("--input-scale \(DecimalText.shortest(preprocessing.scale))") }
    if preprocessing.offset != 0 {
      words.append("--input-offset \(DecimalText.shortest(preprocessing.offset))")
    }
    if words.isEmpty { words.append("--input-scale 1") }
    if let option = trial.order.option { words.append("--classes \(option)") }
    return words.joined(separator: " ")
  }

  private var json: [UInt8] {
    func write(_ trial: InputTrials.Trial, _ json: inout JSONWriter) {
      let preprocessing = trial.range.preprocessing
      json.object { json in
        json.field("pixels", trial.range.rawValue)
        json.field("input_scale", preprocessing.scale)
        json.field("input_offset", preprocessing.offset)
        json.field("standardize", preprocessing.standardize)
        json.key("classes")
        json.array { list in for name in trial.order.names { list.value(name) } }
        json.field("accuracy", trial.accuracy)
        json.field("cross_entropy", trial.crossEntropy)
      }
    }
    var writer = JSONWriter()
    writer.object { json in
      json.field("model", path)
      json.field("pictures", pictures)
      json.field("count", trials.count)
      json.key("trials")
      json.array { list in for trial in trials.trials { write(trial, &list) } }
      json.key("right")
      if let right = trials.right { write(right, &json) } else { json.null() }
    }
    return writer.bytes
  }
}
