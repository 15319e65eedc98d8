import ArgumentParser
import ExpressionNet
import ExpressionTraining
import FilterTool
import SystemIO

/// How well a model names the pictures of a folder.
struct Evaluate: FilterCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say how well a model names the pictures of a folder.",
    discussion: """
        fm-train evaluate expressions.keras faces/validation --views ten-crop
      """)

  @Argument(help: ArgumentHelp("A Keras model file: .keras, .h5 or .hdf5.", valueName: "model"))
  var model: String

  @Argument(
    help: ArgumentHelp(
      "A folder with a folder of pictures for each class; - is a stream with labels on standard input.",
      valueName: "folder"))
  var folder: String

  @Option(
    help: ArgumentHelp(
      "Parts of each picture to average over (default: single).", valueName: "single|flip|ten-crop"))
  var views = EvaluationViews.single

  @Option(
    help: ArgumentHelp(
      "Class names in the order of the outputs, if the file does not say.", valueName: "a,b,..."))
  var classes: ClassNames?

  @OptionGroup var data: SetOptions
  @OptionGroup var input: InputOptions

  @Option(help: ArgumentHelp("Write a report with figures into this folder.", valueName: "folder"))
  var report: String?

  @Flag(help: "Print the report as JSON.")
  var json = false

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var messages: MessageOptions

  func execute(_ tool: Tool) throws(Failure) {
    let loaded = try ExpressionModel(path: model, classes: classes?.names)
    for warning in loaded.warnings { tool.diagnostics.warn(warning) }
    var recipe = Recipe(keptIn: loaded) { tool.diagnostics.warn("\(model): \($0)") } ?? Recipe()
    (recipe.from, recipe.fromScratch) = (nil, false)
    try input.apply(to: &recipe)
    let preparation = try StartingPoint.preparation(of: loaded, recipe)
    let set = try data.pictures(
      folder, preparation, classes: loaded.classes, threads: threads.threads, tool)
    let run = EvaluationRun(
      tool: tool, path: model, preparation: preparation, views: views, threads: threads.threads)
    try run.report(loaded, set, asJSON: json, folder: report, pictures: folder)
  }
}

extension EvaluationViews: ExpressibleByArgument {}
