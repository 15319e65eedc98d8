import FrameStream
import SystemIO

/// The contents of a report on a training run or an evaluation.
package struct Report: Sendable {
  /// What the report is about, as its titles say: the model's name.
  package var name: String
  /// The network's predictions on the validation pictures.
  package var predictions: Predictions
  /// The run's epochs; nil for a model that was only evaluated.
  package var history: TrainingHistory?
  /// The model and the pictures it is about, the first line of `report.txt`; nil for none.
  package var heading: String?
  /// The pictures it is about, under the titles of its figures; nil for nothing there.
  package var pictures: String?
  /// What else `report.json` should keep, under `details`: model, data, options, time.
  package var details: [(key: String, value: JSONValue)]

  /// A report on predictions.
  package init(
    name: String, predictions: Predictions, history: TrainingHistory? = nil,
    details: [(key: String, value: JSONValue)] = []
  ) {
    self.name = name
    self.predictions = predictions
    self.history = history
    self.details = details
  }

  /// The name that a report on a model has: that of the model's file, without folder and extension.
  package static func name(ofModel path: String) -> String {
    let (name, ending) = (FilePath.lastComponent(path), ".keras")
    return name.hasSuffix(ending) ? String(name.dropLast(ending.count)) : name
  }

  /// Writes the report into a folder, which is made if it is missing: report.txt, predictions.csv, history.csv,
  /// the figures as PNG and SVG, and report.json, which lists them, last. Each file appears whole or not at all;
  /// files of an earlier report are replaced, others stay. Times of epochs that ``history`` lacks are those of an
  /// earlier history.csv, if it is about the same epochs.
  /// - Parameters:
  ///   - isStopped: asked before each file but the first.
  ///   - picture: a picture by its index in the predictions, for the sheets of mistakes and of examples;
  ///     asked for only those that are shown. Nil leaves a cell empty; without the argument there are no sheets.
  /// - Returns: the names of the files written; nil if it was stopped before report.json.
  /// - Throws: ``Failure`` (`inputOutput`) with the file as its subject; (`failed`) if there is no font or no memory
  ///   to draw with, after everything that is text was written.
  @discardableResult
  package func write(
    to folder: String, isStopped: () -> Bool = { false },
    picture: ((_ place: Int) throws(Failure) -> FacePicture?)? = nil
  ) throws(Failure) -> [String]? {
    try WholeFile.makeFolder(folder)
    if let history, history.epochs.contains(where: { $0.seconds == nil }),
      let table = try? WholeFile.read(
        folder + "/history.csv", limit: ReportFolder.largestFile, only: .regular),
      let old = try? TrainingHistory(csv: table)
    {
      var timed = self
      timed.history = history.withTimes(of: old)
      return try timed.writeFiles(to: folder, isStopped, picture)
    }
    return try writeFiles(to: folder, isStopped, picture)
  }

  private func writeFiles(
    to folder: String, _ isStopped: () -> Bool, _ picture: ((_ place: Int) throws(Failure) -> FacePicture?)?
  ) throws(Failure) -> [String]? {
    var files: [String] = []
    /// False if it was stopped.
    func write(_ bytes: [UInt8], _ name: String) throws(Failure) -> Bool {
      try WholeFile.write(bytes, to: folder + "/" + name, over: .regular)
      files.append(name)
      return !isStopped()
    }
    let report = ClassificationReport(predictions)
    guard try write(Array(report.text(heading: heading).utf8), "report.txt"),
      try write(predictions.csv(), "predictions.csv"),
      try history.map({ (history) throws(Failure) in try write(history.csv(), "history.csv") }) ?? true
    else { return nil }
    var failure: Failure?
    do throws(Failure) {
      for (name, figure) in try figures(report, picture) {
        guard try write(figure.png(), name + ".png"), try write(figure.svg(), name + ".svg") else {
          return nil
        }
      }
    } catch { failure = error }
    files.append("report.json")
    try WholeFile.write(json(report, files: files), to: folder + "/report.json", over: .regular)
    if let failure { throw failure }
    return files
  }

  /// The figures by the names of their files.
  func figures(
    _ report: ClassificationReport, _ picture: ((Int) throws(Failure) -> FacePicture?)?
  ) throws(Failure) -> [(String, Figure)] {
    var figures: [(String, Figure)] = [
      ("confusion", .confusion(report, isNormalized: false, title: name, pictures: pictures)),
      ("confusion-normalized", .confusion(report, isNormalized: true, title: name, pictures: pictures)),
      ("reliability", .reliability(report.reliability, title: name, pictures: pictures)),
    ]
    if let history, !history.epochs.isEmpty { figures.append(("curves", .curves(history, title: name))) }
    guard let picture else { return figures }
    figures.append(
      ("mistakes", try .mistakes(predictions, title: name, pictures: pictures, picture: picture)))
    figures.append(
      ("examples", try .examples(predictions, title: name, pictures: pictures, picture: picture)))
    return figures
  }

  private func json(_ report: ClassificationReport, files: [String]) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("fm_report", 1)
      writer.field("name", name)
      report.writeFields(to: &writer)
      ClassificationReport.write(details: details, to: &writer)
      writer.key("files")
      writer.array { writer in for file in files { writer.value(file) } }
    }
    return writer.bytes + [0x0A]
  }
}
