import CFFmpeg
import FrameStream
import Glibc
import SystemIO

/// Writes pictures and the packets of other tracks into a video file, a picture or a numbered sequence of pictures.
///
/// The packets are written as they came; pictures are encoded. Whoever opened the descriptor decides under which
/// name the result appears, and when.
package final class MediaOutput {
  let name: String
  let options: MediaOutputOptions
  let video: VideoDescription
  let log = MediaLog()
  let sendLimit: SendLimit
  let format: UnsafePointer<AVOutputFormat>
  let channel: DescriptorChannel?
  var context: UnsafeMutablePointer<AVFormatContext>?
  let packet: UnsafeMutablePointer<AVPacket>
  /// The encoder's next packet, when the last one has to be known as such.
  let following: UnsafeMutablePointer<AVPacket>
  var encoder: PictureEncoder?
  let settings: PictureEncoder.Settings?
  /// The muxer's stream of every track it can hold, by ``FrameStream/Track/id``.
  var trackStreams: [Int: TrackStream] = [:]
  /// The time of the last picture, in the encoder's time base.
  var lastTime: Int64?
  var firstTime: Int64?
  /// Where the last picture ends.
  var endTime: Int64 = 0
  var firstDecodeTime: Int64?
  /// The distance of the last two pictures, which stands for a duration nobody gave.
  var lastDistance: Int64 = 0
  var lastDecodeTime: Int64?
  var nominalDuration: Int64 = 0
  var hasHeader = false
  var isFinished = false
  /// Pictures that came at the time of the one before and could not be kept.
  var collisionCount = 0
  var frameCount = 0
  /// The last picture's time in the source's units.
  var lastSourceTime = 0
  /// Pictures that were left out because their time is not later than that of one before, in the source already.
  var misplacedCount = 0
  /// Packets of tracks that the muxer could make nothing of.
  var refusedCount = 0
  /// Whether it was said that a picture is fitted into another size.
  var hasWarnedOfSize = false

  struct TrackStream {
    var index: Int
    var timeBase: Rational
    var lastDecodeTime: Int64?
  }

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

  /// Writes a numbered sequence (`%05d.png`), to a URL (`rtmp://…`), or, created or emptied here, to a file.
  package convenience init(
    path: String, video: VideoDescription, tracks: [Track] = [],
    options: MediaOutputOptions = MediaOutputOptions()
  ) throws(Failure) {
    var channel: DescriptorChannel?
    if options.format != "null", !MediaFormat.isSequencePattern(path), !MediaSource.isURL(path) {
      let file = Glibc.open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
      guard file >= 0 else {
        throw Failure(
          .inputOutput, step: "cannot create", subject: path, cause: String(cString: strerror(errno)))
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
    self.video = video
    self.channel = channel
    sendLimit = SendLimit(options.interruption)
    format = try MediaOutput.format(name, options)
    guard let packet = av_packet_alloc(), let following = av_packet_alloc() else {
      throw Failure(.failed, step: "cannot write", subject: name, cause: "out of memory")
    }
    self.packet = packet
    self.following = following
    // The null format takes pictures without looking at them: there is nothing to encode.
    settings = options.format == "null" ? nil : try MediaOutput.settings(name, format, video, options)
    if settings != nil { try open(tracks) }
  }

  deinit {
    var packet: UnsafeMutablePointer<AVPacket>? = self.packet
    av_packet_free(&packet)
    packet = following
    av_packet_free(&packet)
    if let context {
      // A muxer without our channel opened its output by itself.
      if hasHeader, channel == nil, format.pointee.flags & AVFMT_NOFILE == 0 {
        avio_closep(&context.pointee.pb)
      }
      avformat_free_context(context)
    }
  }

  /// Adds a picture, packed as `layout` says; the pointer is not used after the call.
  /// - Parameters:
  ///   - pts: in the video's time base; not earlier than the one before.
  ///   - duration: in the same units, if known.
  ///   - colorRange: how the picture's luma is to be read, if not as the video's.
  package func write(
    frame picture: UnsafePointer<UInt8>, layout: PictureLayout, pts: Int, duration: Int? = nil,
    colorRange: ColorRange? = nil
  ) throws(Failure) {
    guard let settings else { return }
    sendLimit.start()
    frameCount += 1
    let range = colorRange ?? video.colorRange
    if settings.isSinglePicture || isPictureSequence {
      try writePicture(picture, layout, range, settings)
      return
    }
    guard let encoder else { return }
    if layout != encoder.layout,
      layout.width != encoder.layout.width || layout.height != encoder.layout.height,
      !hasWarnedOfSize
    {
      hasWarnedOfSize = true
      options.onWarning?(
        "a picture of \(layout.width)x\(layout.height) is fitted into the video's "
          + "\(encoder.layout.width)x\(encoder.layout.height)")
    }
    let from = (video.timeBase.isPositive ? video.timeBase : Rational(1, 25)).native
    let into = settings.timeBase.native
    let time = av_rescale_q(Int64(pts), from, into)
    if let lastTime {
      guard time > lastTime else {
        if pts <= lastSourceTime { misplacedCount += 1 } else { collisionCount += 1 }
        return
      }
      lastDistance = time &- lastTime
    }
    lastTime = time
    lastSourceTime = pts
    firstTime = firstTime ?? time
    let length = duration.map { av_rescale_q(Int64($0), from, into) } ?? 0
    endTime = time &+ max(length > 0 ? length : lastDistance > 0 ? lastDistance : nominalDuration, 1)
    try encoder.send(picture, layout, range, pts: time, duration: length)
    try writeEncoded()
  }

  /// Adds a compressed packet; packets of tracks that the output cannot hold are passed over.
  package func write(packet media: MediaPacket) throws(Failure) {
    guard context != nil, trackStreams[media.track] != nil else { return }
    sendLimit.start()
    try writeTrack(media)
  }

  /// Ends the output: pictures inside the encoder, index, and all that is buffered.
  /// - Throws: ``Failure``: also when a write failed that was buffered before.
  package func finish() throws(Failure) {
    guard !isFinished else { return }
    isFinished = true
    sendLimit.start()
    if let encoder, !isPictureSequence, settings?.isSinglePicture == false {
      encoder.drain()
      try writeRest()
    }
    if let context, hasHeader {
      if !trackStreams.isEmpty { try writeWaiting(in: context) }
      let result = av_write_trailer(context)
      // A sequence's muxer has no output of its own.
      if context.pointee.pb != nil { avio_flush(context.pointee.pb) }
      try check(result, "finishing")
    }
    if refusedCount > 3 { options.onWarning?("\(refusedCount - 3) more damaged packets are left out") }
    if misplacedCount > 0, loss == nil {
      options.onWarning?("\(misplacedCount) frames are left out: their times are not later than those before")
    }
    if collisionCount > 0 {
      options.onWarning?(
        "\(collisionCount) frames fell on the time of the one before in the output's clock and are left out")
    }
    if let line = log.takeErrors() { options.onWarning?(line) }
  }

  /// What to report of an output that lacks many of its pictures, though what there is is whole: their times go back.
  package var loss: Failure? {
    guard misplacedCount > max(3, frameCount / 100) else { return nil }
    return Failure(
      .badInput, step: "frames left out", subject: name,
      cause: "the times of \(misplacedCount) of \(frameCount) are not later than those before")
  }

  var isPictureSequence: Bool { String(cString: format.pointee.name) == "image2" }

  /// Throws what a libav call's result, or a write behind it, amounts to.
  func check(_ result: Int32, _ step: String) throws(Failure) {
    if let failure = channel?.failure(step, name) { throw failure }
    guard result < 0 else { return }
    if result == fm_error_exit {
      throw Failure(.inputOutput, step: step, subject: name, cause: "interrupted: nobody takes it")
    }
    let isSystem = result > -200 && result != -EINVAL
    throw Failure(
      isSystem ? .inputOutput : .failed, step: step, subject: name,
      cause: isSystem ? String(cString: strerror(-result)) : log.takeErrors() ?? errorText(result))
  }
}
