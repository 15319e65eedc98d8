import ExpressionTraining
import FilterTool
import FrameStream
import SystemIO

/// What a tuning says: a line a trial, or its record.
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

  func take(_ event: Tuner.Event) throws(Failure) {
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
      let percent = DecimalText.fixed(score * 100, 1)
      try tool.print(
        "trial \(record.trial), \(record.epochs) epochs: \(percent) %\(isBest ? " (best)" : "")  "
          + Self.text(record.settings) + "\n")
    }
  }

  private static func text(_ settings: [SearchSpace.Setting]) -> String {
    settings.map { key, value in
      var writer = JSONWriter()
      writer.value(value)
      return "\(key) \(String(decoding: writer.bytes, as: UTF8.self))"
    }.joined(separator: ", ")
  }
}
