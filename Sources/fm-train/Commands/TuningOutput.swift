import ExpressionTraining
import FilterTool
import FrameStream
import SystemIO
import TextTables
import TrainingReports

/// A search's output: a line a trial, or its record.
final class TuningOutput {
  private let tool: Tool
  private let asJSON: Bool
  private let isQuiet: Bool
  private var progress: Progress

  init(_ tool: Tool, asJSON: Bool, isQuiet: Bool) {
    self.tool = tool
    self.asJSON = asJSON
    self.isQuiet = isQuiet
    progress = Progress(tool.diagnostics, output: nil)
  }

  func report(_ event: Tuner.Event) throws(Failure) {
    switch event {
    case .begins(let trial, let epochs, let settings):
      tool.diagnostics.note("trial \(trial), to epoch \(epochs): \(Self.text(settings))")
    case .training(let trial, .step(let step)):
      progress.update {
        "trial \(trial), epoch \(step.epoch), step \(step.step)/\(step.steps), "
          + "\(Int(step.picturesPerSecond.rounded())) pictures/s"
      }
    case .training: break
    case .ended(let record, let isBest):
      tool.diagnostics.clearProgress()
      if asJSON { return try tool.print(record.line) }
      if let message = record.message { tool.diagnostics.warn("trial \(record.trial): failed: \(message)") }
      guard !isQuiet, let score = record.score else { return }
      try tool.print(
        "trial \(record.trial), \(Self.epochs(record)): \(Self.percent(score))\(isBest ? " (best)" : "")  "
          + Self.text(record.settings) + "\n")
    }
  }

  /// Prints the last line: the result of the search.
  /// - Parameter best: Of the trials of this process, and of all in the records.
  func end(trials: Int, _ best: (own: TrialRecord?, all: TrialRecord?), model: String, records: String)
    throws(Failure)
  {
    if asJSON || isQuiet { return }
    func name(_ record: TrialRecord) -> String {
      "\(record.trial) after \(Self.epochs(record)), \(Self.percent(record.score ?? 0))"
    }
    var line = trials == 1 ? "the trial is complete; " : "all \(trials) trials are complete; "
    line += best.own.map { "the best, \(name($0)), is \(model)" } ?? "none gave a model"
    if let all = best.all, all.trial != best.own?.trial {
      line += "; so far the best of \(records) is \(name(all))"
    }
    try tool.print(line + "\n")
  }

  /// Prints which settings mattered; nothing if that is not known.
  func report(_ importance: [SettingShare]) throws(Failure) {
    if asJSON || isQuiet || importance.isEmpty { return }
    let shares = importance.prefix(5).map { "\($0.name) \(DecimalText.percent($0.share, 0, space: " "))" }
    try tool.print("settings by their share of the variance: \(shares.joined(separator: ", "))\n")
  }

  /// Prints where the best recipe is.
  func report(recipe path: String) throws(Failure) {
    if asJSON || isQuiet { return }
    try tool.print("its recipe is \(path)\n")
  }

  /// What a recipe says of the trial that it is from.
  func description(of record: TrialRecord, _ records: String) -> String {
    "Trial \(record.trial) of \(FilePath.lastComponent(records)): validation accuracy "
      + "\(Self.percent(record.score ?? 0)) after \(Self.epochs(record))."
  }

  private static func epochs(_ record: TrialRecord) -> String {
    record.epochs == 1 ? "1 epoch" : "\(record.epochs) epochs"
  }

  private static func percent(_ share: Double) -> String { DecimalText.percent(share, space: " ") }

  private static func text(_ settings: [SearchSpace.Setting]) -> String {
    settings.map { key, value in
      var writer = JSONWriter()
      writer.value(value)
      return "\(key) \(String(decoding: writer.bytes, as: UTF8.self))"
    }.joined(separator: ", ")
  }
}
