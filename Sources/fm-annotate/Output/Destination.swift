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
  /// What shows the output; nil if it is written.
  private let viewer: Viewer?
  /// A playlist and its segments until they are whole; nil if they are written under their names.
  private var folder: FolderReplacement?
  private let isPlaylist: Bool
  /// Bytes of attached files that are kept.
  private static let largestAttachments = 64 << 20
  private var media: MediaOutput?
  /// Whether the first stream is live.
  private var isLiveStream = false
  /// Whether a picture has been written; a file without any is not a video.
  var hasPicture = false

  /// - Parameters:
  ///   - name: a path, a pattern with `%d`, a URL, or `-`.
  ///   - followsLiveStreams: Whether ``begin(_:)`` makes the output live for a stream that is.
  init(
    _ name: String, _ options: MediaOutputOptions, followsLiveStreams: Bool, _ tool: Tool
  ) throws(Failure) {
    let name = FilePath.ofFileURL(name) ?? name
    if !Tool.isStandardOutput(name) { try MediaOutput.check(name: name) }
    self.name = name
    self.options = options
    self.followsLiveStreams = followsLiveStreams
    diagnostics = tool.diagnostics
    isPlaylist = MediaOutput.isPlaylist(name, format: options.format)
    viewer = nil
    if isPlaylist || options.format == "null" || MediaFormat.isSequencePattern(name, format: options.format)
      || FilePath.isURL(name)
    {
      file = nil
      if isPlaylist { try tool.places.claim(output: name) }
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

  /// A window that shows the video.
  init(viewing options: MediaOutputOptions, _ tool: Tool) throws(Failure) {
    let viewer = try Viewer(tool)
    tool.stop.boundWrites(to: viewer.descriptor)
    self.viewer = viewer
    self.options = options
    name = "view"
    diagnostics = tool.diagnostics
    followsLiveStreams = true
    isPlaylist = false
    file = nil
  }

  /// True if several pictures may be written.
  var isSequence: Bool { MediaFormat.isSequencePattern(name, format: options.format) }

  /// To be called before ``media(_:tracks:)``: a live stream is shown without delay where somebody can watch it.
  func begin(_ header: StreamHeader) {
    if media == nil {
      isLiveStream = header.isLive
      options.metadata.tags = header.metadata
      options.metadata.chapters = header.chapters
      options.chaptersWait = !header.chapters.isEmpty
      options.metadata.attachments = []
    } else if !header.chapters.isEmpty {
      diagnostics.warn("\(name): the chapters of \(header.source ?? "a later stream") are left out")
    }
    if followsLiveStreams, header.isLive, file?.isHidden != true { options.live = true }
  }

  /// Puts the chapters where the pictures lie, before any of these is written; does nothing in later streams.
  /// - Parameter shift: seconds that are added to the stream's times.
  func placeChapters(shift: Double) throws(Failure) {
    guard options.chaptersWait, let media else { return }
    options.chaptersWait = false
    try media.place(chapters: options.metadata.chapters.compactMap { $0.shifted(by: shift) })
  }

  /// Takes an attached file, which comes before the first picture.
  func attach(_ track: Track, _ data: [UInt8]) {
    guard media == nil, !options.metadata.attachments.contains(where: { $0.track.id == track.id }) else {
      return
    }
    let size = options.metadata.attachments.reduce(data.count) { $0 + $1.data.count }
    guard size <= Self.largestAttachments else {
      diagnostics.warn(
        "\(name): left out: attached files beyond \(Self.largestAttachments >> 20) MB, from track \(track.id) on"
      )
      return
    }
    options.metadata.attachments.append(MediaAttachment(track: track, data: data))
  }

  /// Whether ``media(_:tracks:)`` has made the output.
  var isOpen: Bool { media != nil }

  /// The output for video of a kind; made when it is first asked for.
  func media(_ video: VideoDescription, tracks: [Track]) throws(Failure) -> MediaOutput {
    if let media { return media }
    // Who watches a pipe gets a title picture with the film after it, but not a whole film late.
    // A live stream has nothing after it.
    options.awaitsTracks = !(options.live || isLiveStream) || video.frames == 1
    // A live playlist is of use only while it grows.
    if isPlaylist, !options.live {
      let folder = try FolderReplacement(path: name)
      self.folder = folder
      options.temporaryPath = folder.temporaryPath
    }
    let made: MediaOutput
    if let descriptor = viewer?.descriptor ?? file?.descriptor {
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
      folder?.discard()
      throw Failure(.badInput, step: "nothing to write", subject: name, cause: "the stream has no pictures")
    }
    try media.finish()
    try viewer?.finish()
    try file?.commit()
    try folder?.commit()
    if let loss = media.loss { throw loss }
  }
}

extension Chapter {
  /// The same in the output's time, from 0 on; nil if it ends before that.
  fileprivate func shifted(by seconds: Double) -> Chapter? {
    var chapter = self
    let ticks = timeBase.ticks(seconds) ?? 0
    chapter.start = max(0, start &+ ticks)
    chapter.end = end &+ ticks
    return chapter.end > 0 ? chapter : nil
  }
}
