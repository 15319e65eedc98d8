import CFFmpeg
import FrameStream
import SystemIO

extension PictureEncoder {
  /// What decides how an encoder is set up, apart from the pictures themselves.
  struct Settings {
    let codec: UnsafePointer<AVCodec>
    let timeBase: Rational
    let quality: Double?
    let bitRate: Int?
    let threads: Int
    let live: Bool
    let hasGlobalHeader: Bool
    /// Whether each picture is a file of its own.
    let isSinglePicture: Bool
    /// The only formats that the container takes; nil for the encoder's own.
    let formats: [AVPixelFormat]?
    let allowsReordering: Bool
    let options: [(String, String)]
  }
}

extension PictureEncoder.Settings {
  /// Chooses an encoder, and its time base and limits, by what the container can hold.
  /// - Throws: ``Failure`` (`usage`) if there is no such encoder, or it knows no such quality.
  init(
    _ container: Container, name: String, video: VideoDescription, options: MediaOutputOptions
  ) throws(Failure) {
    let formatName = container.name
    let isSequence = container.isPictureSequence
    let isSingle =
      formatName == "image2pipe" && (MediaFormat.isPictureFile(name) || options.format == "image2")
    guard let codec = PictureEncoder.Settings.encoder(container, name: name, options) else {
      throw Failure(
        .usage, step: "cannot write", subject: name,
        cause: options.codec.map { "this FFmpeg build has no video encoder \($0)" }
          ?? "this FFmpeg build has no encoder for \(formatName)")
    }
    if let quality = options.quality, let range = PictureEncoder.Settings.qualities(of: codec),
      !range.contains(quality)
    {
      throw Failure(
        .usage, step: "cannot write", subject: name,
        cause: "the quality of \(String(cString: codec.pointee.name)) is from 0 to \(Int(range.upperBound))")
    }
    var timeBase = video.timeBase.isPositive ? video.timeBase : Rational(1, 25)
    let given = video.frameRate.flatMap { $0.isPositive ? $0 : nil }
    let rate = given ?? Rational(min(60, max(1, timeBase.denominator)), max(1, timeBase.numerator))
    // Containers of a fixed rate count frames, not time.
    let isFixed = container.native.pointee.flags & (AVFMT_VARIABLE_FPS | AVFMT_NOTIMESTAMPS) == 0
    let countsFrames = formatName == "yuv4mpegpipe"
    let isTheora = codec.pointee.id == AV_CODEC_ID_THEORA
    if (isFixed && ["avi", "mxf", "mxf_d10", "gxf"].contains(formatName)) || countsFrames || isTheora {
      timeBase = Rational(rate.denominator, rate.numerator)
    }
    if let rates = fm_encoder_frame_rates(codec) {
      // MPEG-1 and 2 know eight rates.
      let nearest = rates[Int(av_find_nearest_q_idx(rate.native, rates))]
      timeBase = Rational(Int(nearest.den), Int(nearest.num))
    } else if codec.pointee.id == AV_CODEC_ID_MPEG4, timeBase.denominator > 65535 {
      // 16 bits in MPEG-4 part 2's headers.
      var numerator: Int32 = 0
      var denominator: Int32 = 0
      av_reduce(&numerator, &denominator, Int64(timeBase.numerator), Int64(timeBase.denominator), 65535)
      timeBase = numerator > 0 ? Rational(Int(numerator), Int(denominator)) : Rational(1, 65535)
    }
    self.codec = codec
    self.timeBase = timeBase
    quality = options.quality
    bitRate = options.bitRate
    threads = options.threads
    live = options.live
    hasGlobalHeader = container.native.pointee.flags & AVFMT_GLOBALHEADER != 0
    isSinglePicture = isSingle || isSequence
    formats = countsFrames ? PictureEncoder.Settings.planarFormats : nil
    // AVI has one time per frame.
    allowsReordering = formatName != "avi"
    self.options = options.encoderOptions
  }

  /// What yuv4mpegpipe writes of the formats that a stream has.
  private static let planarFormats = [
    AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUV422P, AV_PIX_FMT_YUV444P, AV_PIX_FMT_GRAY8, AV_PIX_FMT_YUV420P10LE,
  ]

  /// The qualities that an encoder knows, as ``MediaOutputOptions/quality`` counts them.
  private static func qualities(of codec: UnsafePointer<AVCodec>) -> ClosedRange<Double>? {
    if codec.pointee.id == AV_CODEC_ID_WEBP { return 0...100 }
    var options = codec.pointee.priv_class
    let factor = withUnsafeMutablePointer(to: &options) {
      av_opt_find($0, "crf", nil, 0, AV_OPT_SEARCH_FAKE_OBJ)
    }
    guard let factor else { return 0...31 }
    // x264 and x265 claim to take any number as a quantizer; with eight bits they end at 51.
    return 0...(factor.pointee.max <= 100 ? factor.pointee.max : 51)
  }

  /// The encoder asked for; otherwise H.264 where FFmpeg and the container have it; otherwise the container's default.
  private static func encoder(
    _ container: Container, name: String, _ options: MediaOutputOptions
  ) -> UnsafePointer<AVCodec>? {
    func isVideo(_ codec: UnsafePointer<AVCodec>?) -> UnsafePointer<AVCodec>? {
      codec?.pointee.type == AVMEDIA_TYPE_VIDEO ? codec : nil
    }
    if let wanted = options.codec {
      if let codec = isVideo(avcodec_find_encoder_by_name(wanted)) { return codec }
      guard let descriptor = avcodec_descriptor_get_by_name(wanted) else { return nil }
      return isVideo(avcodec_find_encoder(descriptor.pointee.id))
    }
    let (format, formatName) = (container.native, container.name)
    if formatName == "image2" || formatName == "image2pipe" {
      let guessed = av_guess_codec(format, nil, name, nil, AVMEDIA_TYPE_VIDEO)
      // The still picture's encoder rather than the animation's.
      if guessed == AV_CODEC_ID_WEBP, let codec = avcodec_find_encoder_by_name("libwebp") { return codec }
      return avcodec_find_encoder(guessed)
    }
    let own = format.pointee.video_codec
    let keepsOwn = ["asf", "asf_stream", "mpeg", "vob", "dvd", "svcd", "vcd", "mpeg1video", "mpeg2video"]
    let takesH264 =
      avformat_query_codec(format, AV_CODEC_ID_H264, FF_COMPLIANCE_NORMAL) == 1 || formatName == "mpegts"
      || own == AV_CODEC_ID_H264
    if takesH264, !keepsOwn.contains(formatName), let codec = avcodec_find_encoder_by_name("libx264") {
      return codec
    }
    return own == AV_CODEC_ID_NONE ? nil : avcodec_find_encoder(own)
  }
}
