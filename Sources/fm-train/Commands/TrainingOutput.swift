import ExpressionNet
import ExpressionTraining
import FilterTool
import FrameStream
import SystemIO

/// What a training says: a line an epoch and a line of progress, or NDJSON.
final class TrainingOutput {
  private let tool: Tool
  private let asJSON: Bool
  private let isQuiet: Bool
  private var progress: Progress
  private var nextStepLine = 0.0

  init(_ tool: Tool, asJSON: Bool, isQuiet: Bool) {
    self.tool = tool
    self.asJSON = asJSON
    self.isQuiet = isQuiet
    progress = Progress(tool.diagnostics, output: nil)
  }

  func begin(_ trainer: Trainer, model: String, parameters: Int) throws(Failure) {
    let data = trainer.data
    guard asJSON else {
      tool.diagnostics.note("recipe: \(trainer.recipe.text)")
      tool.diagnostics.note(
        "\(parameters) parameters; \(data.training.count) pictures to train with, "
          + "\(data.validation?.count ?? 0) to validate with; \(trainer.stepsPerEpoch) steps an epoch")
      return
    }
    try write("start") { json in
      json.field("model", model)
      json.field("parameters", parameters)
      json.key("classes")
      json.array { list in for name in data.training.classes { list.value(name) } }
      json.field("pictures", data.training.count)
      json.field("validation_pictures", data.validation?.count ?? 0)
      json.field("steps", trainer.stepsPerEpoch)
      json.key("recipe")
      trainer.recipe.write(to: &json)
    }
  }

  func take(_ event: TrainingEvent) throws(Failure) {
    switch event {
    case .resumed(let epochs, let steps):
      guard asJSON else {
        let place = steps > 0 ? " and \(steps) steps" : ""
        tool.diagnostics.warn(
          "going on from the checkpoint after \(epochs) \(epochs == 1 ? "epoch" : "epochs")\(place)")
        return
      }
      try write("resume") { json in
        json.field("epochs", epochs)
        json.field("steps", steps)
      }
    case .judgedStart(let epoch, let accuracy):
      tool.diagnostics.note(
        "going on from the weights of epoch \(epoch): validation accuracy \(Self.percent(accuracy))")
    case .step(let step): try take(step)
    case .epoch(let record, let isBest): try take(record, isBest)
    case .saved: tool.diagnostics.note("checkpoint written")
    case .stoppedEarly(let epochs):
      if !asJSON { tool.diagnostics.warn("stopped early: no better validation for \(epochs) epochs") }
    }
  }

  private func take(_ step: TrainingProgress) throws(Failure) {
    progress.update {
      "epoch \(step.epoch)/\(step.epochs), step \(step.step)/\(step.steps), loss \(Self.digits(step.loss)), "
        + "accuracy \(Self.percent(step.accuracy)), \(Int(step.picturesPerSecond.rounded())) pictures/s, "
        + "\(Progress.clock(step.secondsLeft)) to go"
    }
    let now = MonotonicClock.seconds()
    guard asJSON, now >= nextStepLine else { return }
    nextStepLine = now + 1
    try write("step") { json in
      for (key, value) in [
        ("in_epoch", step.epoch), ("epochs", step.epochs), ("step", step.step), ("steps", step.steps),
      ] {
        json.field(key, value)
      }
      for (key, value) in [
        ("loss", step.loss), ("accuracy", step.accuracy), ("learning_rate", step.learningRate),
        ("pictures_per_second", step.picturesPerSecond), ("seconds_left", step.secondsLeft),
      ] {
        json.field(key, value)
      }
    }
  }

  private func take(_ record: EpochRecord, _ isBest: Bool) throws(Failure) {
    if asJSON {
      return try write("epoch") { json in
        record.writeFields(to: &json)
        json.field("best", isBest)
      }
    }
    if isQuiet { return }
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
    try end(status: status, epochs: trainer.history.epochs.count, accuracy: trainer.chosenAccuracy)
  }

  /// Of a model that is there, and in which nothing is to be changed.
  func end(_ model: ExpressionModel) throws(Failure) {
    try end(
      status: "ok", epochs: (try? TrainingHistory(keptIn: model).epochs.count) ?? 0,
      accuracy: model.information["provenance"]?["validation_accuracy"]?.double)
  }

  private func end(status: String, epochs: Int, accuracy: Double?) throws(Failure) {
    guard asJSON else { return }
    try write("end") { json in
      json.field("status", status)
      json.field("epochs", epochs)
      json.field("val_accuracy", orNull: accuracy)
    }
  }

  private func write(_ type: String, _ body: (inout JSONWriter) -> Void) throws(Failure) {
    var json = JSONWriter()
    json.object { json in
      json.field("type", type)
      body(&json)
    }
    try tool.print(String(decoding: json.bytes, as: UTF8.self) + "\n")
  }

  private static func digits(_ value: Double) -> String { DecimalText.fixed(value, 4) }

  private static func percent(_ value: Double) -> String { DecimalText.fixed(value * 100, 1) + " %" }
}
