import ArgumentParser
import FaceNetwork
import FilterTool
import NetworkEngine
import NetworkModel
import SystemIO

/// A detection network to search with instead of cascades.
struct NetworkOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Search with this detection network instead of a cascade: an ONNX or Keras file, or the beginning of its name, such as yunet.",
      valueName: "file"),
    completion: .names({ DetectorLocations.environment.names() }, orFiles: ["onnx", "keras"]))
  var model: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Keep a face only if the network's score is more than f, from 0 to 1 (default: 0.6).", valueName: "f"))
  var minScore: Float?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Boxes of the network whose intersection over union is more than f are the same face (default: 0.3).",
      valueName: "f"))
  var nms: Float?

  @Option(
    help: ArgumentHelp(
      "Show the network pictures of at most n pixels a side, larger ones reduced; 0 shows them as they are (default: 640).",
      valueName: "n"))
  var maxSide: Int?

  @Option(
    help: ArgumentHelp(
      "Number format that the network computes in; auto is the fastest that was measured to find the same faces (default: auto).",
      valueName: "auto|f32|bf16|int8"))
  var precision: PrecisionChoice?

  func validate() throws {
    if model == nil, minScore != nil || nms != nil || maxSide != nil || precision != nil {
      throw ValidationError(
        "--min-score, --nms, --max-side and --precision are for a network: name one with --model.")
    }
    for (name, value) in [("--min-score", minScore), ("--nms", nms)] {
      if let value, !(0...1).contains(value) { throw ValidationError("\(name) is from 0 to 1.") }
    }
    if let maxSide, !(0...1 << 20).contains(maxSide) {
      throw ValidationError("--max-side is from 0 to 1048576.")
    }
  }

  /// The numbers to compute with.
  /// - Throws: ``Failure`` for int8 without a calibration, or bf16 on a processor without.
  func numbers(for model: DetectionModel) throws(Failure) -> Precision {
    do throws(Failure) {
      return try (precision ?? .auto).precision(ofDetector: { () throws(Failure) in try model.calibration() })
    } catch {
      throw error.within(model.path)
    }
  }

  /// Reads the network that `--model` names; nil without the option.
  func load(_ tool: Tool) throws(Failure) -> DetectionModel? {
    guard let model else { return nil }
    let paths = try DetectorLocations.environment.find(model)
    if paths.count > 1 {
      tool.diagnostics.warn(
        "\(model): using \(paths[0]); the others of this name are \(paths.dropFirst().joined(separator: ", "))"
      )
    }
    return try DetectionModel(path: paths[0])
  }

  /// The detector's options for pictures of a height.
  func options(_ search: SearchOptions, height: Int) -> NetworkDetector.Options {
    var options = NetworkDetector.Options()
    if let minScore { options.minimumScore = minScore }
    if let nms { options.overlap = nms }
    if let maxSide { options.maximumSide = maxSide }
    options.minSize = search.minSize.side(pictureHeight: height)
    options.maxSize = search.maxSize.side(pictureHeight: height)
    options.region = search.region?.region
    return options
  }
}

extension PrecisionChoice: ExpressibleByArgument {}
