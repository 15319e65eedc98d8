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

  @Flag(help: "Print the model's layers, shapes, parameters and class names, then end.")
  var describe = false

  func execute(_ tool: Tool) throws(Failure) {
    let (loaded, path) = try model.load(tool)
    if describe {
      return try tool.print(
        "\(loaded.graph.description)\nClasses: \(loaded.classes.joined(separator: ", "))\n")
    }
    let streams = try stream.open(tool)
    let stage = ClassificationStage(
      try ExpressionClassifier(loaded, model.classifierOptions(threads: threads.threads)), model: path)
    let pipeline = Pipeline(tool, reader: streams.reader, inputName: streams.inputName, stage: stage)
    let interruption = try pipeline.run(output: streams.outputDescriptor, dropsPayloads: stream.noPixels)
    try streams.commit()
    if let interruption { throw interruption }
  }
}
