import ArgumentParser
import ExpressionNet
import ExpressionTraining
import FilterTool
import PictureData
import SystemIO
import TrainingReports

/// How accurately a model classifies the pictures of a folder, or how accurate a stream's own answers are.
struct Evaluate: FilterCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Evaluate a model or a detector on the pictures of a folder, or the answers that a stream has already.",
    discussion: """
        fm-train evaluate expressions.keras faces/validation --views ten-crop
        fm-train evaluate foreign.h5 --try-inputs faces/validation
        fm-train evaluate expressions.keras faces/validation --turn 20 --low-light 0.25
        fm-train evaluate tracked.ndjson
        fm-train evaluate faces.keras pictures --boxes boxes.csv --turn 10,20
        fm-train evaluate -c frontalface_alt pictures --boxes boxes.csv
      """)

  @OptionGroup var model: ModelOptions

  @Argument(help: PicturesArgument.help, completion: .file(extensions: ["fm", "csv"]))
  var folder: String?

  @OptionGroup var views: ViewsOption
  @OptionGroup var precision: PrecisionOption

  @Option(number: "pixels", "Downscale each picture to this side and back first, to test small faces.")
  var downscale: Int?

  @Option(
    number: "sigma",
    "Blur each picture first with a Gaussian of this standard deviation in pixels, to test blurred faces.")
  var blur: Double?

  @Option(
    number: "f",
    "Darken each picture first to this share of its light, and add sensor noise, to test dark faces.")
  var lowLight: Double?

  @Flag(
    help:
      "Measure instead which pixel range and order of classes the model is made for, and print the options for it."
  )
  var tryInputs = false

  @OptionGroup(title: "Detectors") var detector: DetectorEvaluationOptions
  @OptionGroup var data: SetOptions
  @OptionGroup var input: InputOptions

  @Option(value: "folder", "Folder to write a report with figures to.", completion: .directory)
  var report: String?

  @Flag(help: "Print the report as JSON.")
  var json = false

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var messages: MessageOptions

  /// How the pictures of a model of expressions are changed first.
  private var degradation: PictureDegradation {
    PictureDegradation(turn: detector.turn?.degrees.first, side: downscale, blur: blur, lowLight: lowLight)
  }

  func validate() throws {
    if let downscale, downscale < 1 { throw ValidationError("--downscale must not be less than 1.") }
    if let blur, blur < 0 { throw ValidationError("--blur must not be negative.") }
    if detector.boxes != nil { return try validateDetector() }
    if let lowLight, !(0.01...1).contains(lowLight) {
      throw ValidationError("--low-light is from 0.01 to 1.")
    }
    if tryInputs, report != nil || !input.isEmpty || !degradation.isNone {
      throw ValidationError(
        "--try-inputs tries the inputs itself, on the pictures as they are, and writes no report.")
    }
    if folder == nil, ["keras", "h5", "hdf5"].contains(FilePath.fileExtension(model.path).lowercased()) {
      throw ValidationError("the folder of pictures to evaluate the model \(model.path) on is missing.")
    }
    if folder == nil, tryInputs || report != nil || !degradation.isNone || !input.isEmpty {
      throw ValidationError(
        "without a folder, the stream \(model.path) is evaluated as it was classified: "
          + "options that need a model do not apply.")
    }
    try data.check(source: folder ?? model.path)
  }

  /// Of a cascade the only argument is the folder.
  private func validateDetector() throws {
    guard (detector.cascade == nil) == (folder != nil) else {
      throw ValidationError(
        detector.cascade == nil
          ? "the folder of pictures to evaluate the detector \(model.path) on is missing."
          : "with --cascade only the folder of pictures is named, no model.")
    }
    if downscale != nil || blur != nil || lowLight != nil || tryInputs || !input.isEmpty {
      throw ValidationError(
        "--downscale, --blur, --low-light, --try-inputs and the input's options are not for detectors.")
    }
  }

  func execute(_ tool: Tool) throws(Failure) {
    if detector.boxes != nil {
      if let report { try OutputFolder.check(report: report) }
      return try DetectorEvaluation(
        model: detector.cascade == nil ? model.path : nil, options: detector, folder: folder ?? model.path,
        threads: threads.count, precision: precision.precision
      ).print(tool, asJSON: json, report: report)
    }
    guard let folder else { return try AnswerEvaluation(path: model.path).print(tool, asJSON: json) }
    if tryInputs { return try printInputTrials(folder, tool) }
    if let report { try OutputFolder.check(report: report) }
    let loaded = try model.load(tool)
    let preparation = try model.preparation(of: loaded, input, tool)
    var run = EvaluationRun(
      tool: tool, path: model.path, preparation: preparation, views: views.views, threads: threads.threads)
    run.precision = precision.precision
    run.hasGuessedClasses = loaded.hasGuessedClasses
    run.degradation = degradation
    var answers = TrackedAnswers()
    let set = try data.pictures(
      folder, preparation, classes: loaded.classes, threads: threads.threads, tool,
      cropsAsClassify: views.views != .tenCrop
    ) { (record) throws(Failure) in
      try answers.take(record)
    }
    if answers.isSmoothed { run.answers = answers }
    let stop = tool.stop
    guard let shown = try set.degraded(run.degradation, isStopped: { stop.signal != nil }) else {
      throw .interrupted("before the evaluation was complete")
    }
    try run.report(loaded, shown, asJSON: json, folder: report, pictures: folder)
  }

  private func printInputTrials(_ folder: String, _ tool: Tool) throws(Failure) {
    let loaded = try model.load(tool, assumesInputs: false)
    let preparation = try StartingPoint.preparation(of: loaded, Recipe())
    let set = try data.pictures(
      folder, preparation, classes: nil, threads: threads.threads, tool, cropsAsClassify: true)
    let stop = tool.stop
    let trials = try InputTrials(loaded, set, preparation, threads: threads.threads) { stop.signal != nil }
    try InputTrialReport(trials: trials, path: model.path, pictures: folder).print(tool, asJSON: json)
  }
}
