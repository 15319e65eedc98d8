import ArgumentParser
import ExpressionNet
import ExpressionTraining
import FilterTool
import KerasWriting
import NetworkModel
import SystemIO
import TextTables
import TrainingReports

/// Finds the temperature with which a model's confidence equals its accuracy.
struct Calibrate: FilterCommand {
  static let configuration = CommandConfiguration(
    abstract: "Calibrate a model's confidence by temperature scaling.",
    discussion: """
      Finds the temperature that minimizes the cross-entropy on the pictures and stores it in the model file; \
      fm-classify and evaluate divide the logits by it before softmax. Predicted classes do not change. The pictures \
      must not be those that the model was trained on.

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
    var rewrite = try ModelRewrite(file, input, tool)
    let outputs = try outputs(of: rewrite, tool)
    let fitted = TemperatureScaling(fitting: outputs).temperature
    let range = TemperatureScaling.range
    if fitted < range.lowerBound * 1.01 || fitted > range.upperBound * 0.99 {
      tool.diagnostics.warn(
        "\(folder.path): the temperature is at the end of its range, \(range.lowerBound) to "
          + "\(range.upperBound): too few of the answers are wrong, or right, to measure it")
    }
    // To four decimals: more than the pictures can show.
    let temperature = DecimalText.value(fitted, 4)
    let before = rewrite.model.information.temperature
    rewrite.model.information.temperature = temperature
    if !input.isEmpty {
      warnOfOtherInputs(rewrite.model, rewrite.preparation.preprocessing, tool)
      rewrite.model.information.preprocessing = rewrite.preparation.preprocessing
    }
    try rewrite.commit(isQuiet: messages.quiet) {
      let reports = [before, temperature].map {
        ClassificationReport(outputs.scaled(by: SoftmaxTemperature($0)))
      }
      return [
        ["\(outputs.count) pictures", "before", "after"],
        ["temperature", "\(before ?? 1)", "\(temperature)"],
        ["expected calibration error"] + reports.map { Self.text($0.reliability.expectedCalibrationError) },
        ["cross-entropy"] + reports.map { Self.text($0.crossEntropy) },
      ]
    }
  }

  /// Warns if the ranges for int8 were measured with other inputs.
  private func warnOfOtherInputs(_ model: ExpressionModel, _ new: Preprocessing, _ tool: Tool) {
    guard let calibration = try? model.file.calibration() else { return }
    let old = calibration.input ?? model.information.preprocessing ?? Preprocessing()
    if (old.scale, old.offset, old.standardize) == (new.scale, new.offset, new.standardize) { return }
    tool.diagnostics.warn(
      "\(file.outputPath): its int8 calibration is for other inputs; run fm-train quantize again")
  }

  /// The network's own outputs for the pictures, without a temperature.
  private func outputs(of rewrite: ModelRewrite, _ tool: Tool) throws(Failure) -> Predictions {
    let model = rewrite.model
    let set = try data.pictures(
      folder.path, rewrite.preparation, classes: model.classes, threads: threads.threads, tool,
      cropsAsClassify: views.views != .tenCrop)
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
    let run = EvaluationRun(
      tool: tool, path: file.model.path, preparation: rewrite.preparation, views: views.views,
      threads: threads.threads)
    guard let outputs = try run.predictions(of: model.graph, set) else {
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

  private static func text(_ figure: Double?) -> String { figure.map { DecimalText.rounded($0, 4) } ?? "" }
}
