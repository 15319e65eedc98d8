import DetectorTraining
import FaceCascade
import FaceNetwork
import FilterTool
import FrameStream
import NetworkEngine
import NetworkModel
import SystemIO
import TextTables
import TrainingReports

/// Evaluates a detector on pictures with boxes.
struct DetectorEvaluation {
  /// The network's file, or its name; nil for a cascade.
  let model: String?
  let options: DetectorEvaluationOptions
  /// The folder of pictures.
  let folder: String
  let threads: Int
  /// What a network computes with.
  let precision: PrecisionChoice

  /// - Parameter report: The report's folder; nil for none.
  func print(_ tool: Tool, asJSON: Bool, report: String?) throws(Failure) {
    guard let boxes = options.boxes else { return }
    let pictures = try LabeledPictures(folder: folder, boxes: try BoxTable(path: boxes))
    let (name, finder) = try finder(tool)
    let stop = tool.stop
    var results: [(degrees: Double, report: DetectionReport)] = []
    for degrees in [0] + (options.turn?.degrees ?? []) {
      guard
        let scores = try pictures.scores(
          of: finder, turnedBy: degrees, leastOverlap: options.overlap ?? 0.3,
          isStopped: { stop.signal != nil })
      else { throw .interrupted("before the evaluation was complete") }
      results.append((degrees, DetectionReport(scores, threshold: options.cascade == nil ? 0.6 : nil)))
    }
    let text = text(name, results)
    let json = json(name, results)
    try tool.print(asJSON ? String(decoding: json, as: UTF8.self) + "\n" : text)
    guard let report else { return }
    try WholeFile.makeFolder(report)
    try WholeFile.write(Array(text.utf8), to: report + "/report.txt", over: .regular)
    let figure = Figure.recall(
      results.map {
        ($0.degrees == 0 ? "as they are" : "\(DecimalText.shortest($0.degrees))°", $0.report.scores)
      },
      title: Report.name(ofModel: name), pictures: folder)
    try figure.write(to: report + "/recall.png", over: .regular)
    try figure.write(to: report + "/recall.svg", over: .regular)
    try DetectionSheets(
      pictures: pictures, scores: results[0].report.scores, title: Report.name(ofModel: name)
    )
    .write(to: report)
    try WholeFile.write(json + [0x0A], to: report + "/report.json", over: .regular)
    tool.diagnostics.note("the report is in \(report)")
  }

  private func finder(_ tool: Tool) throws(Failure) -> (name: String, finder: any ObjectFinder) {
    if let cascade = options.cascade {
      let path = try CascadeLocations.environment.find(cascade)
      let finder = try CascadeObjectFinder(
        Cascade(contentsOf: path), minNeighbors: options.minNeighbors ?? 3, threads: threads)
      return (path, finder)
    }
    let path = try DetectorLocations.environment.find(model ?? "")[0]
    let network = try DetectionModel(path: path)
    let precision: Precision
    do throws(Failure) {
      precision = try self.precision.precision(
        ofDetector: { () throws(Failure) in try network.calibration() })
    } catch {
      throw error.within(path)
    }
    let finder = NetworkObjectFinder(
      network, minimumScore: Float(options.minScore ?? 0.02), maximumSide: options.maxSide ?? 0,
      threads: threads, precision: precision,
      calibration: precision == .int8 ? try network.calibration() : nil)
    return (path, finder)
  }

  private func text(_ name: String, _ results: [(degrees: Double, report: DetectionReport)]) -> String {
    var text = results[0].report.text(heading: "\(name) on \(folder)")
    guard results.count > 1 else { return text }
    text += "\nangle   average precision   recall at 10   recall at 50\n"
    for (degrees, report) in results {
      let scores = report.scores
      let shares = [
        scores.averagePrecision, scores.recall(atFalseFinds: 10), scores.recall(atFalseFinds: 50),
      ].map { DecimalText.fixed(100 * $0, 1) + " %" }
      text +=
        TextColumns.left(DecimalText.shortest(degrees) + "°", 8) + TextColumns.left(shares[0], 20)
        + TextColumns.left(shares[1], 15) + shares[2] + "\n"
    }
    return text
  }

  private func json(_ name: String, _ results: [(degrees: Double, report: DetectionReport)]) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { json in
      json.field("fm_detector_report", 1)
      json.field("model", name)
      json.field("folder", folder)
      json.key("angles")
      json.array { list in
        for (degrees, report) in results {
          list.object {
            $0.field("degrees", degrees)
            report.writeFields(to: &$0)
          }
        }
      }
    }
    return writer.bytes
  }
}
