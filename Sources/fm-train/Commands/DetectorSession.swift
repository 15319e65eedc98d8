import DetectorTraining
import FilterTool
import KerasWriting
import NetworkTraining
import PictureData
import SystemIO

/// One training of a detector from its pictures to the written model.
struct DetectorSession {
  private let command: TrainDetector
  private let settings: DetectorSettings
  private let files: ModelFiles
  private let tool: Tool

  init(_ command: TrainDetector, _ settings: DetectorSettings, _ files: ModelFiles, _ tool: Tool) {
    self.command = command
    self.settings = settings
    self.files = files
    self.tool = tool
  }

  func run() throws(Failure) {
    let stop = tool.stop
    let pictures = command.pictures
    let validation = try labeledPictures()
    let data = try DetectorPictures(pictures, threads: command.threads.threads, tool)
      .load(heldOut: settings.heldOut)
    var options = DetectorTrainer.Options()
    options.checkpoint = files.checkpoint
    options.checkpointSeconds = command.checkpointMinutes * 60
    options.threads = command.threads.threads
    let trainer = try DetectorTrainer(settings, data, options: options, validation: validation)
    if command.restart { CheckpointFile.remove(files.checkpoint) } else { _ = try trainer.resume() }
    let output = DetectorOutput(tool, asJSON: command.report.json, isQuiet: command.messages.quiet)
    try output.begin(trainer, model: command.model)
    stop.beginWork()
    let isDone = try trainer.run(
      isStopped: { stop.signal != nil },
      onEvent: { (event) throws(Failure) in
        try output.report(event)
        if case .epoch = event { try writeSnapshot(trainer) }
      })
    guard isDone,
      let model = try trainer.model(
        version: "\(tool.name) \(toolVersion)", isStopped: { stop.signal != nil })
    else {
      try output.end(status: "interrupted", trainer)
      tool.diagnostics.warn("\(files.checkpoint): contains everything done so far; \(again) resumes from it")
      return
    }
    try model.write(to: command.model)
    try output.end(status: "ok", trainer)
    let report = DetectorReport(command, tool)
    do throws(Failure) {
      guard try report.write(trainer) else {
        tool.diagnostics.warn("\(command.model): written, but without its report; \(again) writes that")
        return
      }
    } catch {
      var failure = error
      failure.cause += "; the model \(command.model) is written; \(again) writes the report"
      throw failure
    }
    CheckpointFile.remove(files.checkpoint)
  }

  /// The detector as it is after an epoch.
  private func writeSnapshot(_ trainer: DetectorTrainer) throws(Failure) {
    guard let path = command.snapshot else { return }
    try trainer.model(version: "\(tool.name) \(toolVersion)")?.write(to: path)
  }

  /// The command that does the remaining work.
  private var again: String { command.restart ? "this command without --restart" : "the same command" }

  private func labeledPictures() throws(Failure) -> LabeledPictures? {
    guard let folder = command.pictures.validation, let boxes = command.pictures.boxes else { return nil }
    return try LabeledPictures(folder: folder, boxes: try BoxTable(path: boxes))
  }
}
