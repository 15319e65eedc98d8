import ArgumentParser
import FilterTool
import FrameMedia
import SystemIO

@main
struct Decode: FilterCommand {
  static let configuration = CommandConfiguration(
    commandName: "fm-decode",
    abstract: "Turn videos, pictures and cameras into a stream of frames.",
    discussion: """
      Each input is a video or picture file, a folder of pictures, - for standard input, a URL, or a camera by \
      number (0 is the first). With --format, it is what that libavformat or libavdevice input takes. Pictures and \
      folders of pictures that are named together make one stream; each video makes one of its own.

        fm-decode in.mp4 | fm-detect | fm-classify | fm-annotate -o out.mp4
        fm-decode --format lavfi testsrc=duration=2 | fm-annotate -o test.mp4
      """,
    version: "fm-decode \(toolVersion)")

  @Argument(help: ArgumentHelp("What to read.", valueName: "input"), completion: .file())
  var inputs: [String]

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write the stream there, whole or not at all; - is standard output.", valueName: "file"),
    completion: .file())
  var output = "-"

  @OptionGroup var reading: ReadingOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var messages: MessageOptions

  /// Says what of a folder is not read.
  private func tellOfOthers(in folder: String, _ tool: Tool) {
    let names = PictureFolder.passedOver(in: folder)
    func text(_ names: [String]) -> String {
      names.prefix(3).joined(separator: ", ") + (names.count > 3 ? " and \(names.count - 3) more" : "")
    }
    let pictures = names.filter(MediaInput.isPictureNameOfOthers)
    if !pictures.isEmpty {
      tool.diagnostics.warn("\(folder): left out, their kind is not read: \(text(pictures))")
    }
    let rest = names.filter { !MediaInput.isPictureNameOfOthers($0) }
    if !rest.isEmpty {
      tool.diagnostics.note("\(folder): left out, no pictures by their names: \(text(rest))")
    }
  }

  func execute(_ tool: Tool) throws(Failure) {
    let file: FileReplacement? =
      Tool.isStandardOutput(output)
      ? nil : try FileReplacement(path: output, unless: tool.stop.descriptor)
    let descriptor = file?.descriptor ?? tool.standardOutput
    if descriptor.isTerminal { throw StreamOptions.refusal() }
    let interruption = MediaInterruption()
    let stop = tool.stop.descriptor
    _ = try WorkerThread {
      // Returns only when a signal has come: nothing else is ever read here.
      _ = try? stop.waitUntilReadable()
      interruption.request()
    }
    let writer = FrameWriter(
      tool, output: descriptor, selection: selection, mayReopen: reading.network.reconnect > 0)
    let sources = PictureFolder.sources(inputs, format: reading.format)
    if reading.format == nil {
      for folder in inputs where PictureFolder.isFolder(folder) { tellOfOthers(in: folder, tool) }
    }
    var unreadable = 0
    var unopened: [Failure] = []
    for source in sources where tool.stop.signal == nil {
      switch source {
      case .media(let name):
        var reconnection = Reconnection(
          tool: tool, attempts: reading.isRemote(name) ? reading.network.reconnect : 0,
          duration: reading.duration?.value
        ) { (resumption) throws(Failure) in
          try reading.open(name, tool, interruption, resuming: resumption)
        }
        let input: MediaInput
        do throws(Failure) {
          input = try reconnection.open()
        } catch {
          let goesOn = sources.count > 1 && !reading.strict && error.kind != .usage
          writer.writeFailedStream(named: name, error, isFollowed: goesOn)
          guard goesOn, error.kind != .brokenPipe, tool.stop.signal == nil else { throw error }
          tool.diagnostics.warn(error.description)
          unopened.append(error)
          continue
        }
        try writer.writeStream(of: input, named: name, reconnection)
      case .pictures(let files, let name):
        guard !files.isEmpty else {
          throw Failure(
            .badInput, step: "nothing to read", subject: name, cause: "there are no pictures in it")
        }
        unreadable += try writer.writePictures(files, named: name, isStrict: reading.strict) {
          (path) throws(Failure) in
          try reading.open(path, tool, interruption)
        }
      }
    }
    // Of nothing but failures no file is made.
    if unopened.count < sources.count { try file?.commit() }
    if let first = unopened.first {
      throw Failure(
        first.kind, step: "inputs that could not be opened", cause: "\(unopened.count) of \(sources.count)")
    }
    if unreadable > 0 {
      throw Failure(.badInput, step: "pictures that could not be read", cause: "\(unreadable)")
    }
  }
}
