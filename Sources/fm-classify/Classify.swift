import ArgumentParser
import ExpressionNet
import FilterTool
import FrameStream
import SystemIO

@main
struct Classify: FilterCommand {
  static let configuration = CommandConfiguration(
    commandName: "fm-classify",
    abstract: "Name the expression of each face in a stream with a Keras network.",
    discussion: """
      Reads a stream in which fm-detect has found faces, and adds "expression", "confidence" and "scores" to each.

        fm-decode in.mp4 | fm-detect | fm-classify --no-pixels |
          jq -c 'select(.type=="frame") | .faces[]'
        fm-classify --describe -m expressions.keras
      """,
    version: "fm-classify \(toolVersion)")

  @OptionGroup var model: ModelOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var stream: StreamOptions
  @OptionGroup var messages: MessageOptions

  @Option(help: ArgumentHelp("Keep the n best scores only, the best first (default: all).", valueName: "n"))
  var top: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Give faces whose best score is below this, from 0 to 1, no expression but null.",
      valueName: "f"))
  var minConfidence: Float = 0

  @Option(
    help: ArgumentHelp(
      "Compute the faces of up to n frames that have come already together with those before; 0 takes each alone.",
      valueName: "n"))
  var latency = 7

  @Flag(help: "Print the model's layers, shapes, parameters, class names, input and temperature, then end.")
  var describe = false

  func validate() throws {
    if let top, !(1...1024).contains(top) { throw ValidationError("--top is from 1 to 1024.") }
    guard (0...1).contains(minConfidence) else { throw ValidationError("--min-confidence is from 0 to 1.") }
    guard (0...64).contains(latency) else { throw ValidationError("--latency is from 0 to 64.") }
  }

  func execute(_ tool: Tool) throws(Failure) {
    try SIMDLevel.checkEnvironment()
    let (loaded, path) = try model.load(tool, requiringClassNames: !describe)
    if describe {
      return try tool.print(
        "\(loaded.graph.description)\n" + classes(of: loaded) + loaded.inputDescription + "\n"
          + temperature(of: loaded) + accuracies(of: loaded))
    }
    let streams = try stream.open(tool)
    let classifier = try ExpressionClassifier(loaded, model.classifierOptions(threads: threads.threads))
    tool.diagnostics.note("computing in \(classifier.precision.rawValue)")
    let stage = ClassificationStage(
      classifier, model: path, top: top, minimumConfidence: minConfidence, latency: latency)
    let diagnostics = tool.diagnostics
    stage.onReplacement = { diagnostics.warn("\(streams.inputName): \($0)") }
    let pipeline = Pipeline(tool, reader: streams.reader, inputName: streams.inputName, stage: stage)
    let interruption = try pipeline.run(output: streams.outputDescriptor, dropsPayloads: stream.noPixels)
    try streams.commit()
    if let interruption { throw interruption }
  }

  /// Their names, or how many they are.
  private func classes(of model: ExpressionModel) -> String {
    if model.classes.isEmpty {
      return "Classes: \(model.graph.outputShape.reduce(1, *)), unnamed (--classes names them)\n"
    }
    return "Classes: \(model.classes.joined(separator: ", "))\n"
  }

  /// What brings the model's probabilities to what they are worth; nothing if it has none.
  private func temperature(of model: ExpressionModel) -> String {
    model.information.temperature.map { "Temperature: \($0)\n" } ?? ""
  }

  /// What the model's calibration says each precision is worth; nothing if it has none.
  private func accuracies(of model: ExpressionModel) throws(Failure) -> String {
    guard let accuracy = try model.calibration()?.accuracy else { return "" }
    let figures = Precision.allCases.compactMap { precision in
      accuracy.found[precision].map { "\(precision.rawValue) \(($0 * 10_000).rounded() / 100) %" }
    }
    return "Accuracy: \(figures.joined(separator: ", ")) of \(accuracy.pictures) pictures\n"
  }
}
