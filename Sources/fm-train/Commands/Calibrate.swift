import ArgumentParser
import ExpressionNet
import ExpressionTraining
import FilterTool
import KerasWriting
import NetworkModel
import PictureData
import SystemIO
import TextTables
import TrainingReports

/// Finds the temperature with which a model's confidence equals its accuracy.
struct Calibrate: FilterCommand {
  static let configuration = CommandConfiguration(
    abstract: "Calibrate a model's confidence by temperature scaling.",
    discussion: """
      Finds the temperature that minimizes the cross-entropy on the pictures and stores it in the model file, one for \
      single views and one for the mean with the mirror image; fm-classify and evaluate divide the logits by it before \
      softmax. Predicted classes do not change. The pictures must not be those that the model was trained on.

        fm-train calibrate expressions.keras faces/validation
      """)

  @OptionGroup var file: RewrittenModelOptions
  @OptionGroup var folder: PicturesArgument

  @Option(
    value: "single|flip|ten-crop",
    "Find the temperature for these views of each picture alone (default: for single and for flip).",
    completion: .list(PictureViews.allCases.map(\.rawValue)))
  var views: PictureViews?

  @OptionGroup var data: SetOptions
  @OptionGroup var input: InputOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var messages: MessageOptions

  func validate() throws {
    guard !file.isONNX else {
      throw ValidationError("\(file.model.path) is not a .keras file: the temperature of others is not kept.")
    }
    try data.check(source: folder.path)
  }

  func execute(_ tool: Tool) throws(Failure) {
    var rewrite = try ModelRewrite(file, input, tool)
    let set = try pictures(rewrite, tool)
    var fits: [Measured] = []
    // First what evaluate and fm-classify use unless they are told otherwise.
    for views in views.map({ [$0] }) ?? [.flip, .single] {
      let outputs = try outputs(of: rewrite, set, views, tool)
      let before = rewrite.model.information.temperatures[views]
      let temperature = temperature(outputs, tool)
      rewrite.model.information.temperatures[views] = temperature
      fits.append(Measured(views: views, outputs: outputs, before: before, after: temperature))
    }
    if !input.isEmpty {
      warnOfOtherInputs(rewrite.model, rewrite.preparation.preprocessing, tool)
      rewrite.model.information.preprocessing = rewrite.preparation.preprocessing
    }
    try rewrite.commit(isQuiet: messages.quiet) { fits.flatMap(\.table) }
  }

  /// A temperature that was found.
  private struct Measured {
    let views: PictureViews
    let outputs: Predictions
    let before: Double?
    let after: Double

    var table: [[String]] {
      let reports = [before, after].map {
        ClassificationReport(outputs.scaled(by: SoftmaxTemperature($0)))
      }
      func text(_ figure: Double?) -> String { figure.map { DecimalText.rounded($0, 4) } ?? "" }
      return [
        ["\(outputs.count) pictures, views \(views.rawValue)", "before", "after"],
        ["temperature", "\(before ?? 1)", "\(after)"],
        ["expected calibration error"] + reports.map { text($0.reliability.expectedCalibrationError) },
        ["cross-entropy"] + reports.map { text($0.crossEntropy) },
      ]
    }
  }

  /// The temperature for outputs, to four decimals: more than the pictures can show.
  private func temperature(_ outputs: Predictions, _ tool: Tool) -> Double {
    let fitted = TemperatureScaling(fitting: outputs).temperature
    let range = TemperatureScaling.range
    if fitted < range.lowerBound * 1.01 || fitted > range.upperBound * 0.99 {
      tool.diagnostics.warn(
        "\(folder.path): the temperature is at the end of its range, \(range.lowerBound) to "
          + "\(range.upperBound): too few of the answers are wrong, or right, to measure it")
    }
    return DecimalText.value(fitted, 4)
  }

  /// Warns if the ranges for int8 were measured with other inputs.
  private func warnOfOtherInputs(_ model: ExpressionModel, _ new: Preprocessing, _ tool: Tool) {
    guard let calibration = try? model.file.calibration() else { return }
    let old = calibration.input ?? model.information.preprocessing ?? Preprocessing()
    if (old.scale, old.offset, old.standardize) == (new.scale, new.offset, new.standardize) { return }
    tool.diagnostics.warn(
      "\(file.outputPath): its int8 calibration is for other inputs; run fm-train quantize again")
  }

  /// The pictures, some of each class.
  private func pictures(_ rewrite: ModelRewrite, _ tool: Tool) throws(Failure) -> PictureSet {
    let model = rewrite.model
    let set = try data.pictures(
      folder.path, rewrite.preparation, classes: model.classes, threads: threads.threads, tool,
      cropsAsClassify: views != .tenCrop)
    if model.wasTrained(with: set) {
      tool.diagnostics.warn(
        "\(folder.path): the model was trained on these pictures, on which it is overconfident")
    }
    let absent = zip(set.classes, set.classCounts).filter { $0.1 == 0 }.map { "\"\($0.0)\"" }
    guard absent.isEmpty else {
      throw Failure(
        .badInput, step: "calibrating", subject: folder.path,
        cause: "each class needs pictures; none found for \(absent.joined(separator: ", "))")
    }
    return set
  }

  /// The network's own outputs for the pictures, without a temperature.
  private func outputs(
    of rewrite: ModelRewrite, _ set: PictureSet, _ views: PictureViews, _ tool: Tool
  ) throws(Failure) -> Predictions {
    let run = EvaluationRun(
      tool: tool, path: file.model.path, preparation: rewrite.preparation, views: views,
      threads: threads.threads)
    guard let outputs = try run.predictions(of: rewrite.model.graph, set) else {
      throw .interrupted("before the calibration was complete; no file was written")
    }
    guard (0..<outputs.count).contains(where: { outputs.predicted($0) != nil }), outputs.areProbabilities
    else {
      throw Failure(
        .badInput, step: "calibrating", subject: file.model.path,
        cause: "its outputs are not probabilities with a sum of 1, as from softmax")
    }
    return outputs
  }
}
