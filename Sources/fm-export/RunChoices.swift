import ArgumentParser
import FindingsExport

/// How runs of one expression are made of frames.
struct RunChoices: ParsableArguments {
  @Flag(help: "Take what detector and classifier said in each frame, not what fm-track made of it over time.")
  var raw = false

  @Option(
    help: ArgumentHelp(
      "Leave out runs of one expression that are shorter than this.", valueName: "seconds"))
  var minDuration = 0.0

  @Option(
    help: ArgumentHelp(
      "Faces whose confidence is lower (0 to 1) have no expression.", valueName: "f"))
  var minConfidence = 0.0

  func validate() throws {
    guard minDuration >= 0, minDuration.isFinite else {
      throw ValidationError("--min-duration is 0 or more.")
    }
    guard (0...1).contains(minConfidence) else { throw ValidationError("--min-confidence is from 0 to 1.") }
  }

  /// The options given that change nothing in a format.
  func idle(in uses: ExportFormat.Uses) -> [String] {
    (minDuration > 0 && !uses.contains(.runs) ? ["--min-duration"] : [])
      + (minConfidence > 0 && !uses.contains(.expressions) ? ["--min-confidence"] : [])
  }

  var options: RunOptions {
    var options = RunOptions()
    options.isRaw = raw
    options.minimumDuration = minDuration
    options.minimumConfidence = minConfidence
    return options
  }
}
