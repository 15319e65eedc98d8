import ArgumentParser
import FilterTool
import SystemIO

/// Trains a detection network.
struct TrainDetector: FilterCommand {
  static let configuration = CommandConfiguration(
    commandName: "detector",
    abstract: "Train a network that finds an object in pictures, from crops of it and pictures without it.",
    discussion: """
      Crops are pasted on the backgrounds at known places. After each epoch the network is tried on all backgrounds, \
      and what it finds there, which is wrong, is shown in the next. Writes the detector as a Keras file, which \
      fm-detect -m runs. Interrupt it at any point: the same command resumes from the last checkpoint.

        fm-train detector faces.keras --objects faces/train --backgrounds photos
        fm-train detector logo.keras --objects logos --backgrounds photos --object logo --no-mirror --rotation 5
      """)

  @OptionGroup var target: TrainedModelArgument
  @OptionGroup(title: "Data") var pictures: DetectorPicturesOptions
  @OptionGroup(title: "Training") var settings: DetectorSettingsOptions

  @Option(
    value: "file",
    "Draw the surest false finds on the backgrounds into this PNG or SVG file, to be looked at.",
    completion: .file(extensions: ["png", "svg"]))
  var review: String?

  @Option(
    value: "file", "After each epoch, write the detector as it is then to this .keras file.",
    completion: .file(extensions: ["keras"]))
  var snapshot: String?

  @Flag(help: "Discard the checkpoint, and a finished model, and start over.")
  var restart = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Minutes between checkpoints, in addition to those after each epoch.", valueName: "minutes"))
  var checkpointMinutes = 5.0

  @OptionGroup(title: "Running") var report: ReportOptions
  @OptionGroup(title: "Running") var threads: ThreadOptions
  @OptionGroup(title: "Running") var messages: MessageOptions

  var model: String { target.path }

  func validate() throws {
    guard checkpointMinutes >= 0, checkpointMinutes < 1e6 else {
      throw ValidationError("--checkpoint-minutes is from 0 to 1000000.")
    }
    if let snapshot, !snapshot.hasSuffix(".keras") || snapshot == model {
      throw ValidationError("the snapshot's name, \(snapshot), does not end in .keras, or is the model's.")
    }
    if let review, !["png", "svg"].contains(FilePath.fileExtension(review).lowercased()) {
      throw ValidationError("the sheet's name, \(review), ends neither in .png nor in .svg.")
    }
  }

  func execute(_ tool: Tool) throws(Failure) {
    let files = ModelFiles(model)
    let outputs = [model, snapshot].compactMap(\.self)
    let settings = try settings.settings(object: pictures.object, besides: outputs)
    for warning in settings.start?.warnings ?? [] { tool.diagnostics.warn(warning) }
    try target.checkFolder()
    for file in [review, snapshot].compactMap({ $0 }) { try OutputFolder.check(of: file) }
    if let folder = report.folder(forModel: model) { try OutputFolder.check(report: folder) }
    let lock = try FileLock(model, tool)
    if files.hasModel, !files.hasCheckpoint, !restart {
      throw Failure(
        .usage, step: "already finished", subject: model,
        cause: "--restart trains it from the beginning; fm-train evaluate measures it")
    }
    try DetectorSession(self, settings, files, tool).run()
    withExtendedLifetime(lock) {}
  }
}
