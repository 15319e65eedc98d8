import ExpressionNet
import ExpressionTraining
import FilterTool
import SystemIO
import TextTables
import TrainingReports

/// A training's output: a line an epoch and a line of progress, or NDJSON.
final class TrainingOutput {
  private let tool: Tool
  private let isQuiet: Bool
  private var progress: Progress
  /// Nil for text.
  private var records: TrainingRecords?

  init(_ tool: Tool, asJSON: Bool, isQuiet: Bool) {
    self.tool = tool
    self.isQuiet = isQuiet
    progress = Progress(tool.diagnostics, output: nil)
    records = asJSON ? TrainingRecords(tool) : nil
  }

  func begin(_ trainer: Trainer, model: String, parameters: Int) throws(Failure) {
    if let records { return try records.begin(trainer, model: model, parameters: parameters) }
    let data = trainer.data
    tool.diagnostics.note("recipe: \(trainer.recipe.text)")
    tool.diagnostics.note(
      "\(parameters) parameters; \(data.training.count) training pictures, "
        + "\(data.validation?.count ?? 0) validation pictures; \(trainer.stepCount) steps per epoch")
  }

  func report(_ event: TrainingEvent) throws(Failure) {
    switch event {
    case .resumed(let epochs, let steps):
      if records != nil { return try tool.printResuming(epochs: epochs, steps: steps) }
      tool.warnOfResuming(epochs: epochs, steps: steps)
    case .evaluatedInitialWeights(let epoch, let accuracy):
      tool.diagnostics.note(
        "continuing from the weights of epoch \(epoch): validation accuracy \(Self.percent(accuracy))")
    case .step(let step):
      showProgress(step)
      try records?.add(step)
    case .epoch(let record, let isBest):
      if let records { return try records.add(record, isBest: isBest) }
      if !isQuiet { try printLine(record, isBest: isBest) }
    case .times(let times, let epoch): note(times, ofEpoch: epoch)
    case .saved: tool.diagnostics.note("checkpoint written")
    case .stoppedEarly(let epochs):
      if records == nil {
        tool.diagnostics.warn("stopped early: no improvement in validation for \(epochs) epochs")
      }
    }
  }

  /// Where an epoch's time went: its parts, and the layers that are furthest from what the processor can do.
  private func note(_ times: EpochTimes, ofEpoch epoch: Int) {
    func seconds(_ value: Double) -> String { DecimalText.fixed(value, 2) + " s" }
    tool.diagnostics.note(
      "epoch \(epoch): waiting for pictures \(seconds(times.waiting)), "
        + (times.teaching > 0 ? "teachers \(seconds(times.teaching)), " : "")
        + "forward \(seconds(times.forward)), "
        + "backward \(seconds(times.backward)), optimizer \(seconds(times.optimizer)), "
        + "validation \(seconds(times.validation))")
    for layer in times.slowest(5) {
      let floor =
        layer.floor > 0 ? ", its multiplications alone \(seconds(layer.floor))" : ", without multiplications"
      tool.diagnostics.note(
        "epoch \(epoch): layer \(layer.layer)\(layer.isBackward ? ", backward" : ""): "
          + seconds(layer.seconds) + floor)
    }
  }

  private func showProgress(_ step: TrainingProgress) {
    progress.update {
      "epoch \(step.epoch)/\(step.epochs), step \(step.step)/\(step.steps), loss \(Self.digits(step.loss)), "
        + "accuracy \(Self.percent(step.accuracy)), \(Int(step.picturesPerSecond.rounded())) pictures/s, "
        + "\(Progress.clock(step.secondsLeft)) to go"
    }
  }

  private func printLine(_ record: EpochRecord, isBest: Bool) throws(Failure) {
    var line =
      "epoch \(record.epoch): loss \(Self.digits(record.loss)), accuracy \(Self.percent(record.accuracy))"
    if let loss = record.validationLoss, let accuracy = record.validationAccuracy {
      line += ", validation loss \(Self.digits(loss)), accuracy \(Self.percent(accuracy))"
      if isBest { line += " (best)" }
    }
    if let rate = record.picturesPerSecond, let seconds = record.seconds {
      line += ", \(Int(rate.rounded())) pictures/s, \(Progress.clock(seconds))"
    }
    tool.diagnostics.clearProgress()
    try tool.print(line + "\n")
  }

  func end(status: String, _ trainer: Trainer) throws(Failure) {
    try records?.end(
      status: status, epochs: trainer.history.epochs.count, accuracy: trainer.chosenAccuracy)
  }

  /// Ends the output for a model that exists and is not changed.
  func end(_ model: ExpressionModel) throws(Failure) {
    try records?.end(
      status: "ok", epochs: (try? TrainingHistory(keptIn: model).epochs.count) ?? 0,
      accuracy: model.information["provenance"]?["validation_accuracy"]?.double)
  }

  private static func digits(_ value: Double) -> String { DecimalText.fixed(value, 4) }

  private static func percent(_ share: Double) -> String { DecimalText.percent(share, space: " ") }
}
