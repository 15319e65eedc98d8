import ArgumentParser
import FilterTool
import FrameMedia
import StreamSource
import SystemIO

@main
struct Decode: FilterCommand {
  static let configuration = CommandConfiguration(
    commandName: "fm-decode",
    abstract: "Turn videos, pictures and cameras into a stream of frames.",
    discussion: """
      Camera 0 is the first. With --format, an input is whatever that libavformat or libavdevice input takes. \
      Consecutive pictures and folders of pictures make one stream; each video makes a stream of its own.

        fm-decode in.mp4 | fm-detect | fm-classify | fm-annotate -o out.mp4
        fm-decode --format lavfi testsrc=duration=2 | fm-annotate -o test.mp4
      """,
    version: versionLine("fm-decode"))

  @Argument(
    help: ArgumentHelp(
      "Video or picture file, folder of pictures, URL, camera number, or - for standard input.",
      valueName: "input"), completion: .file())
  var inputs: [String]

  @OptionGroup var target: StreamTarget
  @OptionGroup var existing: ExistingOutput
  @OptionGroup var reading: ReadingOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var part: PartOptions
  @OptionGroup var messages: MessageOptions

  func validate() throws {
    try part.validate(selection, reading, inputs: inputs)
    try existing.validate([target.output])
  }

  /// Reports the files of a folder that are not read.
  private func reportSkippedFiles(in folder: String, _ tool: Tool) {
    let names = PictureFolder.skippedFiles(in: folder)
    func text(_ names: [String]) -> String {
      names.prefix(3).joined(separator: ", ") + (names.count > 3 ? " and \(names.count - 3) more" : "")
    }
    let pictures = names.filter(MediaFormat.isUnreadablePicture)
    if !pictures.isEmpty {
      tool.diagnostics.warn("\(folder): skipped, unsupported picture format: \(text(pictures))")
    }
    let videos = names.filter(MediaFormat.isVideoName)
    if let first = videos.first {
      tool.diagnostics.warn(
        "\(folder): skipped, videos: \(text(videos)); a folder is read for its pictures, to read a video name it: "
          + FilePath.join(folder, first))
    }
    let rest = names.filter { !MediaFormat.isUnreadablePicture($0) && !MediaFormat.isVideoName($0) }
    if !rest.isEmpty {
      tool.diagnostics.note("\(folder): skipped, not image files by extension: \(text(rest))")
    }
  }

  func execute(_ tool: Tool) throws(Failure) {
    try existing.unlessWhole([target.output], tool) { () throws(Failure) in try decode(tool) }
  }

  private func decode(_ tool: Tool) throws(Failure) {
    for input in inputs where input != "-" && !FilePath.isURL(input) {
      try tool.places.claim(input: FilePath.ofFileURL(input) ?? input)
    }
    let output = try OutputFile(target.output, tool)
    let interruption = MediaInterruption()
    try tool.stop.onSignal { interruption.request() }
    tool.stop.boundWrites(to: output.descriptor)
    var progress = Progress(tool.diagnostics, output: output.descriptor)
    let (diagnostics, stop) = (tool.diagnostics, tool.stop)
    let context = SourceContext(
      name: tool.name, version: toolVersion, arguments: tool.arguments, options: tool.options,
      stop: stop.descriptor,
      hasStopped: { stop.signal != nil }, warn: { diagnostics.warn($0) }, note: { diagnostics.note($0) },
      begin: { stop.beginWork() })
    let writer = FrameWriter(
      context, output: output.descriptor, selection: selection.selection(part.chunk),
      mayReopen: reading.network.reconnect > 0
    ) { progress.update(frames: $0, of: $1) }
    let sources = PictureFolder.sources(inputs, format: reading.format, hasTimes: reading.hasTimes)
    if reading.format == nil {
      for folder in inputs where FilePath.isFolder(folder) { reportSkippedFiles(in: folder, tool) }
      for input in inputs where !reading.hasTimes {
        if let gaps = PictureFolder.gaps(in: input) {
          tool.diagnostics.warn("\(input): the pictures \(gaps) are missing; the others follow each other")
        }
      }
    }
    // Parts of a list of pictures are made of whole ones.
    let hasPictures = sources.contains { if case .pictures = $0 { true } else { false } }
    let sequence = SourceSequence(
      context, writer, isStrict: reading.strict, duration: reading.duration?.value,
      attempts: reading.attempts(toOpen:)
    ) { (name, resumption) throws(Failure) in
      try reading.open(name, tool, hasPictures ? nil : part, interruption, resuming: resumption)
    }
    let outcome = try sequence.write(sources)
    // If every input failed, create no file.
    if outcome.hasStreams { try output.commit() }
    if let failure = outcome.failure { throw failure }
  }
}
