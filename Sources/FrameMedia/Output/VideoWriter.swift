import CFFmpeg
import FrameStream
import SystemIO

/// Encodes pictures as a video and hands its packets to the muxer.
final class VideoWriter {
  private let muxer: Muxer
  private let timeBase: Rational
  private let options: MediaOutputOptions
  private let encoder: PictureEncoder
  private var clock: OutputClock
  private let packet: CompressedPacket
  /// The encoder's next packet, needed to know which one is the last.
  private let following: CompressedPacket
  private var firstDecodeTime: Int64?
  /// Whether it was reported that a picture is fitted into another size.
  private var hasWarnedOfSize = false
  private var hasWarnedOfCaptions = false

  /// Opens the encoder and describes the video to the muxer.
  init(
    _ muxer: Muxer, video: VideoDescription, settings: PictureEncoder.Settings, name: String,
    options: MediaOutputOptions, log: MediaLog
  ) throws(Failure) {
    guard let packet = CompressedPacket(), let following = CompressedPacket() else {
      throw Failure(.failed, step: "cannot write", subject: name, cause: "out of memory")
    }
    self.muxer = muxer
    self.options = options
    (self.packet, self.following) = (packet, following)
    timeBase = settings.timeBase
    clock = OutputClock(video, timeBase: settings.timeBase)
    let layout = try PictureLayout(video.pixelFormat, width: video.width, height: video.height)
    encoder = try PictureEncoder(settings, video: video, layout: layout, name: name, log: log)
    muxer.describeVideo(encoder)
    for remark in encoder.remarks { options.onWarning?(remark) }
  }

  /// Adds a picture, its time and duration in the video's time base.
  func write(
    _ picture: UnsafePointer<UInt8>, _ layout: PictureLayout, _ range: ColorRange, pts: Int, duration: Int?,
    captions: [UInt8]
  ) throws(Failure) {
    warnOfSize(layout)
    if !captions.isEmpty, !encoder.takesCaptions, !hasWarnedOfCaptions {
      hasWarnedOfCaptions = true
      options.onWarning?("the encoder takes no closed captions; they are left out")
    }
    guard let (time, length) = clock.place(pts: pts, duration: duration) else { return }
    try encoder.send(picture, layout, range, pts: time, duration: length, captions: captions)
    while try encoder.receive(packet.native) { try writePacket() }
  }

  /// Writes what the encoder still holds. In MOV and MP4 a track is as long as its packets' distances in decoding
  /// order, so the last of those makes up for what its picture's position in the order leaves out.
  func finish() throws(Failure) {
    encoder.drain()
    var isWaiting = try encoder.receive(packet.native)
    while isWaiting {
      isWaiting = try encoder.receive(following.native)
      if !isWaiting, muxer.container.sumsDurations, let firstTime = clock.firstTime {
        let dts = packet.native.pointee.dts
        let length = (clock.endTime &- firstTime) &- (dts &- (firstDecodeTime ?? dts))
        if length > 0 { packet.native.pointee.duration = length }
      }
      try writePacket()
      if isWaiting { av_packet_move_ref(packet.native, following.native) }
    }
  }

  /// What to say of pictures that were left out, though the output counts as whole.
  var remarks: [String] { clock.remarks }

  /// Why the output is not whole; nil if it is.
  func loss(_ name: String) -> Failure? { clock.loss(name) }

  private func writePacket() throws(Failure) {
    if packet.native.pointee.duration <= 0 { packet.native.pointee.duration = clock.usualDuration }
    if firstDecodeTime == nil { firstDecodeTime = packet.native.pointee.dts }
    try muxer.write(video: packet, timeBase)
  }

  private func warnOfSize(_ layout: PictureLayout) {
    let own = encoder.layout
    guard !hasWarnedOfSize, layout.width != own.width || layout.height != own.height else { return }
    hasWarnedOfSize = true
    options.onWarning?(
      "a picture of \(layout.width)x\(layout.height) is fitted into the video's \(own.width)x\(own.height)")
  }
}
