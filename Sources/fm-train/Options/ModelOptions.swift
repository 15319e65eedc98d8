import ArgumentParser
import ExpressionNet
import ExpressionTraining
import FilterTool
import Glibc
import NetworkModel
import SystemIO

/// An existing model file.
struct ModelOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Keras model file (.keras, .h5 or .hdf5), or the name of a shipped model.", valueName: "model"),
    completion: .names(ShippedFiles.models.names, orFiles: ["keras", "h5", "hdf5", "json"]))
  var path: String

  @Option(
    value: "file",
    "Weights for the model, from model.save_weights(); the model may then be the JSON of model.to_json().",
    completion: .file(extensions: ["h5", "hdf5", "keras"]))
  var weights: String?

  @OptionGroup var classes: ClassNamesOption

  /// The model's file: ``path``, or the shipped model of that bare name (`ferplus`).
  func find() throws(Failure) -> String { try ShippedFiles.models.find(path) }

  /// Loads the model, and prints its warnings.
  /// - Parameter assumesInputs: False if class names are not needed, and not to be guessed.
  func load(_ tool: Tool, keepingTrainingState: Bool = false, assumesInputs: Bool = true) throws(Failure)
    -> ExpressionModel
  {
    let model = try ExpressionModel(
      path: find(), weights: weights, classes: classes.names, keepingTrainingState: keepingTrainingState,
      requiringClassNames: assumesInputs)
    for warning in assumesInputs ? model.warnings : model.file.warnings { tool.diagnostics.warn(warning) }
    return model
  }

  /// How pictures become the input of the model: as its file says, with changes by options. What the file says of
  /// preprocessing takes precedence over the recipe that the model was trained with, as in fm-classify.
  func preparation(of model: ExpressionModel, _ input: InputOptions, _ tool: Tool) throws(Failure)
    -> InputPreparation
  {
    var recipe = Recipe(keptIn: model) { tool.diagnostics.warn("\(path): \($0)") } ?? Recipe()
    (recipe.from, recipe.fromScratch) = (nil, false)
    if model.information.preprocessing != nil {
      (recipe.inputScale, recipe.inputOffset, recipe.standardize) = (nil, nil, nil)
    }
    try input.apply(to: &recipe)
    if !recipe.preparesPixels, let note = model.inputNote { tool.diagnostics.warn("\(path): \(note)") }
    return try StartingPoint.preparation(of: model, recipe)
  }
}

/// A model that is changed, and where it is written.
struct RewrittenModelOptions: ParsableArguments {
  @OptionGroup var model: ModelOptions

  @Option(
    value: "file", "Write the model to this file, of the same kind, instead of changing the original.",
    name: .shortAndLong, completion: .file())
  var output: String?

  /// The file to write.
  var outputPath: String { output ?? model.path }

  func checkFolder() throws(Failure) { try OutputFolder.check(of: outputPath) }

  /// True for an ONNX network, which is a detector.
  var isONNX: Bool { FilePath.fileExtension(model.path).lowercased() == "onnx" }

  func validate() throws {
    if isONNX {
      guard outputPath.hasSuffix(".onnx") else {
        throw ValidationError("the output's name, \(outputPath), does not end in .onnx.")
      }
      return
    }
    guard outputPath.hasSuffix(".keras") else {
      throw ValidationError(
        output == nil
          ? "\(model.path) is not a .keras file; name the file to write with --output."
          : "the output's name, \(outputPath), does not end in .keras.")
    }
  }
}

/// The model that a training or a search writes.
struct TrainedModelArgument: ParsableArguments {
  @Argument(
    help: ArgumentHelp("Keras file to write: MODEL.keras.", valueName: "model"),
    completion: .file(extensions: ["keras"]))
  var path: String

  func validate() throws {
    guard path.hasSuffix(".keras") else {
      throw ValidationError("the model's name, \(path), does not end in .keras.")
    }
  }

  func checkFolder() throws(Failure) { try OutputFolder.check(of: path) }
}

/// The folder of a file that long work ends with: it must exist when the work begins.
enum OutputFolder {
  /// - Throws: ``Failure`` (`inputOutput`) if there is none, or if a folder has the file's own name.
  static func check(of path: String) throws(Failure) {
    if FileStatus(path: path)?.isFolder ?? false {
      throw Failure(.inputOutput, step: "cannot write", subject: path, cause: systemMessage(EISDIR))
    }
    guard let end = path.lastIndex(of: "/"), end > path.startIndex else { return }
    let folder = String(path[..<end])
    guard FileStatus(path: folder)?.isFolder ?? false else {
      throw Failure(
        .inputOutput, step: "cannot write", subject: path, cause: "the folder \(folder) does not exist")
    }
  }
}

extension OutputFolder {
  /// Whether a report can be written into a folder, which is made then if it is missing.
  /// - Throws: ``Failure`` (`inputOutput`) if not.
  static func check(report folder: String) throws(Failure) {
    var place = folder
    while FileStatus(path: place) == nil {
      guard let end = place.lastIndex(of: "/"), end > place.startIndex else { return }
      place = String(place[..<end])
    }
    guard FileStatus(path: place)?.isFolder ?? true else {
      throw Failure(
        .inputOutput, step: "cannot make the folder", subject: place, cause: systemMessage(ENOTDIR))
    }
    guard access(place.fileNameBytes, W_OK | X_OK) == 0 else {
      throw Failure(system: errno, step: "cannot write a report", subject: place)
    }
  }
}

/// Names for the outputs of a file that does not have them.
struct ClassNamesOption: ParsableArguments {
  @Option(
    value: "a,b,...",
    "Class names in the order of the outputs instead of the model file's: fer2013, fer2013-alphabetical, ferplus, or a list; quote a name that has a comma."
  )
  var classes: ClassNames?

  var names: [String]? { classes?.names }
}

/// Class names on the command line: `happy,sad`, `"happy, or not",sad`, or a ``ClassOrder``.
struct ClassNames: ExpressibleByArgument {
  let names: [String]

  init?(argument: String) {
    guard let names = ClassOrder.names(in: argument) else { return nil }
    self.names = names
  }
}
