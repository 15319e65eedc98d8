import DetectorTraining
import FilterTool
import FrameStream
import SystemIO
import TextTables

/// The output of a detector's training: a line an epoch and a line of progress, or NDJSON.
final class DetectorOutput {
  private let tool: Tool
  private let isQuiet, isJSON: Bool
  private var progress: Progress
  private var nextStepLine = 0.0

  init(_ tool: Tool, asJSON: Bool, isQuiet: Bool) {
    self.tool = tool
    self.isQuiet = isQuiet
    isJSON = asJSON
    progress = Progress(tool.diagnostics, output: nil)
  }

  func begin(_ trainer: DetectorTrainer, model: String) throws(Failure) {
    let data = trainer.data
    guard isJSON else {
      var writer = JSONWriter()
      trainer.settings.write(to: &writer)
      tool.diagnostics.note("settings: \(String(decoding: writer.bytes, as: UTF8.self))")
      let heldOut = (data.heldOutObjects?.count ?? 0, data.heldOutBackgrounds?.count ?? 0)
      tool.diagnostics.note(
        "\(trainer.parameterCount) parameters; \(data.objects.count) crops and \(data.backgrounds.count) "
          + "backgrounds, and \(heldOut.0) and \(heldOut.1) held out")
      if heldOut.0 == 0 || heldOut.1 == 0 {
        tool.diagnostics.warn(
          "too few crops or backgrounds to hold some out: scores are not calibrated, and false finds are counted on "
            + "backgrounds that were trained with")
      }
      return
    }
    try tool.print(record: "start") { json in
      json.field("model", model)
      json.field("parameters", trainer.parameterCount)
      json.field("crops", data.objects.count)
      json.field("backgrounds", data.backgrounds.count)
      json.field("held_out_crops", data.heldOutObjects?.count ?? 0)
      json.field("held_out_backgrounds", data.heldOutBackgrounds?.count ?? 0)
      json.key("settings")
      trainer.settings.write(to: &json)
    }
  }

  func report(_ event: DetectorEvent) throws(Failure) {
    switch event {
    case .resumed(let epochs, let steps):
      if isJSON { return try tool.printResuming(epochs: epochs, steps: steps) }
      tool.warnOfResuming(epochs: epochs, steps: steps)
    case .step(let step): try show(step)
    case .epoch(let record):
      if isJSON { return try tool.print(record: "epoch") { record.writeFields(to: &$0) } }
      if !isQuiet {
        tool.diagnostics.clearProgress()
        try tool.print(Self.line(record) + "\n")
      }
    case .saved: tool.diagnostics.note("checkpoint written")
    }
  }

  private func show(_ step: DetectorProgress) throws(Failure) {
    progress.update {
      "epoch \(step.epoch)/\(step.epochs), step \(step.step)/\(step.steps), loss \(Self.digits(step.loss)), "
        + "\(Int(step.canvasesPerSecond.rounded())) canvases/s, waiting \(Self.percent(step.waiting)), "
        + "\(Progress.clock(step.secondsLeft)) to go"
    }
    let now = MonotonicClock.seconds()
    guard isJSON, now >= nextStepLine else { return }
    nextStepLine = now + 1
    try tool.print(record: "step") { json in
      json.field("in_epoch", step.epoch)
      json.field("epochs", step.epochs)
      json.field("step", step.step)
      json.field("steps", step.steps)
      json.field("loss", step.loss)
      json.field("found", step.found)
      json.field("canvases_per_second", step.canvasesPerSecond)
      json.field("waiting", step.waiting)
      json.field("seconds_left", step.secondsLeft)
    }
  }

  /// An epoch in words.
  private static func line(_ record: DetectorRecord) -> String {
    var line =
      "epoch \(record.epoch): loss \(digits(record.loss)) (boxes \(digits(record.boxLoss))), found "
      + "\(percent(record.found)) of cells"
    if let rate = record.falseFindsPerMegapixel {
      line += ", \(DecimalText.fixed(rate, 2)) false finds per megapixel, \(record.mined) spots mined"
    }
    if let precision = record.canvasPrecision, let recall = record.canvasRecall {
      line += ", canvases: AP \(percent(precision)), \(percent(recall)) at 50 false finds"
    }
    if let precision = record.averagePrecision, let few = record.recallAt10, let more = record.recallAt50 {
      line +=
        ", validation: AP \(percent(precision)), \(percent(few)) at 10 and \(percent(more)) at 50 false finds"
    }
    if let steps = record.stepSeconds, let search = record.searchSeconds {
      line += ", \(Progress.clock(steps)) and \(Progress.clock(search)) to search"
    }
    return line
  }

  func end(status: String, _ trainer: DetectorTrainer) throws(Failure) {
    guard isJSON else { return }
    try tool.print(record: "end") { json in
      json.field("status", status)
      json.field("epochs", trainer.history.count)
    }
  }

  private static func digits(_ value: Double) -> String { DecimalText.fixed(value, 4) }

  private static func percent(_ share: Double) -> String { DecimalText.percent(share, space: " ") }
}
