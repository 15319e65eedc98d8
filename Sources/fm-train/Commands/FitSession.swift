import ExpressionNet
import ExpressionTraining
import FilterTool
import KerasWriting
import NetworkTraining
import SystemIO
import TrainingReports

/// One training from its data to the written model.
struct FitSession {
  private let fit: Fit
  private let files: ModelFiles
  private let tool: Tool
  private let recipe: Recipe
  private var start: StartingPoint

  init(_ fit: Fit, _ files: ModelFiles, _ tool: Tool) throws(Failure) {
    self.fit = fit
    self.files = files
    self.tool = tool
    let names = fit.run.classes.names
    if fit.run.continuesTraining {
      let model = try ExpressionModel(path: fit.model, classes: names)
      recipe = try fit.wholeRecipe(continuing: model, tool)
      start = try StartingPoint(continuing: fit.model, recipe, classNames: names)
    } else {
      recipe = try fit.wholeRecipe(continuing: nil, tool)
      start = try StartingPoint(recipe, classNames: names)
    }
  }

  func run() throws(Failure) {
    let output = TrainingOutput(tool, asJSON: fit.report.json, isQuiet: fit.messages.quiet)
    if fit.run.continuesTraining, let model = start.model,
      try TrainingCheckpoint.isOfFinishedTraining(files.checkpoint, history: start.history)
    {
      // The process was killed after it wrote the model and before it ended.
      tool.diagnostics.warn("\(fit.model): already trained further; run the command again for more epochs")
      let data = try load()
      try output.end(model)
      try FitReport(fit, tool, again: again).finish(model, data, start.history, start.preparation, files)
      return
    }
    let data = try load()
    var start = start
    try start.settle(recipe, classes: data.training.classes)
    for warning in start.warnings { tool.diagnostics.warn(warning) }
    var options = Trainer.Options()
    options.checkpoint = files.checkpoint
    options.checkpointSeconds = fit.run.checkpointMinutes * 60
    options.isTimed = tool.diagnostics.level >= .verbose
    options.threads = fit.threads.threads
    options.optimizerState = start.optimizerState
    options.history = start.history
    options.startEpoch = start.epoch
    let trainer = try Trainer(
      recipe, graph: start.graph, data: data, preparation: start.preparation, options: options)
    if fit.run.restart {
      // Only now that the data and the network are known to be good.
      warnOfDroppedEpochs()
      CheckpointFile.remove(files.checkpoint)
    } else {
      _ = try trainer.resume()
    }
    try output.begin(trainer, model: fit.model, parameters: start.graph.parameterCount)
    let stop = tool.stop
    stop.beginWork()
    let outcome = try trainer.run(
      isStopped: { stop.signal != nil }, onEvent: { (event) throws(Failure) in try output.report(event) })
    if case .interrupted = outcome {
      try output.end(status: "interrupted", trainer)
      tool.diagnostics.warn("\(files.checkpoint): contains everything done so far; \(again) resumes from it")
      return
    }
    let model = try trainer.model(startedFrom: start, version: "\(tool.name) \(toolVersion)")
    try model.file.write(to: fit.model)
    if trainer.keepsStart {
      tool.diagnostics.warn(
        "\(fit.model): no epoch was better, so the model keeps the weights that it had")
    }
    if fit.run.continuesTraining, let before = start.model?.information,
      !before.temperatures.isEmpty && model.information.temperatures.isEmpty
        || before["calibration"] != nil && model.information["calibration"] == nil
    {
      tool.diagnostics.warn(
        "\(fit.model): its temperature and calibration do not fit the new weights or inputs and were removed; run calibrate "
          + "and quantize again"
      )
    }
    try output.end(status: "ok", trainer)
    try FitReport(fit, tool, again: again).finish(
      model, data, trainer.history, start.preparation, files)
  }

  /// The command that does the remaining work.
  private var again: String { fit.run.restart ? "this command without --restart" : "the same command" }

  /// A finished model's weights are gone when the new one is written.
  private func warnOfDroppedEpochs() {
    guard files.hasModel, let model = try? ExpressionModel(path: fit.model),
      let count = try? TrainingHistory(keptIn: model).epochs.count, count > 0
    else { return }
    tool.diagnostics.warn("\(fit.model): \(count == 1 ? "1 epoch is" : "\(count) epochs are") dropped")
  }

  private func load() throws(Failure) -> TrainingData {
    do throws(Failure) {
      return try fit.training.data.load(
        fit.folder, start.preparation, classes: start.classes ?? fit.run.classes.names,
        mayHaveOtherClasses: start.classes != nil && recipe.from != nil, seed: recipe.seed,
        threads: fit.threads.threads, tool)
    } catch {
      if files.hasCheckpoint, tool.stop.signal == nil {
        tool.diagnostics.warn(
          "\(files.checkpoint): kept; run the same command when the pictures are available again")
      }
      throw error
    }
  }
}
