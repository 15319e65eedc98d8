import ExpressionNet
import ExpressionTraining
import FilterTool
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
    let names = fit.run.classes?.names
    if fit.run.goesOn {
      let model = try ExpressionModel(path: fit.model, classes: names)
      recipe = try fit.wholeRecipe(continuing: model)
      start = try StartingPoint(continuing: fit.model, recipe, classNames: names)
    } else {
      recipe = try fit.wholeRecipe(continuing: nil)
      start = try StartingPoint(recipe, classNames: names)
    }
    for warning in start.model?.warnings ?? [] { tool.diagnostics.warn(warning) }
  }

  func run() throws(Failure) {
    if fit.run.goesOn, try Trainer.isWritten(checkpoint: files.checkpoint, history: start.history) {
      // Killed between the writing of the model and the end.
      tool.diagnostics.warn("\(fit.model): is trained on already; run the command again for more epochs")
      Trainer.remove(checkpoint: files.checkpoint)
      return
    }
    let data = try load()
    var start = start
    try start.settle(recipe, classes: data.training.classes)
    var options = Trainer.Options()
    options.checkpoint = files.checkpoint
    options.checkpointSeconds = fit.run.checkpointMinutes * 60
    options.threads = fit.threads.threads
    options.optimizerState = start.optimizerState
    options.history = start.history
    let trainer = try Trainer(
      recipe, graph: start.graph, data: data, preparation: start.preparation, options: options)
    _ = try trainer.resume()
    let output = TrainingOutput(tool, asJSON: fit.report.json, isQuiet: fit.messages.quiet)
    try output.begin(trainer, model: fit.model, parameters: start.graph.parameterCount)
    let stop = tool.stop
    let outcome = try trainer.run(
      isStopped: { stop.signal != nil }, onEvent: { (event) throws(Failure) in try output.take(event) })
    if case .interrupted = outcome {
      try output.end(status: "interrupted", trainer)
      tool.diagnostics.warn("\(files.checkpoint): has all that was done; the same command goes on from it")
      return
    }
    let model = try trainer.model(startedFrom: start, version: "\(tool.name) \(toolVersion)")
    try model.write(to: fit.model)
    try output.end(status: "ok", trainer)
    try writeReport(model, trainer, start.preparation)
    Trainer.remove(checkpoint: files.checkpoint)
  }

  private func load() throws(Failure) -> TrainingData {
    do throws(Failure) {
      return try fit.data.load(
        fit.folder, start.preparation, classes: start.classes ?? fit.run.classes?.names, seed: recipe.seed,
        threads: fit.threads.threads, tool)
    } catch {
      if files.hasCheckpoint, tool.stop.signal == nil {
        tool.diagnostics.warn("\(files.checkpoint): stands; run the same command when the pictures are back")
      }
      throw error
    }
  }

  /// The validation pictures', or without them the training pictures'.
  private func writeReport(_ model: ExpressionModel, _ trainer: Trainer, _ preparation: InputPreparation)
    throws(Failure)
  {
    let run = EvaluationRun(
      tool: tool, path: fit.model, preparation: preparation, threads: fit.threads.threads)
    let set = trainer.data.validation ?? trainer.data.training
    guard let predictions = try run.predictions(of: model.graph, set) else { return }
    if !fit.report.json, !fit.messages.quiet { try tool.print("\n" + ClassificationReport(predictions).text) }
    guard let folder = fit.report.folder(forModel: fit.model) else { return }
    try run.write(
      predictions, of: set, to: folder, history: trainer.history,
      pictures: trainer.data.validation == nil ? "training" : "validation")
  }
}
