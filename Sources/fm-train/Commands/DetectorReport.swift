import DetectorTraining
import FilterTool
import FrameStream
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
    if let scores = trainer.validationScores {
      let text = DetectionReport(scores).text(heading: "\(command.model) on \(command.pictures.validation ?? "")")
      try WholeFile.write(Array(text.utf8), to: folder + "/report.txt", over: .regular)
    }
    try WholeFile.write(writer.bytes + [0x0A], to: folder + "/report.json", over: .regular)
    tool.diagnostics.note("the report is in \(folder)")
    return tool.stop.signal == nil
  }
}
