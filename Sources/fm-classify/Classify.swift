import ArgumentParser
import ExpressionNet
import FilterTool
import FrameStream
import NetworkModel
import SystemIO
import TextTables

@main
struct Classify: FilterCommand {
  static let configuration = CommandConfiguration(
    commandName: "fm-classify",
    abstract: "Name the expression of each face in a stream with a Keras or ONNX network.",
    discussion: """
      Reads a stream from fm-detect and adds "expression", "confidence" and "scores" to each face.

        fm-decode in.mp4 | fm-detect | fm-classify --no-pixels > faces.ndjson
        fm-decode in.mp4 | fm-detect | fm-classify --no-pixels |
          jq -c 'select(.type=="frame") | .faces[]'
        fm-classify --describe -m expressions.keras
      """,
    version: versionLine("fm-classify"))

  @OptionGroup var model: ModelOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var stream: StreamOptions
  @OptionGroup var messages: MessageOptions

  @Option(help: ArgumentHelp("Keep only the n best scores, best first (default: all).", valueName: "n"))
  var top: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Set \"expression\" to null for faces whose confidence is below f (0 to 1).",
      valueName: "f"))
  var minConfidence: Float = 0

  @Option(
    help: ArgumentHelp(
      "Process the faces of up to n further frames together if they are already waiting; 0 takes one frame at a time.",
      valueName: "n"))
  var latency = 7

  @Flag(
    help:
      "Print the model's layers, shapes, parameters, class names, input, temperature and accuracy, then exit."
  )
  var describe = false

  func validate() throws {
    if let top, !(1...1024).contains(top) { throw ValidationError("--top is from 1 to 1024.") }
    guard (0...1).contains(minConfidence) else { throw ValidationError("--min-confidence is from 0 to 1.") }
    guard (0...64).contains(latency) else { throw ValidationError("--latency is from 0 to 64.") }
  }

  func execute(_ tool: Tool) throws(Failure) {
    let file = try model.load(tool, requiringClassNames: !describe)
    let loaded = file.model
    if describe {
      return try tool.print(
        "\(loaded.graph.description)\n" + classes(of: loaded) + loaded.inputDescription + "\n"
          + loaded.information.temperatureLines + accuracies(of: loaded))
    }
    try stream.run(tool) { (inputName) throws(Failure) in
      let classifier = try ExpressionClassifier(loaded, model.classifierOptions(threads: threads.threads))
      tool.diagnostics.note("computing in \(classifier.precision.rawValue)")
      let stage = ClassificationStage(
        classifier, model: file, top: top, minimumConfidence: minConfidence, latency: latency)
      let diagnostics = tool.diagnostics
      stage.onWarning = { diagnostics.warn("\(inputName): \($0)") }
      return stage
    }
  }

  /// Their names, or how many they are.
  private func classes(of model: ExpressionModel) -> String {
    if model.classes.isEmpty {
      return "Classes: \(model.outputs.classCount), unnamed (name them with --classes)\n"
    }
    let mark = model.hasGuessedClasses ? " (guessed: the file names none)" : ""
    return "Classes: \(NameList.text(of: model.classes))\(mark)\n"
  }

  /// The accuracy of each precision, from the model's calibration, a line for each of the views that it was measured
  /// for; nothing if it has none.
  private func accuracies(of model: ExpressionModel) throws(Failure) -> String {
    guard let calibration = try model.file.calibration() else { return "" }
    return PictureViews.lines("Accuracy", calibration.accuracies) { accuracy in
      let figures = Precision.allCases.compactMap { precision in
        accuracy.found[precision].map { "\(precision.rawValue) \(($0 * 10_000).rounded() / 100) %" }
      }
      return "\(figures.joined(separator: ", ")) of \(accuracy.pictures) pictures"
    }
  }
}
