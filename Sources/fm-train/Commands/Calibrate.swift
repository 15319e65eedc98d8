import ArgumentParser
import ExpressionNet
import ExpressionTraining
import FilterTool
import KerasWriting
import NetworkModel
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

  @OptionGroup var file: RewrittenModelOptions
  @OptionGroup var folder: PicturesArgument
  @OptionGroup var views: ViewsOption
  @OptionGroup var data: SetOptions
  @OptionGroup var input: InputOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var messages: MessageOptions

  func validate() throws { try data.check(source: folder.path) }

  func execute(_ tool: Tool) throws(Failure) {
    try file.checkFolder()
    var loaded = try file.model.load(tool, keepingTrainingState: true)
    let preparation = try file.model.preparation(of: loaded, input, tool)
    let outputs = try outputs(of: loaded, preparation, tool)
    let fitted = TemperatureScaling(fitting: outputs).temperature
    let range = TemperatureScaling.range
    if fitted < range.lowerBound * 1.01 || fitted > range.upperBound * 0.99 {
      tool.diagnostics.warn(
        "\(folder.path): the temperature is at the end of its range, \(range.lowerBound) to "
          + "\(range.upperBound): too few of the pictures are named wrongly, or rightly, to tell")
    }
    let temperature = Self.rounded(fitted)
    let before = loaded.information.temperature
    loaded.information.temperature = temperature
    if !input.isEmpty {
      warnOfOtherInputs(loaded, preparation.preprocessing, tool)
      loaded.information.preprocessing = preparation.preprocessing
    }
    try loaded.file.write(to: file.outputPath)
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
    try tool.print("written to \(file.outputPath)\n")
  }

  /// The ranges that int8 goes by are those of the inputs that they were measured with.
  private func warnOfOtherInputs(_ model: ExpressionModel, _ new: Preprocessing, _ tool: Tool) {
    guard let calibration = try? model.file.calibration() else { return }
    let old = calibration.input ?? model.information.preprocessing ?? Preprocessing()
    if (old.scale, old.offset, old.standardize) == (new.scale, new.offset, new.standardize) { return }
    tool.diagnostics.warn(
      "\(file.outputPath): its calibration for int8 is for other inputs; run fm-train quantize again")
  }

  /// What the network itself says of the pictures, without a temperature.
  private func outputs(of model: ExpressionModel, _ preparation: InputPreparation, _ tool: Tool)
    throws(Failure) -> Predictions
  {
    let set = try data.pictures(
      folder.path, preparation, classes: model.classes, threads: threads.threads, tool)
    if model.wasTrained(with: set) {
      tool.diagnostics.warn(
        "\(folder.path): these are the pictures that the model was trained with, of which it is too sure")
    }
    let absent = zip(set.classes, set.classCounts).filter { $0.1 == 0 }.map { "\"\($0.0)\"" }
    guard absent.isEmpty else {
      throw Failure(
        .badInput, step: "calibrating", subject: folder.path,
        cause: "there must be pictures of every class; there are none of \(absent.joined(separator: ", "))")
    }
    let stop = tool.stop
    let evaluator = try Evaluator(
      set, preparation: preparation, views: views.views, threads: threads.threads)
    guard let outputs = try evaluator.predictions(of: model.graph, isStopped: { stop.signal != nil }) else {
      throw Failure(
        .failed, step: "interrupted", cause: "before the calibration was done; no file was written")
    }
    guard (0..<outputs.count).contains(where: { outputs.predicted($0) != nil }), outputs.areProbabilities
    else {
      throw Failure(
        .badInput, step: "calibrating", subject: file.model.path,
        cause: "its outputs are no probabilities that come to 1 together, as softmax makes them")
    }
    return outputs
  }

  /// To four digits after the point: more than the pictures can tell.
  private static func rounded(_ number: Double) -> Double { (number * 10_000).rounded() / 10_000 }

  private static func text(_ figure: Double?) -> String { figure.map { "\(rounded($0))" } ?? "" }
}
