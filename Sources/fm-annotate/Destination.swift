import FilterTool
import FrameMedia
import FrameStream
import SystemIO

/// The file, pipe or numbered pictures that are written, and how they come to their final name.
final class Destination {
  let name: String
  let diagnostics: Diagnostics
  private var options: MediaOutputOptions
  private let followsLiveStreams: Bool
  private let file: FileReplacement?
  private let descriptor: Descriptor?
  private var media: MediaOutput?
  /// Whether a picture has been written; a file of none is no video.
  var hasPicture = false

  /// - Parameters:
  ///   - name: a path, a pattern with `%d`, a URL, or `-`.
  ///   - followsLiveStreams: Whether ``begin(_:)`` makes the output live for a stream that is.
  init(
    _ name: String, _ options: MediaOutputOptions, followsLiveStreams: Bool, _ tool: Tool
  ) throws(Failure) {
    self.name = name
    self.options = options
    self.followsLiveStreams = followsLiveStreams
    diagnostics = tool.diagnostics
    if options.format == "null" || MediaFormat.isSequencePattern(name) || name.hasURLScheme {
      file = nil
      descriptor = nil
      if name.hasURLScheme { self.options.interruption = try Destination.interruption(tool) }
    } else if Tool.isStandardOutput(name) {
      file = nil
      descriptor = tool.standardOutput
      tool.stop.boundWrites(to: tool.standardOutput)
      if tool.standardOutput.isTerminal { throw StreamOptions.refusal() }
    } else {
      let replacement = try FileReplacement(path: name, unless: tool.stop.descriptor)
      tool.stop.boundWrites(to: replacement.descriptor)
      file = replacement
      descriptor = replacement.descriptor
    }
  }

  /// Becomes a request when a signal comes.
  private static func interruption(_ tool: Tool) throws(Failure) -> MediaInterruption {
    let interruption = MediaInterruption()
    let stop = tool.stop.descriptor
    _ = try WorkerThread {
      // Returns only when a signal has come: nothing else is ever read here.
      _ = try? stop.waitUntilReadable()
      interruption.request()
    }
    return interruption
  }

  /// True if several pictures may be written.
  var isSequence: Bool { MediaFormat.isSequencePattern(name) }

  /// To be called before ``media(_:tracks:)``: what a live stream shows is to be seen soon, where it can be seen.
  func begin(_ header: StreamHeader) {
    if followsLiveStreams, header.isLive, file?.isHidden != true { options.live = true }
  }

  /// Whether ``media(_:tracks:)`` has made the output.
  var isOpen: Bool { media != nil }

  /// The output for video of a kind; made when it is first asked for.
  func media(_ video: VideoDescription, tracks: [Track]) throws(Failure) -> MediaOutput {
    if let media { return media }
    let made: MediaOutput
    if let descriptor {
      made = try MediaOutput(
        descriptor: descriptor.number, name: name, video: video, tracks: tracks, options: options)
    } else {
      made = try MediaOutput(path: name, video: video, tracks: tracks, options: options)
    }
    media = made
    return made
  }

  /// Ends the file and gives it its final name.
  func finish() throws(Failure) {
    guard let media, hasPicture else {
      file?.discard()
      throw Failure(.badInput, step: "nothing to write", subject: name, cause: "no picture has come")
    }
    try media.finish()
    try file?.commit()
    if let loss = media.loss { throw loss }
  }
}

extension String {
  /// `rtmp://…` and the like, which libavformat opens itself.
  fileprivate var hasURLScheme: Bool {
    var rest = utf8[...]
    let scheme = rest.prefix { ($0 | 0x20) >= UInt8(ascii: "a") && ($0 | 0x20) <= UInt8(ascii: "z") }
    rest = rest.dropFirst(scheme.count)
    return scheme.count > 1 && rest.starts(with: "://".utf8)
  }
}
