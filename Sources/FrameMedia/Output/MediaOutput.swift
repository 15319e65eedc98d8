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
  private var isFinished = false

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

  /// Writes a numbered sequence (`%05d.png`), to a URL (`rtmp://…`), or to a file, which is created or emptied.
  /// - Throws: as ``init(descriptor:name:video:tracks:options:)``.
  package convenience init(
    path: String, video: VideoDescription, tracks: [Track] = [],
    options: MediaOutputOptions = MediaOutputOptions()
  ) throws(Failure) {
    var channel: DescriptorChannel?
    if options.format != "null", !MediaFormat.isSequencePattern(path), !FilePath.isURL(path) {
      let file = Glibc.open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
      guard file >= 0 else {
        throw Failure(
          .inputOutput, step: "cannot create", subject: path, cause: systemMessage(errno))
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
      (muxer, pictures) = (nil, .dropped)
      return
    }
    let settings = try PictureEncoder.Settings(container, name: name, video: video, options: options)
    let muxer = try Muxer(
      container, name: name, channel: channel, video: video, settings: settings, options: options, log: log)
    self.muxer = muxer
    if settings.isSinglePicture {
      pictures = .files(
        try PictureFileWriter(muxer, video: video, settings: settings, name: name, log: log))
    } else {
      pictures = .video(
        try VideoWriter(muxer, video: video, settings: settings, name: name, options: options, log: log))
      muxer.add(tracks)
    }
    try muxer.writeHeader()
  }

  /// Adds a picture, packed as `layout` says; the pointer is not used after the call.
  /// - Parameters:
  ///   - pts: in the video's time base; not earlier than the one before.
  ///   - duration: in the same units, if known.
  ///   - colorRange: how the picture's luma is to be read, if not as the video's.
  /// - Throws: ``Failure``: `usage` for a second picture in a picture file, `inputOutput` if writing fails.
  package func write(
    frame picture: UnsafePointer<UInt8>, layout: PictureLayout, pts: Int, duration: Int? = nil,
    colorRange: ColorRange? = nil
  ) throws(Failure) {
    muxer?.beginCall()
    let range = colorRange ?? self.colorRange
    switch pictures {
    case .video(let writer): try writer.write(picture, layout, range, pts: pts, duration: duration)
    case .files(let writer): try writer.write(picture, layout, range)
    case .dropped: break
    }
  }

  /// Adds a compressed packet; packets of tracks that the output cannot hold are skipped.
  /// - Throws: ``Failure`` (`inputOutput`) if writing fails.
  package func write(packet media: MediaPacket) throws(Failure) {
    muxer?.beginCall()
    try muxer?.write(media)
  }

  /// Ends the output: pictures inside the encoder, index, and all that is buffered.
  /// - Throws: ``Failure``: also when a write failed that was buffered before.
  package func finish() throws(Failure) {
    guard !isFinished else { return }
    isFinished = true
    muxer?.beginCall()
    if case .video(let writer) = pictures { try writer.finish() }
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
