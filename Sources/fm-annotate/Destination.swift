import FilterTool
import FrameMedia
import FrameStream
import SystemIO

/// The file, pipe or numbered pictures that are written.
final class Destination {
  let name: String
  let diagnostics: Diagnostics
  private var options: MediaOutputOptions
  private let followsLiveStreams: Bool
  /// Nil for what libavformat opens by itself, and for nothing.
  private let file: OutputFile?
  private var media: MediaOutput?
  /// Whether a picture has been written; a file without any is not a video.
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
    if options.format == "null" || MediaFormat.isSequencePattern(name) || FilePath.isURL(name) {
      file = nil
      if FilePath.isURL(name) {
        let interruption = MediaInterruption()
        try tool.stop.onSignal { interruption.request() }
        self.options.interruption = interruption
      }
    } else {
      let file = try OutputFile(name, tool)
      tool.stop.boundWrites(to: file.descriptor)
      self.file = file
    }
  }

  /// True if several pictures may be written.
  var isSequence: Bool { MediaFormat.isSequencePattern(name) }

  /// To be called before ``media(_:tracks:)``: a live stream is shown without delay where somebody can watch it.
  func begin(_ header: StreamHeader) {
    if followsLiveStreams, header.isLive, file?.isHidden != true { options.live = true }
  }

  /// Whether ``media(_:tracks:)`` has made the output.
  var isOpen: Bool { media != nil }

  /// The output for video of a kind; made when it is first asked for.
  func media(_ video: VideoDescription, tracks: [Track]) throws(Failure) -> MediaOutput {
    if let media { return media }
    let made: MediaOutput
    if let file {
      made = try MediaOutput(
        descriptor: file.descriptor.number, name: name, video: video, tracks: tracks, options: options)
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
      throw Failure(.badInput, step: "nothing to write", subject: name, cause: "the stream has no pictures")
    }
    try media.finish()
    try file?.commit()
    if let loss = media.loss { throw loss }
  }
}
