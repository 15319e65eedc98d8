import CFFmpeg
import FrameStream
import SystemIO

/// One video stream's decoder.
final class PictureDecoder {
  enum Result {
    case frame
    case needsInput
    case end
    case failed(Int32)
  }

  /// The last picture that ``receive()`` gave.
  let frame: UnsafeMutablePointer<AVFrame>
  private let context: UnsafeMutablePointer<AVCodecContext>
  /// A packet that the decoder had no room for.
  private(set) var waitingPacket: CompressedPacket?
  private(set) var isDraining = false
  /// The orientation of a WebP picture, which FFmpeg's decoder does not read.
  private(set) var pictureOrientation: Orientation?
  /// Whether the last WebP picture was animated.
  private(set) var isAnimatedWebP = false
  private var deinterlacing: Deinterlacing
  private var deinterlacer: Deinterlacer?
  /// A picture of another kind, which waits until the deinterlacer has given out those before it.
  private let waitingFrame: UnsafeMutablePointer<AVFrame>
  private var hasWaitingFrame = false
  /// Why pictures that should be are not deinterlaced.
  private var deinterlacingFailure: Failure?

  /// - Parameters:
  ///   - threads: 0 for as many as there are processors.
  ///   - withoutDelay: whether they may work on one picture only, as on several each waits for later ones.
  init(
    _ stream: UnsafeMutablePointer<AVStream>, name: String, threads: Int, withoutDelay: Bool,
    options: MediaInputOptions, log: MediaLog
  ) throws(Failure) {
    let parameters = stream.pointee.codecpar!
    let codecName = String(cString: avcodec_get_name(parameters.pointee.codec_id))
    guard let codec = avcodec_find_decoder(parameters.pointee.codec_id) else {
      throw Failure(.badInput, step: "decoding", subject: name, cause: "no decoder for \(codecName)")
    }
    guard let frame = av_frame_alloc(), let waitingFrame = av_frame_alloc(),
      let context = avcodec_alloc_context3(codec)
    else { throw Failure(.failed, step: "decoding", subject: name, cause: "out of memory") }
    self.frame = frame
    self.waitingFrame = waitingFrame
    deinterlacing = options.deinterlacing
    self.context = context
    avcodec_parameters_to_context(context, parameters)
    context.pointee.pkt_timebase = stream.pointee.time_base
    context.pointee.opaque = log.mark
    context.pointee.thread_count = FFmpegLibrary.threads(threads)
    context.pointee.thread_type = withoutDelay ? FF_THREAD_SLICE : FF_THREAD_FRAME | FF_THREAD_SLICE
    if options.live, !FilePath.isURL(name) { context.pointee.flags |= Int32(AV_CODEC_FLAG_LOW_DELAY) }
    // A picture that cannot be passed on is refused before memory is taken for it.
    context.pointee.max_pixels = Int64(min(options.maximumPixels, StreamLimits.payload))
    let result = avcodec_open2(context, codec, nil)
    guard result >= 0 else {
      throw Failure(
        .badInput, step: "decoding", subject: name,
        cause: "\(codecName): " + (log.takeErrors() ?? errorText(result)))
    }
  }

  deinit {
    var frame: UnsafeMutablePointer<AVFrame>? = self.frame
    av_frame_free(&frame)
    frame = waitingFrame
    av_frame_free(&frame)
    var context: UnsafeMutablePointer<AVCodecContext>? = self.context
    avcodec_free_context(&context)
  }

  /// Decodes the next picture into ``frame``.
  func receive() -> Result {
    while true {
      if let deinterlacer {
        if deinterlacer.receive(into: frame) { return .frame }
        if deinterlacer.isDraining { self.deinterlacer = nil }
      }
      if hasWaitingFrame {
        hasWaitingFrame = false
        av_frame_move_ref(frame, waitingFrame)
      } else {
        switch avcodec_receive_frame(context, frame) {
        case 0: break
        case -EAGAIN where !isDraining: return .needsInput
        case -EAGAIN, fm_error_end:
          guard let deinterlacer else { return .end }
          deinterlacer.drain()
          continue
        case let code: return .failed(code)
        }
      }
      if !hold(frame) { return .frame }
    }
  }

  /// Why pictures that should be are not deinterlaced, for the first of them; nil if they are, or it was taken before.
  func takeDeinterlacingFailure() -> Failure? {
    defer { deinterlacingFailure = nil }
    return deinterlacingFailure
  }

  /// The frame rate that the bits give, known once a picture is decoded; nil if they give none.
  var rateOfBits: Rational? {
    let rate = Rational(context.pointee.framerate)
    return rate.isPositive ? rate : nil
  }

  /// The time of the last picture, by its packets; nil if they have none.
  var frameTime: Int? {
    let stamp = frame.pointee.best_effort_timestamp
    return stamp == fm_no_timestamp ? nil : Int(stamp)
  }

  /// Gives a decoded picture to the deinterlacer, if there is one or it wants one; false if it bypasses the deinterlacer.
  private func hold(_ frame: UnsafeMutablePointer<AVFrame>) -> Bool {
    if let deinterlacer {
      guard deinterlacer.takes(frame) else {
        av_frame_move_ref(waitingFrame, frame)
        hasWaitingFrame = true
        deinterlacer.drain()
        return true
      }
      return deinterlacer.send(frame) == nil
    }
    guard deinterlacing == .on || deinterlacing == .auto && fm_frame_is_interlaced(frame) != 0 else {
      return false
    }
    do throws(Failure) {
      let made = try Deinterlacer(like: frame, all: deinterlacing == .on)
      deinterlacer = made
      return made.send(frame) == nil
    } catch {
      deinterlacing = .off
      deinterlacingFailure = error
      return false
    }
  }

  /// Gives the decoder a packet, or keeps it until there is room.
  /// - Returns: the error of a packet that cannot be decoded.
  func send(_ packet: CompressedPacket) -> Int32? {
    waitingPacket = nil
    if context.pointee.codec_id == AV_CODEC_ID_WEBP {
      isAnimatedWebP = packet.data.dropFirst(12).prefix(64).containsChunk("ANIM")
      pictureOrientation = webpOrientation(packet.data).flatMap { Orientation(exif: $0) }
    }
    let result = avcodec_send_packet(context, packet.native)
    if result == -EAGAIN {
      waitingPacket = packet
      return nil
    }
    return result < 0 ? result : nil
  }

  /// Drops all packets and pictures: others follow, from another position.
  func restart() {
    waitingPacket = nil
    deinterlacer = nil
    hasWaitingFrame = false
    isDraining = false
    av_frame_unref(waitingFrame)
    avcodec_flush_buffers(context)
  }

  /// No more packets come: the pictures that wait for later ones are given out.
  func drain() {
    guard !isDraining else { return }
    isDraining = true
    avcodec_send_packet(context, nil)
  }
}
