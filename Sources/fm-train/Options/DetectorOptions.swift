import ArgumentParser
import DetectorTraining
import FaceNetwork
import FilterTool
import NetworkEngine
import NetworkModel
import SystemIO

/// What a detector is trained with.
struct DetectorPicturesOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Folder with crops of the object, each filled by it from edge to edge.", valueName: "folder"),
    completion: .directory)
  var objects: String

  @Option(
    help: ArgumentHelp("Folder with pictures without the object, of any size.", valueName: "folder"),
    completion: .directory)
  var backgrounds: String

  @Option(
    value: "file",
    "CSV file of backgrounds to leave out, in the column filename, or of places of them, in x, y, width and height; what --review writes beside its sheet, edited by a person.",
    completion: .file(extensions: ["csv"]))
  var leaveOut: String?

  @Option(help: ArgumentHelp("What is found, in the singular, for the model file.", valueName: "name"))
  var object = "face"

  @Option(
    value: "folder", "Folder with pictures to measure on after each epoch; needs --boxes.",
    name: .shortAndLong, completion: .directory)
  var validation: String?

  @Option(
    value: "file",
    "Boxes of the --validation pictures: CSV with the columns file, x, y, width and height, or COCO's JSON.",
    completion: .file(extensions: ["csv", "json"]))
  var boxes: String?

  func validate() throws {
    guard (validation == nil) == (boxes == nil) else {
      throw ValidationError("--validation and --boxes need each other.")
    }
  }
}

/// How a detector is trained.
struct DetectorSettingsOptions: ParsableArguments {
  @Option(
    value: "file",
    "Start from the filters, residuals and weights of this detector: a .keras file, or its name as for fm-detect -m.",
    completion: .names({ DetectorLocations.environment.names(suffix: ".keras") }, orFiles: ["keras"]))
  var from: String?

  @Option(
    value: "n,n,n",
    "Filters at strides 2, 4 and 8 (default: 12,20,40, or those of the --from detector).")
  var filters: WholeNumbers?

  @Option(
    number: "n",
    "Residual 3x3 convolutions at stride 8 (default: 2, or as many as the --from detector has).")
  var residuals: Int?

  @Option(
    number: "n", "Number of epochs; the backgrounds are searched after each (default: 12).",
    name: .shortAndLong)
  var epochs: Int?

  @Option(number: "n", "Steps of an epoch (default: 2000).")
  var steps: Int?

  @Option(number: "n", "Canvases of a step (default: 32).")
  var batchSize: Int?

  @Option(number: "f", "Peak learning rate, from which it falls to 0 along a cosine (default: 0.0025).")
  var learningRate: Double?

  @Option(
    number: "m", "Momentum of the moving average of the weights, which is what is saved (default: 0.999).")
  var average: Double?

  @Option(number: "degrees", "Rotate objects by up to this angle to either side (default: 40).")
  var rotation: Double?

  @Flag(inversion: .prefixedNo, help: "Mirror every other object (default: yes).")
  var mirror: Bool?

  @Option(
    choice:
      "Number format to compute in; weights stay f32; auto is bf16 where the processor is fast at it (default: f32)."
  )
  var precision: TrainingPrecision?

  @Option(
    number: "n", "Hold out one of n crops and backgrounds to measure on; 0 holds none out (default: 20).")
  var heldOut: Int?

  @Option(
    number: "n",
    "Canvases of what is held out to measure on after each epoch, and to calibrate scores with (default: 500)."
  )
  var trialCanvases: Int?

  @Option(number: "n", "Random seed (default: 1).")
  var seed: Int?

  /// The settings that the options ask for.
  /// - Parameter outputs: Files to be written; the detector to start from must not be one of them.
  /// - Throws: ``Failure``: `usage` naming what is out of range; `badInput` if it cannot start from a file.
  func settings(object: String, besides outputs: [String]) throws(Failure) -> DetectorSettings {
    var settings = DetectorSettings()
    settings.object = object
    if let from {
      let path = try DetectorLocations.environment.find(from)[0]
      let file = FileStatus(path: path)
      for output in outputs where file.flatMap({ FileStatus(path: output)?.isSameFile(as: $0) }) == true {
        throw Failure(
          .usage, step: "the training starts from its output", subject: output,
          cause: "--from names a file that would be written over")
      }
      let start = try StartingDetector(path: path)
      (settings.start, settings.architecture) = (start, start.architecture)
    }
    if let filters { settings.architecture.filters = filters.numbers }
    if let residuals { settings.architecture.residuals = residuals }
    if let epochs { settings.epochs = epochs }
    if let steps { settings.steps = steps }
    if let batchSize { settings.batchSize = batchSize }
    if let learningRate { settings.learningRate = learningRate }
    if let average { settings.average = average }
    if let rotation { settings.canvases.pose.reach = Float(rotation) }
    if let mirror { settings.canvases.pose.mirrored = mirror ? 0.5 : 0 }
    if let heldOut { settings.heldOut = heldOut }
    if let trialCanvases { settings.trialCanvases = trialCanvases }
    if let seed { settings.seed = seed }
    switch precision ?? .f32 {
    case .f32: settings.precision = .f32
    case .bf16: settings.precision = .bf16
    case .auto: settings.precision = (try? ProcessorAbilities.here().hasFastBFloat16) == true ? .bf16 : .f32
    }
    settings.warmUpSteps = min(settings.warmUpSteps, max(settings.steps, 0) * max(settings.epochs, 0) / 10)
    try settings.validate()
    return settings
  }
}

/// The numbers that a network is trained with, on the command line.
enum TrainingPrecision: String, ExpressibleByArgument, CaseIterable { case f32, bf16, auto }
