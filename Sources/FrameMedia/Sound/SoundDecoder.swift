import CFFmpeg
import FrameStream
import SystemIO

/// Decodes the packets of one sound track.
final class SoundDecoder {
  private let context: UnsafeMutablePointer<AVCodecContext>
  /// The samples of the last ``receive()``.
  let frame: UnsafeMutablePointer<AVFrame>

  /// - Parameter timeBase: the units of the packets' times.
  /// - Throws: ``Failure`` if this FFmpeg cannot decode the track.
  init(_ track: Track, timeBase: Rational, log: MediaLog) throws(Failure) {
    guard let descriptor = avcodec_descriptor_get_by_name(track.codec),
      let codec = avcodec_find_decoder(descriptor.pointee.id)
    else { throw Failure(.failed, step: "decoding", cause: "there is no decoder of \(track.codec)") }
    guard let context = avcodec_alloc_context3(codec), let frame = av_frame_alloc() else {
      throw Failure(.failed, step: "decoding", cause: "out of memory")
    }
    self.context = context
    self.frame = frame
    context.pointee.opaque = log.mark
    context.pointee.thread_count = 1
    context.pointee.pkt_timebase = timeBase.native
    var parameters = avcodec_parameters_alloc()
    defer { avcodec_parameters_free(&parameters) }
    guard let parameters, track.describe(parameters), avcodec_parameters_to_context(context, parameters) >= 0
    else { throw Failure(.failed, step: "decoding", cause: "the track's set-up makes no sense") }
    let result = avcodec_open2(context, codec, nil)
    guard result >= 0 else {
      throw Failure(.failed, step: "decoding", cause: log.takeErrors() ?? errorText(result))
    }
  }

  deinit {
    var frame: UnsafeMutablePointer<AVFrame>? = self.frame
    av_frame_free(&frame)
    var context: UnsafeMutablePointer<AVCodecContext>? = self.context
    avcodec_free_context(&context)
  }

  /// Takes a packet, or with nil the end; false if it is damaged.
  func send(_ packet: CompressedPacket?) -> Bool { avcodec_send_packet(context, packet?.native) >= 0 }

  /// Whether there are more samples, which are in ``frame`` then. What is damaged is skipped.
  func receive() -> Bool {
    while true {
      let result = avcodec_receive_frame(context, frame)
      if result >= 0 { return true }
      if result == -EAGAIN || result == fm_error_end { return false }
      // A decoder that failed has consumed what it failed at.
      failureCount += 1
      guard failureCount < 1000 else { return false }
    }
  }

  /// How often decoding failed.
  private(set) var failureCount = 0

  /// The time of the samples in units of the packets; nil if unknown.
  var time: Int64? {
    let stamp = frame.pointee.best_effort_timestamp
    return stamp == fm_no_timestamp ? nil : stamp
  }
}
