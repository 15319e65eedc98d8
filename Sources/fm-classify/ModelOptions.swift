import ArgumentParser
import ExpressionNet
import FilterTool
import NetworkEngine
import NetworkModel
import SystemIO

/// Which network to run, and how faces become its input.
struct ModelOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Keras (.keras, .h5, .hdf5) or ONNX model file, or a shipped model: expressions (the default) or ferplus.",
      valueName: "file"),
    completion: .names(ShippedFiles.models.names, orFiles: ["keras", "h5", "hdf5", "onnx", "json"]))
  var model: String?

  @Option(
    help: ArgumentHelp(
      "Weights for the model, from model.save_weights(); the model may then be the JSON of model.to_json().",
      valueName: "file"), completion: .file(extensions: ["h5", "hdf5", "keras"]))
  var weights: String?

  @Option(
    help: ArgumentHelp(
      "Class names in the order of the network's outputs: fer2013, fer2013-alphabetical, ferplus, or a list (default: the file's).",
      valueName: "a,b,..."))
  var classes: String?

  @Option(
    help: ArgumentHelp(
      "Number format to compute in; auto is the fastest whose measured accuracy is at most 0.3 points lower.",
      valueName: "auto|f32|bf16|int8"))
  var precision = PrecisionChoice.auto

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Enlarge each face's box by this fraction of its size on every side (default: the model's, otherwise 0).",
      valueName: "f"))
  var margin: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Scale factor: the network's input is pixel * s + o, for pixels from 0 to 255 (default: the model's, otherwise 1).",
      valueName: "s"))
  var inputScale: Float?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Offset added after scaling, see --input-scale (default: the model's, otherwise 0).", valueName: "o"))
  var inputOffset: Float?

  @Option(
    help: ArgumentHelp(
      "Views of each face to average over: the face and its mirror image, or the face alone.",
      valueName: "flip|single"))
  var views = ViewsChoice.flip

  func validate() throws {
    if let margin, !(-0.45...10).contains(margin) { throw ValidationError("--margin is from -0.45 to 10.") }
    for value in [inputScale, inputOffset] {
      if let value, !value.isFinite {
        throw ValidationError("--input-scale and --input-offset are finite numbers.")
      }
    }
    if classes != nil, classNames == nil {
      throw ValidationError("--classes has a name that is empty or appears twice.")
    }
  }

  private var classNames: [String]? { classes.flatMap(ClassOrder.names(in:)) }

  /// A model and the file that it comes from.
  struct Loaded {
    let model: ExpressionModel
    let path: String
  }

  /// - Parameter requiringClassNames: False for a model that is only described.
  func load(_ tool: Tool, requiringClassNames: Bool) throws(Failure) -> Loaded {
    let path: String
    if let model { path = try ModelLocations.find(model) } else { path = try ModelLocations.standardModel() }
    let loaded = try ExpressionModel(
      path: path, weights: weights, classes: classNames, requiringClassNames: requiringClassNames,
      readingONNX: true)
    for warning in loaded.warnings { tool.diagnostics.warn(warning) }
    if inputScale == nil, inputOffset == nil, let note = loaded.inputNote { tool.diagnostics.warn(note) }
    if let note = loaded.information.temperatureNote(for: views.views) { tool.diagnostics.warn(note) }
    return Loaded(model: loaded, path: path)
  }

  func classifierOptions(threads: Int) -> ExpressionClassifier.Options {
    var options = ExpressionClassifier.Options()
    options.margin = margin
    options.inputScale = inputScale
    options.inputOffset = inputOffset
    options.threads = threads
    options.precision = precision
    options.views = views.views
    return options
  }
}

/// The views of a face that the classifier averages over.
enum ViewsChoice: String, ExpressibleByArgument, CaseIterable {
  case flip, single

  var views: PictureViews {
    switch self {
    case .flip: .flip
    case .single: .single
    }
  }
}

extension PrecisionChoice: ExpressibleByArgument {}
