import ExpressionNet
import ExpressionTraining
import FilterTool
import FrameStream
import NetworkEngine
import NetworkModel
import PictureData
import SystemIO
import TextTables
import TrainingReports

/// Evaluates a network on a set and reports the result.
struct EvaluationRun {
  let tool: Tool
  /// The model's file, by whose name the report goes.
  let path: String
  let preparation: InputPreparation
  var views = PictureViews.single
  var threads = 0
  /// The settings of an evaluation of a finished model.
  var precision = PrecisionChoice.f32
  /// How the pictures were degraded before, for the report.
  var degradation = PictureDegradation()
  /// Whether the model's class names are a guess, for the report.
  var hasGuessedClasses = false
  /// What the stream of the pictures says itself, where a tracker has smoothed its labels; nil for anything else.
  var answers: TrackedAnswers?

  /// - Parameter calibration: The ranges that int8 needs.
  /// - Returns: nil if a signal came before the end.
  func predictions(
    of graph: ModelGraph, _ set: PictureSet, precision: Precision = .f32, calibration: Calibration? = nil
  ) throws(Failure) -> Predictions? {
    let stop = tool.stop
    return try Evaluator(set, preparation: preparation, views: views, threads: threads)
      .predictions(of: graph, precision: precision, calibration: calibration) { stop.signal != nil }
  }

  /// How the report was made, for the report.
  /// - Parameter pictures: Their folder, or which part of the training pictures they are.
  private func details(_ pictures: String, _ precision: Precision) -> [(key: String, value: JSONValue)] {
    var details: [(key: String, value: JSONValue)] = [
      ("model", .string(path)), ("pictures", .string(pictures)), ("views", .string(views.rawValue)),
      ("precision", .string(precision.rawValue)),
    ]
    if let turn = degradation.turn { details.append(("turn", JSONValue(number: turn))) }
    if let side = degradation.side { details.append(("downscale", JSONValue(number: side))) }
    if let blur = degradation.blur { details.append(("blur", JSONValue(number: blur))) }
    if let light = degradation.lowLight { details.append(("low_light", JSONValue(number: light))) }
    if hasGuessedClasses { details.append(("classes_guessed", .bool(true))) }
    details.append(("version", .string("\(tool.name) \(toolVersion)")))
    return details
  }

  /// `faces/test, downscale 16, blur 1, views single`.
  private func subject(_ pictures: String) -> String {
    var text = pictures
    if let turn = degradation.turn { text += ", turn \(DecimalText.shortest(turn))" }
    if let side = degradation.side { text += ", downscale \(side)" }
    if let blur = degradation.blur { text += ", blur \(DecimalText.shortest(blur))" }
    if let light = degradation.lowLight { text += ", low light \(DecimalText.shortest(light))" }
    return text + ", views \(views.rawValue)" + (hasGuessedClasses ? ", class names guessed" : "")
  }

  /// `m.keras on faces/test, views single`.
  func heading(_ subject: String) -> String { "\(path) on \(subject)" }

  /// Writes the report's folder, with pictures of the set on its sheets.
  /// - Parameters:
  ///   - pictures: Their folder, or which part of the training pictures they are, for `details`.
  ///   - subject: Their description in words.
  ///   - shown: The same under the titles of figures, which have the pictures' number already; nil for `subject`.
  /// - Returns: false if a signal came before the end.
  func write(
    _ predictions: Predictions, of set: PictureSet, to folder: String, history: TrainingHistory?,
    pictures: String, subject: String, shown: String? = nil, precision: Precision = .f32
  ) throws(Failure) -> Bool {
    var report = Report(name: Report.name(ofModel: path), predictions: predictions, history: history)
    report.heading = heading(subject)
    report.pictures = shown ?? subject
    report.details = details(pictures, precision)
    let stop = tool.stop
    // Between two files the signal is heeded here.
    stop.beginWork()
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
  /// - Parameters:
  ///   - type: The type of its JSON record, among records of other types.
  ///   - note: What the heading adds to the pictures' name.
  func report(
    _ model: ExpressionModel, _ set: PictureSet, asJSON: Bool, type: String? = nil, folder: String?,
    pictures: String, note: String = ""
  ) throws(Failure) {
    let temperature = SoftmaxTemperature(model.information.temperature(for: views))
    if let note = model.information.temperatureNote(for: views) { tool.diagnostics.warn("\(path): \(note)") }
    let precision = try precision.precision(
      for: model.file, preprocessing: preparation.preprocessing, views: views)
    let calibration = precision == .int8 ? try model.file.calibration() : nil
    let outputs = try predictions(of: model.graph, set, precision: precision, calibration: calibration)
    guard let predictions = outputs?.scaled(by: temperature) else {
      throw .interrupted("before the evaluation was complete")
    }
    let report = ClassificationReport(predictions)
    let subject = subject(pictures + note)
    try tool.print(
      asJSON
        ? String(
          decoding: report.json(
            type: type, tracked: answers?.json, details: details(pictures, precision)), as: UTF8.self) + "\n"
        : report.text(heading: heading(subject)) + (answers.map { "\n" + $0.text } ?? ""))
    if let folder {
      let history = try? TrainingHistory(keptIn: model)
      guard
        try write(
          predictions, of: set, to: folder, history: history.flatMap { $0.epochs.isEmpty ? nil : $0 },
          pictures: pictures, subject: subject, precision: precision)
      else { throw .interrupted("before the report in \(folder) was complete") }
    }
  }
}
