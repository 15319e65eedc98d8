import ArgumentParser
import FilterTool
import FrameMedia
import FrameStream
import Glibc
import SystemIO

/// Where the result goes and how it is encoded.
struct OutputOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Video or picture file to write, or a name with %05d for numbered pictures; - is standard output (needs --format).",
      valueName: "file"), completion: .file())
  var output: String?

  @Flag(
    help:
      "Show the result in a window instead of writing it, by ffplay or mpv, with as little delay as they can."
  )
  var view = false

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Container, as FFmpeg names it, such as mp4, matroska or null (default: from the output's name).",
      valueName: "name"))
  var format: String?

  @Option(
    help: ArgumentHelp(
      "Encoder, as FFmpeg names it (default: libx264 if available and the container takes H.264, otherwise the container's).",
      valueName: "name"))
  var codec: String?

  @Option(
    help: ArgumentHelp(
      "Quality on the encoder's scale: CRF or quantizer, where lower is better; for WebP 0 to 100, higher is better.",
      valueName: "q"))
  var quality: Double?

  @Option(help: ArgumentHelp("Bits per second, such as 800k or 2M, instead of a quality.", valueName: "n"))
  var bitRate: BitRate?

  @Option(
    help: ArgumentHelp(
      "Encoder option, as FFmpeg names it, such as preset=slow. May be repeated.", valueName: "name=value"))
  var encoderOption: [NamedValue] = []

  @Option(
    help: ArgumentHelp(
      "Encode and write each picture without delay, which needs more bits; auto does so for pipes, URLs and live streams.",
      valueName: "auto|on|off"))
  var live = Live.auto

  @Option(
    help: ArgumentHelp(
      "What to do with sound that does not fit: of another form than the first stream's, or that the container cannot hold.",
      valueName: "encode|drop"))
  var joinSound = SoundJoining.encode

  @Flag(
    help: "Keep the stream's start time instead of starting the file at 0.")
  var keepStart = false

  @Option(
    help: ArgumentHelp(
      "Also write the stream's records without pixels to this file, in the same pass; - is standard output.",
      valueName: "file"), completion: .file())
  var findings: String?

  @Flag(
    help:
      "Leave out tags and tracks that may name people or places: titles, authors, positions, attached pictures."
  )
  var stripTags = false

  enum Live: String, ExpressibleByArgument, CaseIterable {
    case auto, on, off
  }

  func validate() throws {
    guard output != nil || format == "null" || view else {
      throw ValidationError("--output is missing (or --view, or --format null, to write nothing).")
    }
    if view, output != nil || format != nil {
      throw ValidationError("--view writes nothing: it takes no --output and no --format.")
    }
    if let output, Tool.isStandardOutput(output), format == nil {
      throw ValidationError("--output - needs --format.")
    }
    if let quality, !(0...1000).contains(quality) { throw ValidationError("--quality is from 0 to 1000.") }
    if quality != nil, bitRate != nil {
      throw ValidationError("--quality and --bit-rate exclude each other.")
    }
  }

  /// Prepares the place where the result goes; nothing appears under the final name yet.
  func open(_ tool: Tool, threads: Int) throws(Failure) -> Destination {
    var options = MediaOutputOptions()
    options.format = format
    options.codec = codec
    options.quality = quality
    options.bitRate = bitRate?.value
    options.threads = threads
    options.live = live == .on || live == .auto && isWatched(tool)
    options.joining = joinSound
    options.encoderOptions = encoderOption.map { ($0.name, $0.value) }
    let diagnostics = tool.diagnostics
    if view {
      options.format = "matroska"
      options.live = live != .off
      options.onWarning = { diagnostics.warn("view: \($0)") }
      return try Destination(viewing: options, tool)
    }
    let subject = output ?? "output"
    options.onWarning = { diagnostics.warn("\(subject): \($0)") }
    return try Destination(output ?? "-", options, followsLiveStreams: live == .auto, tool)
  }
}

extension SoundJoining: ExpressibleByArgument {}

extension OutputOptions {
  /// Whether somebody may be watching: at the other end of a pipe, or of a network.
  private func isWatched(_ tool: Tool) -> Bool {
    guard let output, format != "null" else { return false }
    return Tool.isStandardOutput(output)
      ? tool.standardOutput.isStream : FilePath.isURL(FilePath.ofFileURL(output) ?? output)
  }
}

extension Descriptor {
  /// True for a pipe or a socket.
  fileprivate var isStream: Bool {
    var status = stat()
    guard fstat(number, &status) == 0 else { return false }
    return [S_IFIFO, S_IFSOCK].contains(status.st_mode & S_IFMT)
  }
}

/// Bits a second on the command line: `800k`, `2.5M`, `640000`.
struct BitRate: ExpressibleByArgument {
  let value: Int

  init?(argument: String) {
    var text = argument[...]
    var unit = 1.0
    if let last = text.last, let factor = ["k": 1e3, "K": 1e3, "M": 1e6][last] {
      unit = factor
      text.removeLast()
    }
    guard let number = Double(text), number * unit >= 1, number * unit <= 1e12 else { return nil }
    value = Int((number * unit).rounded())
  }
}
