import ArgumentParser
import FilterTool
import KerasWriting
import NetworkModel
import SystemIO

/// Writes a copy of a model for those who only run it.
struct Export: FilterCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a smaller copy of a model, for people who only use it.",
    discussion: """
      The copy leaves out the optimizer's state, which is up to two thirds of a trained model's file. With --half it \
      stores kernels in 16 bits. It keeps class names, preprocessing, temperature, calibration, recipe and history, \
      and those that options give. Keras 3 opens it.

        fm-train export expressions.keras -o shipped.keras --half
      """)

  @OptionGroup var model: ModelOptions

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Keras file to write: NAME.keras.", valueName: "file"),
    completion: .file())
  var output: String

  @Flag(help: "Store kernels as IEEE 754 binary16, in half the bytes.")
  var half = false

  @Flag(
    inversion: .prefixedNo,
    help: "Keep the optimizer's state and the compile settings, so that training can continue (default: no).")
  var optimizer = false

  @OptionGroup var input: InputOptions
  @OptionGroup var messages: MessageOptions

  func validate() throws {
    guard output.hasSuffix(".keras") else {
      throw ValidationError("the output's name, \(output), does not end in .keras.")
    }
  }

  func execute(_ tool: Tool) throws(Failure) {
    if let old = FileStatus(path: try model.find()), let new = FileStatus(path: output),
      (old.device, old.inode) == (new.device, new.inode)
    {
      throw Failure(
        .usage, step: "--output", subject: output,
        cause: "it is the model itself; use another name for the copy"
      )
    }
    if let detector = DetectorFile(path: try model.find()) {
      return try detector.export(to: output, isHalf: half, tool)
    }
    var loaded = try model.load(tool, keepingTrainingState: optimizer)
    if !optimizer { loaded.trainingState = TrainingState() }
    if !input.isEmpty {
      loaded.information.preprocessing = try model.preparation(of: loaded, input, tool).preprocessing
    }
    if half {
      do throws(Failure) { try loaded.file.roundKernels() } catch { throw error.within(model.path) }
    }
    try loaded.file.write(to: output)
    let size = FileStatus(path: output)?.byteCount ?? 0
    tool.diagnostics.note("\(output): \(loaded.graph.parameterCount) parameters in \(size) bytes")
  }
}
