import ExpressionNet
import ExpressionTraining
import FilterTool
import KerasWriting
import SystemIO

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
    if fit.run.goesOn {
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
    if fit.run.goesOn, let model = start.model,
      try Trainer.isWritten(checkpoint: files.checkpoint, history: start.history)
    {
      // Killed between the writing of the model and the end.
      tool.diagnostics.warn("\(fit.model): is trained on already; run the command again for more epochs")
      let data = try load()
      try output.end(model)
      try finish(model, data, start.history, start.preparation)
      return
    }
    let data = try load()
    var start = start
    try start.settle(recipe, classes: data.training.classes)
    for warning in start.warnings { tool.diagnostics.warn(warning) }
    var options = Trainer.Options()
    options.checkpoint = files.checkpoint
    options.checkpointSeconds = fit.run.checkpointMinutes * 60
    options.threads = fit.threads.threads
    options.optimizerState = start.optimizerState
    options.history = start.history
    options.startEpoch = start.epoch
    let trainer = try Trainer(
      recipe, graph: start.graph, data: data, preparation: start.preparation, options: options)
    if fit.run.restart {
      // Only now that the data and the network are known to be good.
      warnOfDroppedEpochs()
      Trainer.remove(checkpoint: files.checkpoint)
    } else {
      _ = try trainer.resume()
    }
    try output.begin(trainer, model: fit.model, parameters: start.graph.parameterCount)
    let stop = tool.stop
    let outcome = try trainer.run(
      isStopped: { stop.signal != nil }, onEvent: { (event) throws(Failure) in try output.take(event) })
    if case .interrupted = outcome {
      try output.end(status: "interrupted", trainer)
      tool.diagnostics.warn("\(files.checkpoint): has all that was done; \(again) goes on from it")
      return
    }
    let model = try trainer.model(startedFrom: start, version: "\(tool.name) \(toolVersion)")
    try model.file.write(to: fit.model)
    if trainer.keepsStart {
      tool.diagnostics.warn(
        "\(fit.model): no epoch was better than it was before: it has the weights that it had")
    }
    if fit.run.goesOn, let before = start.model?.information,
      before.temperature != nil && model.information.temperature == nil
        || before["calibration"] != nil && model.information["calibration"] == nil
    {
      tool.diagnostics.warn(
        "\(fit.model): its temperature and calibration were of other weights or inputs and are gone; run calibrate "
          + "and quantize again"
      )
    }
    try output.end(status: "ok", trainer)
    try finish(model, data, trainer.history, start.preparation)
  }

  /// Writes the report; then nothing is left to do, and the checkpoint goes.
  private func finish(
    _ model: ExpressionModel, _ data: TrainingData, _ history: TrainingHistory,
    _ preparation: InputPreparation
  ) throws(Failure) {
    do throws(Failure) {
      if try writeReport(model, data, history, preparation) {
        Trainer.remove(checkpoint: files.checkpoint)
        return
      }
    } catch {
      var failure = error
      failure.cause += "; the model \(fit.model) is written, and \(again) writes the report"
      throw failure
    }
    tool.diagnostics.warn(
      "\(fit.model): is written, but not its report; \(again) writes it from \(files.checkpoint)")
  }

  /// The command that takes up what is left to do.
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
      return try fit.data.load(
        fit.folder, start.preparation, classes: start.classes ?? fit.run.classes.names,
        mayHaveOtherClasses: start.classes != nil && recipe.from != nil, seed: recipe.seed,
        threads: fit.threads.threads, tool)
    } catch {
      if files.hasCheckpoint, tool.stop.signal == nil {
        tool.diagnostics.warn("\(files.checkpoint): stands; run the same command when the pictures are back")
      }
      throw error
    }
  }

  /// The validation pictures', or without them the training pictures'.
  /// - Returns: false if a signal came before it was written.
  private func writeReport(
    _ model: ExpressionModel, _ data: TrainingData, _ history: TrainingHistory,
    _ preparation: InputPreparation
  ) throws(Failure) -> Bool {
    let folder = fit.report.folder(forModel: fit.model)
    let prints = !fit.report.json && !fit.messages.quiet
    guard prints || folder != nil else { return true }
    let run = EvaluationRun(
      tool: tool, path: fit.model, preparation: preparation, threads: fit.threads.threads)
    let set = data.validation ?? data.training
    guard let predictions = try run.predictions(of: model.graph, set) else { return false }
    let what = data.validation == nil ? "trained with (no --validation)" : "validated with"
    let subject = "the \(set.count) pictures that it was \(what)"
    if prints {
      try tool.print("\n" + ClassificationReport(predictions).text(heading: run.heading(subject)))
    }
    guard let folder else { return true }
    return try run.write(
      predictions, of: set, to: folder, history: history,
      pictures: data.validation == nil ? "training" : "validation", subject: subject)
  }
}
