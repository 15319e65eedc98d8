import CFFmpeg
import FrameStream
import SystemIO

/// Compresses gray pictures of one size as JPEG and decodes them again, in memory; for one thread.
///
/// The transforms are those in whole numbers, so that every processor gives the same pixels with the same FFmpeg.
package final class JPEGCompression {
  private let width: Int
  private let height: Int
  private let encoder: CodecContext
  private let decoder: CodecContext
  private let picture: PictureBuffer
  private let decoded: UnsafeMutablePointer<AVFrame>
  private let packet: CompressedPacket
  private let log: MediaLog

  /// - Throws: ``Failure`` (`failed`) if FFmpeg has no JPEG, or without memory.
  package init(width: Int, height: Int) throws(Failure) {
    self.width = width
    self.height = height
    log = MediaLog()
    func failure(_ cause: String) -> Failure { Failure(.failed, step: "JPEG compression", cause: cause) }
    guard let coder = avcodec_find_encoder(AV_CODEC_ID_MJPEG),
      let reader = avcodec_find_decoder(AV_CODEC_ID_MJPEG)
    else { throw failure("this FFmpeg build has no JPEG encoder or decoder") }
    guard let encoder = CodecContext(coder), let decoder = CodecContext(reader),
      let packet = CompressedPacket(), let decoded = av_frame_alloc()
    else { throw failure("out of memory") }
    self.encoder = encoder
    self.decoder = decoder
    self.packet = packet
    self.decoded = decoded
    // No gray in this encoder: chroma is the same everywhere.
    picture = try PictureBuffer(AV_PIX_FMT_YUVJ420P, width: width, height: height)
    for (context, isEncoder) in [(encoder.native, true), (decoder.native, false)] {
      context.pointee.opaque = log.mark
      context.pointee.width = Int32(width)
      context.pointee.height = Int32(height)
      context.pointee.pix_fmt = AV_PIX_FMT_YUVJ420P
      context.pointee.color_range = AVCOL_RANGE_JPEG
      context.pointee.time_base = AVRational(num: 1, den: 25)
      context.pointee.thread_count = 1
      context.pointee.flags |= Int32(AV_CODEC_FLAG_BITEXACT)
      context.pointee.dct_algo = FF_DCT_INT
      context.pointee.idct_algo = FF_IDCT_INT
      if isEncoder {
        context.pointee.flags |= Int32(AV_CODEC_FLAG_QSCALE)
        // The tables of codes change no pixel; the best ones would have to be found for each picture.
        av_opt_set(context.pointee.priv_data, "huffman", "default", 0)
      }
    }
    guard avcodec_open2(encoder.native, coder, nil) >= 0, avcodec_open2(decoder.native, reader, nil) >= 0
    else { throw failure(log.takeErrors() ?? "the codec cannot be opened") }
    for plane in 1...2 {
      guard let base = picture.frame.pointee.plane(plane) else { continue }
      base.update(repeating: 128, count: picture.frame.pointee.rowStride(plane) * ((height + 1) / 2))
    }
  }

  deinit {
    var frame: UnsafeMutablePointer<AVFrame>? = decoded
    av_frame_free(&frame)
  }

  /// Replaces `pixels`, rows from the top without padding, by what is left after compression.
  /// - Parameter quantizer: As FFmpeg's encoder counts: 2 is fine, 31 is coarse.
  /// - Throws: ``Failure`` (`failed`) if FFmpeg refuses.
  package func compress(_ pixels: UnsafeMutablePointer<UInt8>, quantizer: Int) throws(Failure) {
    // The encoder may keep the last picture.
    guard av_frame_make_writable(picture.frame) >= 0, let base = picture.frame.pointee.plane(0) else {
      throw Failure(.failed, step: "JPEG compression", cause: "out of memory")
    }
    let stride = picture.frame.pointee.rowStride(0)
    for y in 0..<height { (base + y * stride).update(from: pixels + y * width, count: width) }
    picture.frame.pointee.quality = Int32(quantizer) * FF_QP2LAMBDA
    try check(avcodec_send_frame(encoder.native, picture.frame))
    try check(avcodec_receive_packet(encoder.native, packet.native))
    defer { av_packet_unref(packet.native) }
    try check(avcodec_send_packet(decoder.native, packet.native))
    try check(avcodec_receive_frame(decoder.native, decoded))
    defer { av_frame_unref(decoded) }
    guard Int(decoded.pointee.width) == width, Int(decoded.pointee.height) == height,
      let plane = decoded.pointee.plane(0)
    else { throw Failure(.failed, step: "JPEG compression", cause: "a picture of another size") }
    let rowStride = decoded.pointee.rowStride(0)
    for y in 0..<height { (pixels + y * width).update(from: plane + y * rowStride, count: width) }
  }

  private func check(_ result: Int32) throws(Failure) {
    guard result >= 0 else {
      throw Failure(.failed, step: "JPEG compression", cause: log.takeErrors() ?? errorText(result))
    }
  }

  /// One codec, freed with its object.
  private final class CodecContext {
    let native: UnsafeMutablePointer<AVCodecContext>

    init?(_ codec: UnsafePointer<AVCodec>) {
      guard let native = avcodec_alloc_context3(codec) else { return nil }
      self.native = native
    }

    deinit {
      var native: UnsafeMutablePointer<AVCodecContext>? = self.native
      avcodec_free_context(&native)
    }
  }
}
