import ArgumentParser
import FaceCascade
import FilterTool
import FrameStream
import SystemIO

@main
struct Detect: FilterCommand {
  static let configuration = CommandConfiguration(
    commandName: "fm-detect",
    abstract: "Find faces in the pictures of a stream with a Viola-Jones cascade.",
    discussion: """
      Reads a stream and writes it with the key "faces" on every frame. The rectangles are those of OpenCV's \
      CascadeClassifier.

        fm-decode in.mp4 | fm-detect --no-pixels |
          jq -c 'select(.type=="frame") | .faces'
      """,
    version: versionLine("fm-detect"))

  @OptionGroup var cascades: CascadeOptions
  @OptionGroup var search: SearchOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var stream: StreamOptions
  @OptionGroup var messages: MessageOptions

  @Flag(help: "List the cascades found on this system, then exit.")
  var list = false

  @Option(
    help: ArgumentHelp(
      "Print the search sizes for a picture of this size and the number of windows of each, then exit.",
      valueName: "WxH"))
  var explain: PictureSize?

  func execute(_ tool: Tool) throws(Failure) {
    if list { return try cascades.list(tool) }
    let searches = try cascades.load()
    if let explain { return try search.explain(explain, searches, tool) }
    let workers = search.isSequential ? 1 : threads.count
    try stream.run(tool, workers: workers) { (_) throws(Failure) in
      let stage = DetectionStage(
        searches, search, nested: try cascades.loadNested(), overlaps: cascades.overlaps,
        threads: threads.count)
      let diagnostics = tool.diagnostics
      stage.onWarning = { diagnostics.warn($0) }
      return stage
    }
  }
}
