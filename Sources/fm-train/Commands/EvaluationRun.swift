import ExpressionNet
import ExpressionTraining
import FilterTool
import FrameStream
import SystemIO

/// Runs a network on a set and says how well it does.
struct EvaluationRun {
  let tool: Tool
  /// The model's file, by whose name the report goes.
  let path: String
  let preparation: InputPreparation
  var views = EvaluationViews.single
  var threads = 0
  /// What was done to the pictures before, for the report.
  var degradation = PictureDegradation()

  /// - Returns: nil if a signal came before the end.
  func predictions(of graph: ModelGraph, _ set: PictureSet) throws(Failure) -> Predictions? {
    let stop = tool.stop
    return try Evaluator(set, preparation: preparation, views: views, threads: threads)
      .predictions(of: graph) { stop.signal != nil }
  }

  /// The name that a report has: the model's, without folder and ending.
  var name: String {
    let last = path.split(separator: "/").last.map(String.init) ?? path
    return last.hasSuffix(".keras") ? String(last.dropLast(6)) : last
  }

  /// Writes the report's folder, with pictures of the set on its sheets.
  /// - Returns: false if a signal came before the end.
  func write(
    _ predictions: Predictions, of set: PictureSet, to folder: String, history: TrainingHistory?,
    pictures: String
  ) throws(Failure) -> Bool {
    var report = Report(name: name, predictions: predictions, history: history)
    report.details = [
      ("model", .string(path)), ("pictures", .string(pictures)), ("views", .string(views.rawValue)),
    ]
    if let side = degradation.side { report.details.append(("downscale", JSONValue(number: side))) }
    if let blur = degradation.blur { report.details.append(("blur", JSONValue(number: blur))) }
    report.details.append(("version", .string("\(tool.name) \(toolVersion)")))
    let stop = tool.stop
    let files = try report.write(
      to: folder, isStopped: { stop.signal != nil },
      picture: { (place) throws(Failure) in
        try FacePicture(
          width: set.width, height: set.height, channels: 1, pixels: set.withPixels(place) { Array($0) })
      })
    guard files != nil else { return false }
    tool.diagnostics.note("the report is in \(folder)")
    return true
  }

  /// Evaluates a model that is finished, prints the report and writes its folder.
  func report(
    _ model: ExpressionModel, _ set: PictureSet, asJSON: Bool, folder: String?, pictures: String
  ) throws(Failure) {
    func interrupted(_ cause: String) -> Failure { Failure(.failed, step: "interrupted", cause: cause) }
    let temperature = SoftmaxTemperature(model.information.temperature)
    guard let predictions = try predictions(of: model.graph, set)?.scaled(by: temperature) else {
      throw interrupted("before the evaluation was done")
    }
    let report = ClassificationReport(predictions)
    try tool.print(
      asJSON ? String(decoding: report.json(), as: UTF8.self) + "\n" : report.text)
    if let folder {
      let history = try? TrainingHistory(keptIn: model)
      guard
        try write(
          predictions, of: set, to: folder, history: history.flatMap { $0.epochs.isEmpty ? nil : $0 },
          pictures: pictures)
      else { throw interrupted("before the report in \(folder) was whole") }
    }
  }
}
