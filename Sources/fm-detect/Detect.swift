import ArgumentParser
import FilterTool
import FrameStream
import SystemIO

@main
struct Detect: FilterCommand {
  static let configuration = CommandConfiguration(
    commandName: "fm-detect",
    abstract: "Find faces in the pictures of a stream with a Viola-Jones cascade or a network.",
    discussion: """
      Reads a stream and writes it with the key "faces" on every frame. The rectangles are those of OpenCV's \
      CascadeClassifier, or with --model those of a detection network.

        fm-decode in.mp4 | fm-detect --no-pixels > faces.ndjson
        fm-decode in.mp4 | fm-detect --no-pixels |
          jq -c 'select(.type=="frame") | .faces'
        fm-decode in.mp4 | fm-detect -m yunet > faces.fm
      """,
    version: versionLine("fm-detect"))

  @OptionGroup var network: NetworkOptions
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

  @Flag(help: "Print the network's head, input, outputs and number of parameters, then exit.")
  var describe = false

  func validate() throws {
    if network.model != nil {
      guard cascades.cascade.isEmpty, cascades.nested.isEmpty, !search.isForCascades, explain == nil else {
        throw ValidationError(
          "--cascade, --nested, --scale-factor, --min-neighbors and --explain are for cascades, not for a network."
        )
      }
    } else if describe {
      throw ValidationError("--describe is for a network: name one with --model.")
    }
  }

  var unusedOptions: Set<String> {
    network.model == nil ? [] : ["overlaps", "scale_factor", "min_neighbors"]
  }

  func execute(_ tool: Tool) throws(Failure) {
    if list { return try cascades.list(tool) }
    let finder: any FaceFinder
    if let model = try network.load(tool) {
      if describe { return try model.describe(tool) }
      finder = try NetworkFinder(model, search, network)
    } else {
      let searches = try cascades.load()
      if let explain { return try search.explain(explain, searches, tool) }
      finder = CascadeFinder(
        searches, search, nested: try cascades.loadNested(), overlaps: cascades.overlaps)
    }
    try stream.run(tool, workers: search.every > 1 ? 1 : threads.count) { (_) throws(Failure) in
      let stage = DetectionStage(finder, every: search.every, threads: threads.count)
      let diagnostics = tool.diagnostics
      stage.onWarning = { diagnostics.warn($0) }
      return stage
    }
  }
}
