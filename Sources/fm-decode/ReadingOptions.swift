import ArgumentParser
import FilterTool
import FrameMedia
import FrameStream
import StreamSource
import SystemIO

/// How inputs are opened and what is read of them.
struct ReadingOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Input format or device, as FFmpeg names it, such as v4l2, lavfi or rawvideo (default: detected).",
      valueName: "name"))
  var format: String?

  @Option(
    help: ArgumentHelp(
      "Option of the format or device, as FFmpeg names it, such as framerate=30. May be repeated.",
      valueName: "name=value"))
  var inputOption: [NamedValue] = []

  @Option(
    help: ArgumentHelp(
      "Start at this position: seconds, m:s or h:m:s; 75 and 1:15 are the same.", valueName: "time"))
  var start: Seconds?

  @Option(help: ArgumentHelp("Stop this long after the start: seconds, m:s or h:m:s.", valueName: "time"))
  var duration: Seconds?

  @Option(
    help: ArgumentHelp(
      "Scale pictures to this width and height in pixels, such as 640x360.", valueName: "WxH"))
  var size: PictureSize?

  @Flag(help: "Scale pictures to square pixels if theirs are not: the side that is too short grows.")
  var square = false

  @Option(help: ArgumentHelp("Convert pictures to this pixel format.", valueName: "name"))
  var pixelFormat: PixelFormat?

  @Option(
    help: ArgumentHelp(
      "Index of the video stream to decode, as ffprobe numbers them (default: the main one).", valueName: "n")
  )
  var stream: Int?

  @Option(
    help: ArgumentHelp(
      "Deinterlace pictures: auto (those marked as interlaced), on (all) or off.",
      valueName: "auto|off|on"))
  var deinterlace = Deinterlacing.auto

  @Option(
    help: ArgumentHelp(
      "Refuse pictures with more pixels than this, such as 40M (default: 268435456).", valueName: "n"))
  var maxPixels: PixelCount?

  @Flag(help: "Leave out sound and subtitles.")
  var noAudio = false

  @Flag(
    help:
      "Stop with an error at the first damaged packet, or input that cannot be read, instead of continuing.")
  var strict = false

  @OptionGroup var network: NetworkOptions
  @OptionGroup var threads: ThreadOptions

  /// Whether the options speak of times, or of how numbered pictures are read.
  var hasTimes: Bool { start != nil || duration != nil || !inputOption.isEmpty }

  func validate() throws {
    if let stream, stream < 0 { throw ValidationError("--stream must not be negative.") }
    if size != nil, square { throw ValidationError("--size and --square exclude each other.") }
    if let size { _ = try PictureLayout(pixelFormat ?? .rgb24, width: size.width, height: size.height) }
  }

  /// Opens an input by its name on the command line.
  func open(
    _ name: String, _ tool: Tool, _ part: PartOptions?, _ interruption: MediaInterruption,
    resuming resumption: Resumption? = nil
  ) throws(Failure) -> MediaInput {
    var options = MediaInputOptions()
    options.format = format
    options.start = start?.value
    options.duration = duration?.value
    if let begin = resumption?.start {
      options.start = begin
      options.duration = duration.map { max(0, $0.value - (begin - (start?.value ?? 0))) }
    }
    if let end = resumption?.end { options.duration = max(0, end - MonotonicClock.seconds()) }
    options.chunk = part?.chunk
    options.numbersWhole = part?.globalSeq ?? false
    options.countsByDecoding = part?.count == .decoding
    options.size = size.map { ($0.width, $0.height) }
    options.squarePixels = square
    options.pixelFormat = resumption?.pixelFormat ?? pixelFormat
    options.deinterlacing = deinterlace
    options.protocols = network.allowProtocols
    if let maxPixels { options.maximumPixels = maxPixels.value }
    options.withTracks = !noAudio
    options.strict = strict
    options.threads = threads.threads
    options.stream = stream
    options.inputOptions = inputOption.map { ($0.name, $0.value) }
    options.interruption = interruption
    let diagnostics = tool.diagnostics
    let input = InputName(name, format: format)
    let subject = input.isStandardInput ? "standard input" : name
    options.onWarning = { diagnostics.warn("\(subject): \($0)") }
    options.onDetail = { diagnostics.note("\(subject): \($0)") }
    if input.isStandardInput {
      if Descriptor.standardInput.isTerminal {
        throw Failure(.usage, step: "nothing to read", cause: "standard input is a terminal")
      }
      return try MediaInput(
        descriptor: Descriptor.standardInput.number, name: "standard input", options: options)
    }
    if let camera = input.numberedCamera {
      options.format = "v4l2"
      options.live = true
      options.patience = network.patience
      return try MediaInput(path: camera, options: options)
    }
    if input.isCamera { options.live = true }
    if input.isRemote {
      options.patience = network.patience
      options.resumable = network.reconnect > 0
      options.live = options.live || input.isSentLive
    }
    return try MediaInput(path: name, options: options)
  }

  /// How often an input is opened again when it is lost.
  func attempts(toOpen name: String) -> Int {
    InputName(name, format: format).isRemote ? network.reconnect : 0
  }
}

extension PixelFormat: ExpressibleByArgument {}
extension Deinterlacing: ExpressibleByArgument {}

/// A number of pixels on the command line: `40M`, `250k`, `1000000`.
struct PixelCount: ExpressibleByArgument {
  let value: Int

  init?(argument: String) {
    var text = argument[...]
    var unit = 1
    if let last = text.last, let factor = ["k": 1000, "K": 1000, "M": 1_000_000][last] {
      unit = factor
      text.removeLast()
    }
    guard let number = Int(text), (1...2_000_000_000).contains(number) else { return nil }
    value = number * unit
  }
}

/// A time on the command line: `12.5` seconds, `1:30` or `1:02:03.5`.
struct Seconds: ExpressibleByArgument {
  let value: Double

  init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false).map { Double($0) }
    guard (1...3).contains(parts.count) else { return nil }
    var total = 0.0
    for part in parts {
      guard let part, part.isFinite, part >= 0, parts.count == 1 || total == 0 || part < 60 else {
        return nil
      }
      total = total * 60 + part
    }
    guard total < 1e9 else { return nil }
    value = total
  }
}
