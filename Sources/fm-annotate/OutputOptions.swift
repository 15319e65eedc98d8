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
      "The video or picture file to write, or a name with %05d for numbered pictures; - is standard output.",
      valueName: "file"), completion: .file())
  var output: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The container, such as mp4, matroska or null (default: by the output's name).", valueName: "name"))
  var format: String?

  @Option(
    help: ArgumentHelp(
      "The encoder (default: libx264 where it is to be had, else the container's).", valueName: "name"))
  var codec: String?

  @Option(
    help: ArgumentHelp(
      "The encoder's quality: CRF for x264 and its like, else a quantiser, where lower is better; WebP: 0 to 100.",
      valueName: "q"))
  var quality: Double?

  @Option(help: ArgumentHelp("Bits a second, such as 800k or 2M, instead of a quality.", valueName: "n"))
  var bitRate: BitRate?

  @Option(
    help: ArgumentHelp(
      "An option of the encoder, such as preset=slow. May be repeated.", valueName: "name=value"))
  var encoderOption: [NamedValue] = []

  @Option(
    help: ArgumentHelp(
      "Encode and write without delay, at the cost of more bits: on, off, or auto (to pipes and URLs, and of live streams).",
      valueName: "auto|on|off"))
  var live = Live.auto

  @Flag(
    help: "Keep the time at which the stream begins, such as an hour, instead of beginning the file at 0.")
  var keepStart = false

  enum Live: String, ExpressibleByArgument, CaseIterable {
    case auto, on, off
  }

  func validate() throws {
    guard output != nil || format == "null" else {
      throw ValidationError("--output is missing (or --format null, to write nothing).")
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
    options.encoderOptions = encoderOption.map { ($0.name, $0.value) }
    let diagnostics = tool.diagnostics
    let subject = output ?? "output"
    options.onWarning = { diagnostics.warn("\(subject): \($0)") }
    return try Destination(output ?? "-", options, followsLiveStreams: live == .auto, tool)
  }
}

extension OutputOptions {
  /// Whether somebody may be watching: at the other end of a pipe, or of a network.
  private func isWatched(_ tool: Tool) -> Bool {
    guard let output, format != "null" else { return false }
    return Tool.isStandardOutput(output) ? tool.standardOutput.isStream : FilePath.isURL(output)
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
