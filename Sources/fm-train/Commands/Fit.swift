import ArgumentParser
import ExpressionNet
import ExpressionTraining
import FilterTool
import Glibc
import PictureData
import SystemIO

/// Trains a network.
struct Fit: FilterCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a network on pictures by class (the default).",
    discussion: """
      Writes the model as a Keras file, and a report beside it. Interrupt it at any point: the same command resumes \
      from the last checkpoint. If the model file already exists it is evaluated, not overwritten.

        fm-train my.keras faces/train -v faces/validation --epochs 60
        fm-train fit my.keras faces --validation-split 0.1 --recipe my.json
      """)

  @OptionGroup var training: TrainingOptions
  @OptionGroup(title: "Running") var run: RunOptions
  @OptionGroup(title: "Running") var report: ReportOptions
  @OptionGroup(title: "Running") var threads: ThreadOptions
  @OptionGroup(title: "Running") var messages: MessageOptions

  var model: String { training.target.path }
  var folder: String { training.source.path }

  func execute(_ tool: Tool) throws(Failure) {
    let files = ModelFiles(model)
    if run.continuesTraining, !files.hasModel {
      throw Failure(
        .usage, step: "--continue", subject: model,
        cause: "the model does not exist yet; leave out the option"
      )
    }
    try training.target.checkFolder()
    if let folder = report.folder(forModel: model) { try OutputFolder.check(report: folder) }
    if isOnlyEvaluated(files) { return try evaluateFinished(tool) }
    let lock = try FileLock(model, tool)
    // Another training may have ended just now.
    if isOnlyEvaluated(files) { return try evaluateFinished(tool) }
    try FitSession(self, files, tool).run()
    withExtendedLifetime(lock) {}
  }

  private func isOnlyEvaluated(_ files: ModelFiles) -> Bool {
    files.hasModel && !files.hasCheckpoint && !run.restart && !run.continuesTraining
  }

  /// The hyper-parameters: the recipe file's (or the finished model's), then the command line's.
  func wholeRecipe(continuing model: ExpressionModel?, _ tool: Tool) throws(Failure) -> Recipe {
    var base = Recipe()
    if let model {
      base = Recipe(keptIn: model) { tool.diagnostics.warn("\(self.model): \($0)") } ?? base
    }
    return try Recipe(
      file: run.recipe, training.recipe, over: base, continuesTraining: model != nil,
      trainedOn: run.continuesTraining ? model.map { (self.model, $0) } : nil, classNames: run.classes.names)
  }

  /// A model that exists is evaluated.
  private func evaluateFinished(_ tool: Tool) throws(Failure) {
    tool.diagnostics.warn(
      "\(model): already finished, so it is only evaluated; --continue --epochs N trains it further, --restart starts over"
    )
    let loaded = try ExpressionModel(path: model, classes: run.classes.names)
    let recipe = try wholeRecipe(continuing: loaded, tool)
    let preparation = try StartingPoint.preparation(of: loaded, recipe)
    let pictures: PictureSet
    let name: String
    var note = ""
    if let validation = training.data.validation {
      pictures = try training.data.set.pictures(
        validation, preparation, classes: loaded.classes, threads: threads.threads, tool,
        isValidationSet: true)
      name = validation
    } else {
      let sets = try training.data.load(
        folder, preparation, classes: loaded.classes, seed: recipe.seed, threads: threads.threads, tool)
      pictures = sets.validation ?? sets.training
      name = folder
      note = sets.validation == nil ? " (no --validation)" : " (the part of --validation-split)"
    }
    var run = EvaluationRun(tool: tool, path: model, preparation: preparation, threads: threads.threads)
    run.precision = .auto
    try run.report(
      loaded, pictures, asJSON: report.json, type: "report", folder: report.folder(forModel: model),
      pictures: name, note: note)
    try TrainingOutput(tool, asJSON: report.json, isQuiet: messages.quiet).end(loaded)
  }
}

/// The model's file and what lies beside it.
struct ModelFiles {
  let model: String
  let checkpoint: String

  init(_ model: String) {
    self.model = model
    checkpoint = model + ".checkpoint"
  }

  var hasModel: Bool { FilePath.exists(model) }
  var hasCheckpoint: Bool { FilePath.exists(checkpoint) }
}
