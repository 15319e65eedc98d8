import DetectorTraining
import FilterTool
import FrameStream
import PictureData
import SystemIO
import TrainingReports

/// The end of a detector's training whose model is written: its report.
struct DetectorReport {
  private let command: TrainDetector
  private let tool: Tool

  init(_ command: TrainDetector, _ tool: Tool) {
    self.command = command
    self.tool = tool
  }

  /// - Returns: false if a signal came before it was written.
  func write(_ trainer: DetectorTrainer) throws(Failure) -> Bool {
    if let review = command.review { guard try write(review: review, trainer) else { return false } }
    guard let folder = command.report.folder(forModel: command.model) else { return true }
    try WholeFile.makeFolder(folder)
    var writer = JSONWriter()
    writer.object { json in
      json.field("fm_detector_report", 1)
      json.field("name", Report.name(ofModel: command.model))
      json.key("settings")
      trainer.settings.write(to: &json)
      json.key("epochs")
      json.array { list in for record in trainer.history { list.object { record.writeFields(to: &$0) } } }
      if let scores = trainer.validationScores {
        json.key("validation")
        json.object { DetectionReport(scores).writeFields(to: &$0) }
      }
    }
    let history = trainer.history
    let figure = Figure.panels(
      [
        .init(
          title: "Loss", lines: [("all", history.map { $0.loss }), ("boxes", history.map { $0.boxLoss })]),
        .init(
          title: "False finds per megapixel",
          lines: [("backgrounds held out", history.map(\.falseFindsPerMegapixel))]),
        .init(
          title: "Average precision",
          lines: [
            ("canvases held out", history.map(\.canvasPrecision)),
            ("validation", history.map(\.averagePrecision)),
          ], isShare: true),
      ], title: Report.name(ofModel: command.model),
      summary: history.count == 1 ? "1 epoch" : "\(history.count) epochs")
    try figure.write(to: folder + "/curves.png", over: .regular)
    try figure.write(to: folder + "/curves.svg", over: .regular)
    if let scores = trainer.validationScores, let pictures = trainer.validation {
      let name = Report.name(ofModel: command.model)
      try DetectionSheets(pictures: pictures, scores: scores, title: name).write(to: folder)
      let recall = Figure.recall([("validation", scores)], title: name, pictures: command.pictures.validation)
      try recall.write(to: folder + "/recall.png", over: .regular)
      try recall.write(to: folder + "/recall.svg", over: .regular)
    }
    if let scores = trainer.validationScores {
      let text = DetectionReport(scores).text(
        heading: "\(command.model) on \(command.pictures.validation ?? "")")
      try WholeFile.write(Array(text.utf8), to: folder + "/report.txt", over: .regular)
    }
    try WholeFile.write(writer.bytes + [0x0A], to: folder + "/report.json", over: .regular)
    tool.diagnostics.note("the report is in \(folder)")
    return tool.stop.signal == nil
  }

  /// The sheet of the surest false finds, and beside it the list that `--leave-out` takes when a person has edited it.
  private func write(review path: String, _ trainer: DetectorTrainer) throws(Failure) -> Bool {
    let stop = tool.stop
    guard let finds = try trainer.surestFinds(isStopped: { stop.signal != nil }) else { return false }
    let review = BackgroundReview(finds, in: trainer.data.backgrounds)
    var shown: [Figure.Find] = []
    for entry in review.entries {
      let picture = entry.picture
      shown.append(
        Figure.Find(
          picture: try FacePicture(
            width: picture.width, height: picture.height, channels: 1, pixels: picture.values),
          score: Double(entry.score), name: entry.name))
    }
    let figure = Figure.finds(
      shown, title: Report.name(ofModel: command.model),
      summary: "the surest of \(review.count) false finds on the backgrounds")
    try figure.write(to: path)
    let list = path.dropLast(FilePath.fileExtension(path).count) + "csv"
    try review.writeList(to: String(list))
    tool.diagnostics.note("the surest false finds are in \(path), and as a list in \(list)")
    return true
  }
}
