import ArgumentParser
import ExpressionNet
import ExpressionTraining
import FilterTool
import SystemIO

/// Finds the temperature by which a model's confidence is as often right as it says.
struct Calibrate: FilterCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a model's confidence say how often it is right.",
    discussion: """
      Finds the temperature that the network's logits are to be divided by before softmax, so that the cross-entropy \
      on the pictures is least, and keeps it in the model file; fm-classify and evaluate go by it. No face is named \
      otherwise for it. The pictures must not be those that the model was trained with.

        fm-train calibrate expressions.keras faces/validation
      """)

  @Argument(help: ArgumentHelp("The model to calibrate, and to write again.", valueName: "model"))
  var model: String

  @Argument(
    help: ArgumentHelp(
      "A folder with a folder of pictures for each class; - is a stream with labels on standard input.",
      valueName: "folder"))
  var folder: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write the model there, as a .keras file, and leave the first as it is.", valueName: "file"),
    completion: .file())
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Parts of each picture to average over; single is what fm-classify does.", valueName: "single|flip"))
  var views = Views.single

  enum Views: String, ExpressibleByArgument, CaseIterable {
    case single, flip

    var evaluated: EvaluationViews { self == .single ? .single : .flip }
  }

  @Option(
    help: ArgumentHelp(
      "Class names in the order of the outputs, if the file does not say.", valueName: "a,b,..."))
  var classes: ClassNames?

  @OptionGroup var data: SetOptions
  @OptionGroup var input: InputOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var messages: MessageOptions

  func validate() throws {
    guard (output ?? model).hasSuffix(".keras") else {
      throw ValidationError(
        output == nil
          ? "\(model) is no .keras file: name the one to write with --output."
          : "the output's name, \(output ?? ""), does not end in .keras.")
    }
  }

  func execute(_ tool: Tool) throws(Failure) {
    var loaded = try ExpressionModel(path: model, classes: classes?.names, keepingTrainingState: true)
    for warning in loaded.warnings { tool.diagnostics.warn(warning) }
    let outputs = try outputs(of: loaded, tool)
    let fitted = TemperatureScaling(fitting: outputs).temperature
    let range = TemperatureScaling.range
    if fitted < range.lowerBound * 1.01 || fitted > range.upperBound * 0.99 {
      tool.diagnostics.warn(
        "\(folder): the temperature is at the end of its range, \(range.lowerBound) to \(range.upperBound): too few "
          + "of the pictures are named wrongly, or rightly, to tell")
    }
    let temperature = Self.rounded(fitted)
    let before = loaded.information.temperature
    loaded.information.temperature = temperature
    try loaded.write(to: output ?? model)
    if messages.quiet { return }
    let reports = [before, temperature].map {
      ClassificationReport(outputs.scaled(by: SoftmaxTemperature($0)))
    }
    try tool.print(table: [
      ["\(outputs.count) pictures", "before", "after"],
      ["temperature", "\(before ?? 1)", "\(temperature)"],
      ["expected calibration error"] + reports.map { Self.text($0.reliability.expectedCalibrationError) },
      ["cross-entropy"] + reports.map { Self.text($0.crossEntropy) },
    ])
  }

  /// What the network itself says of the pictures, without a temperature.
  private func outputs(of model: ExpressionModel, _ tool: Tool) throws(Failure) -> Predictions {
    var recipe = Recipe(keptIn: model) { tool.diagnostics.warn("\(self.model): \($0)") } ?? Recipe()
    (recipe.from, recipe.fromScratch) = (nil, false)
    try input.apply(to: &recipe)
    let preparation = try StartingPoint.preparation(of: model, recipe)
    let set = try data.pictures(folder, preparation, classes: model.classes, threads: threads.threads, tool)
    let absent = zip(set.classes, set.classCounts).filter { $0.1 == 0 }.map { "\"\($0.0)\"" }
    guard absent.isEmpty else {
      throw Failure(
        .badInput, step: "calibrating", subject: folder,
        cause: "there must be pictures of every class; there are none of \(absent.joined(separator: ", "))")
    }
    let stop = tool.stop
    let evaluator = try Evaluator(
      set, preparation: preparation, views: views.evaluated, threads: threads.threads)
    guard let outputs = try evaluator.predictions(of: model.graph, isStopped: { stop.signal != nil }) else {
      throw Failure(
        .failed, step: "interrupted", cause: "before the calibration was done; no file was written")
    }
    guard (0..<outputs.count).contains(where: { outputs.predicted($0) != nil }), outputs.areProbabilities
    else {
      throw Failure(
        .badInput, step: "calibrating", subject: self.model,
        cause: "its outputs are no probabilities that come to 1 together, as softmax makes them")
    }
    return outputs
  }

  /// To four digits after the point: more than the pictures can tell.
  private static func rounded(_ number: Double) -> Double { (number * 10_000).rounded() / 10_000 }

  private static func text(_ figure: Double?) -> String { figure.map { "\(rounded($0))" } ?? "" }
}
