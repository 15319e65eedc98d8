import ArgumentParser
import ExpressionNet
import ExpressionTraining
import FilterTool
import PictureData
import SystemIO

/// How accurately a model classifies the pictures of a folder.
struct Evaluate: FilterCommand {
  static let configuration = CommandConfiguration(
    abstract: "Evaluate a model on the pictures of a folder.",
    discussion: """
        fm-train evaluate expressions.keras faces/validation --views ten-crop
      """)

  @OptionGroup var model: ModelOptions
  @OptionGroup var folder: PicturesArgument
  @OptionGroup var views: ViewsOption
  @OptionGroup var precision: PrecisionOption

  @Option(number: "pixels", "Downscale each picture to this side and back first, to test small faces.")
  var downscale: Int?

  @Option(
    number: "sigma",
    "Blur each picture first with a Gaussian of this standard deviation in pixels, to test blurred faces.")
  var blur: Double?

  @OptionGroup var data: SetOptions
  @OptionGroup var input: InputOptions

  @Option(value: "folder", "Folder to write a report with figures to.", completion: .directory)
  var report: String?

  @Flag(help: "Print the report as JSON.")
  var json = false

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var messages: MessageOptions

  func validate() throws {
    if let downscale, downscale < 1 { throw ValidationError("--downscale must not be less than 1.") }
    if let blur, blur < 0 { throw ValidationError("--blur must not be negative.") }
    try data.check(source: folder.path)
  }

  func execute(_ tool: Tool) throws(Failure) {
    if let report { try OutputFolder.check(report: report) }
    let loaded = try model.load(tool)
    let preparation = try model.preparation(of: loaded, input, tool)
    var run = EvaluationRun(
      tool: tool, path: model.path, preparation: preparation, views: views.views, threads: threads.threads)
    run.precision = precision.precision
    run.degradation = PictureDegradation(side: downscale, blur: blur)
    let set = try data.pictures(
      folder.path, preparation, classes: loaded.classes, threads: threads.threads, tool,
      cropsAsClassify: views.views != .tenCrop)
    let stop = tool.stop
    guard let shown = try set.degraded(run.degradation, isStopped: { stop.signal != nil }) else {
      throw .interrupted("before the evaluation was complete")
    }
    try run.report(loaded, shown, asJSON: json, folder: report, pictures: folder.path)
  }
}
