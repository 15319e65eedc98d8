import ArgumentParser
import FaceTracking
import FilterTool
import FrameStream
import SystemIO

@main
struct Track: FilterCommand {
  static let configuration = CommandConfiguration(
    commandName: "fm-track",
    abstract: "Give each person in a stream a number, fill gaps, and smooth the labels.",
    discussion: """
      Reads a stream from fm-detect or fm-classify, with pixels or without, and adds "id" to each face.

        fm-decode in.mp4 | fm-detect | fm-track | fm-annotate -o out.mp4
        fm-track faces.ndjson |
          jq -c 'select(.type=="frame") | .faces[] | [.id, .smoothed.expression]'
      """,
    version: versionLine("fm-track"))

  @OptionGroup var tracking: TrackOptions
  @OptionGroup var stream: StreamOptions
  @OptionGroup var messages: MessageOptions

  func execute(_ tool: Tool) throws(Failure) {
    let diagnostics = tool.diagnostics
    try stream.run(tool) { (inputName) throws(Failure) in
      let stage = TrackingStage(tracking.output) { tracking.options(isLive: $0) }
      stage.onWarning = { diagnostics.warn("\(inputName): \($0)") }
      return stage
    }
  }
}
