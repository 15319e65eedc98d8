import CFFmpeg
import FrameStream
import Glibc
import SystemIO

/// Writes pictures and the packets of other tracks into a video file, a picture or a numbered sequence of pictures.
///
/// The packets are written as they came; pictures are encoded. Whoever opened the descriptor decides under which
/// name the result appears, and when.
package final class MediaOutput {
  /// Where the pictures go.
  private enum Pictures {
    case video(VideoWriter)
    case files(PictureFileWriter)
    /// The null format takes them without looking at them: there is nothing to encode.
    case dropped
  }

  private let name: String
  private let options: MediaOutputOptions
  private let colorRange: ColorRange
  private let log = MediaLog()
  /// Nil if nothing is written.
  private let muxer: Muxer?
  private let pictures: Pictures
  /// What writes sound and subtitles; nil for pictures that are files of their own.
  private let trackWriter: TrackWriter?
  /// Whether the container's beginning waits for a stream with tracks.
  private var awaitsTracks = false
  private var isFinished = false

  /// Bytes of encoded pictures that wait for a stream with tracks.
  private static let longestWait = 64 << 20

  /// Writes to an open descriptor: a file, or a pipe if the container can be written without going back.
  /// The descriptor stays open.
  /// - Parameter name: the output's final name, which messages give and which says the format.
  /// - Throws: ``Failure``: `.usage` for a format or codec that does not exist or does not fit, `.inputOutput` if
  ///   writing fails.
  package convenience init(
    descriptor: Int32, name: String, video: VideoDescription, tracks: [Track] = [],
    options: MediaOutputOptions = MediaOutputOptions()
  ) throws(Failure) {
    let channel = DescriptorChannel(descriptor, writing: true, owned: false, interruption: nil)
    try self.init(name: name, channel: channel, video: video, tracks: tracks, options: options)
  }

  /// Refuses a name that FFmpeg would take for files of its own, such as `tee:a.mp4|b.mp4`.
  /// - Throws: ``Failure`` (`usage`).
  package static func check(name: String) throws(Failure) { try OutputAddress.check(name) }

  /// Writes a numbered sequence (`%05d.png`), to a URL (`rtmp://…`), or to a file, which is created or emptied.
  /// - Throws: as ``init(descriptor:name:video:tracks:options:)``.
  package convenience init(
    path: String, video: VideoDescription, tracks: [Track] = [],
    options: MediaOutputOptions = MediaOutputOptions()
  ) throws(Failure) {
    let path = FilePath.ofFileURL(path) ?? path
    try OutputAddress.check(path)
    var channel: DescriptorChannel?
    let isOwnFile = !MediaOutput.isPlaylist(path, format: options.format)
    if isOwnFile, options.format != "null",
      !MediaFormat.isSequencePattern(path, format: options.format), !FilePath.isURL(path)
    {
      let file = Glibc.open(path.fileNameBytes, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
      guard file >= 0 else {
        throw Failure(system: errno, step: "cannot create", subject: path)
      }
      channel = DescriptorChannel(file, writing: true, owned: true, interruption: nil)
    }
    try self.init(name: path, channel: channel, video: video, tracks: tracks, options: options)
  }

  private init(
    name: String, channel: DescriptorChannel?, video: VideoDescription, tracks: [Track],
    options: MediaOutputOptions
  ) throws(Failure) {
    self.name = name
    self.options = options
    colorRange = video.colorRange
    let container = try Container(forOutput: name, options)
    if options.format == "null" {
      (muxer, pictures, trackWriter) = (nil, .dropped, nil)
      return
    }
    if container.hasNoFile, !container.isPictureSequence, !FilePath.isURL(name),
      channel != nil || !container.isPlaylist
    {
      throw Failure(
        .usage, step: "cannot write \(container.name)", subject: name,
        cause: container.isPlaylist
          ? "it is a playlist with files beside it, which needs a name: -o NAME" : "it makes files of its own"
      )
    }
    let settings = try PictureEncoder.Settings(container, name: name, video: video, options: options)
    let log = log
    func makeMuxer(_ path: String, _ channel: DescriptorChannel?) throws(Failure) -> Muxer {
      try Muxer(
        container, name: path, channel: channel, video: video, settings: settings, options: options, log: log)
    }
    if settings.isSinglePicture, let place = PictureFileWriter.Place(name, channel, container) {
      (muxer, trackWriter) = (nil, nil)
      pictures = .files(
        try PictureFileWriter(
          place, video: video, settings: settings, name: name, log: log, onWarning: options.onWarning
        ) {
          (path, channel) throws(Failure) in try makeMuxer(path, channel)
        })
      return
    }
    let muxer = try makeMuxer(name, channel)
    self.muxer = muxer
    pictures = .video(
      try VideoWriter(muxer, video: video, settings: settings, name: name, options: options, log: log))
    let tracks = tracks.filter { $0.kind != "attachment" }
    let writer = try TrackWriter(muxer, options: options, log: log)
    trackWriter = writer
    let takesSound = container.native.pointee.audio_codec != AV_CODEC_ID_NONE
    let isWaiting = tracks.isEmpty && options.awaitsTracks && takesSound && muxer.takesVideo
    if !isWaiting { writer.add(tracks) }
    let left = muxer.describe(options.metadata, videoTags: video.metadata)
    if !left.isEmpty {
      options.onWarning?("\(container.name) has no place for \(left.joined(separator: ", "))")
    }
    awaitsTracks = isWaiting
    if options.chaptersWait { return }
    try place(chapters: options.metadata.chapters)
  }

  /// Says where the chapters lie in the output, before the first picture and packet, if the options leave it open.
  /// - Throws: ``Failure`` (`inputOutput`) if writing fails.
  package func place(chapters: [Chapter]) throws(Failure) {
    muxer?.beginCall()
    muxer?.add(chapters)
    if !awaitsTracks { try muxer?.writeHeader() }
  }

  /// Another stream follows: its packets continue the tracks of the same kind and language.
  /// - Parameter source: what to call the stream in messages.
  /// - Throws: ``Failure`` (`inputOutput`) if writing fails.
  package func follow(tracks: [Track], source: String?) throws(Failure) {
    guard let muxer, let trackWriter else { return }
    muxer.beginCall()
    let count = tracks.count
    let tracks = tracks.filter { $0.kind != "attachment" }
    if tracks.count < count {
      options.onWarning?("the attachments of \(source ?? "a later stream") are left out")
    }
    if !muxer.hasHeader, tracks.isEmpty { return }
    try trackWriter.follow(tracks, source: source)
    if !muxer.hasHeader { try muxer.writeHeader() }
  }

  /// Where the sound ends that has been written, in seconds; nil if there is none. After
  /// ``follow(tracks:source:)`` it is that of all streams before.
  package var soundEnd: Double? { trackWriter?.soundEnd }

  /// Seconds by which a track's sound begins earlier in the output than in the stream, because it is encoded; nil if it
  /// is not.
  package func soundLead(ofTrack id: Int) -> Double? { trackWriter?.lead(ofTrack: id) }

  /// Whether an output of this name and format is a playlist with segments beside it, which are files of their own.
  package static func isPlaylist(_ name: String, format: String?) -> Bool {
    guard name != "-", !FilePath.isURL(name) else { return false }
    var options = MediaOutputOptions()
    options.format = format
    return (try? Container(forOutput: name, options))?.isPlaylist ?? false
  }

  /// Adds a picture, packed as `layout` says; the pointer is not used after the call.
  /// - Parameters:
  ///   - pts: in the video's time base; not earlier than the one before.
  ///   - duration: in the same units, if known.
  ///   - colorRange: how the picture's luma is to be read, if not as the video's.
  ///   - captions: closed captions that go with it (`cc_data` of ATSC A/53 part 4); empty for none.
  /// - Throws: ``Failure``: `usage` for a second picture in a picture file, `inputOutput` if writing fails.
  package func write(
    frame picture: UnsafePointer<UInt8>, layout: PictureLayout, pts: Int, duration: Int? = nil,
    colorRange: ColorRange? = nil, captions: [UInt8] = []
  ) throws(Failure) {
    muxer?.beginCall()
    let range = colorRange ?? self.colorRange
    switch pictures {
    case .video(let writer):
      try writer.write(picture, layout, range, pts: pts, duration: duration, captions: captions)
      if let muxer, !muxer.hasHeader, muxer.earlyByteCount > MediaOutput.longestWait {
        trackWriter?.add([])
        try muxer.writeHeader()
      }
    case .files(let writer): try writer.write(picture, layout, range)
    case .dropped: break
    }
  }

  /// Adds a compressed packet; packets of tracks that the output cannot hold are skipped.
  /// - Throws: ``Failure`` (`inputOutput`) if writing fails.
  package func write(packet media: MediaPacket) throws(Failure) {
    muxer?.beginCall()
    try trackWriter?.write(media)
  }

  /// Ends the output: pictures inside the encoder, index, and all that is buffered.
  /// - Throws: ``Failure``: also when a write failed that was buffered before.
  package func finish() throws(Failure) {
    guard !isFinished else { return }
    isFinished = true
    muxer?.beginCall()
    if case .video(let writer) = pictures { try writer.finish() }
    try trackWriter?.finish()
    try muxer?.finish()
    if case .video(let writer) = pictures {
      for remark in writer.remarks { options.onWarning?(remark) }
    }
    if let line = log.takeErrors() { options.onWarning?(line) }
  }

  /// Why the output is not whole although it was finished: many pictures are left out because their times go back.
  /// Nil if it is whole.
  package var loss: Failure? {
    guard case .video(let writer) = pictures else { return nil }
    return writer.loss(name)
  }
}
