import ExpressionTraining
import FilterTool
import FrameStream
import SystemIO
import TrainingReports

/// A training's output as NDJSON: an object for its start, each epoch, a step a second, and its end.
struct TrainingRecords {
  private let tool: Tool
  private var nextStepLine = 0.0

  init(_ tool: Tool) { self.tool = tool }

  func begin(_ trainer: Trainer, model: String, parameters: Int) throws(Failure) {
    let data = trainer.data
    try tool.print(record: "start") { json in
      json.field("model", model)
      json.field("parameters", parameters)
      json.key("classes")
      json.array { list in for name in data.training.classes { list.value(name) } }
      json.field("pictures", data.training.count)
      json.field("validation_pictures", data.validation?.count ?? 0)
      json.field("steps", trainer.stepCount)
      json.key("recipe")
      trainer.recipe.write(to: &json)
    }
  }

  mutating func add(_ step: TrainingProgress) throws(Failure) {
    let now = MonotonicClock.seconds()
    guard now >= nextStepLine else { return }
    nextStepLine = now + 1
    try tool.print(record: "step") { json in
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

  func add(_ record: EpochRecord, isBest: Bool) throws(Failure) {
    try tool.print(record: "epoch") { json in
      record.writeFields(to: &json)
      json.field("best", isBest)
    }
  }

  func end(status: String, epochs: Int, accuracy: Double?) throws(Failure) {
    try tool.print(record: "end") { json in
      json.field("status", status)
      json.field("epochs", epochs)
      json.key("val_accuracy")
      if let accuracy { json.value(accuracy) } else { json.null() }
    }
  }
}
