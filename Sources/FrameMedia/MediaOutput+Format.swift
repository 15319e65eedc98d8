import CFFmpeg
import FrameStream
import SystemIO

extension MediaOutput {
  /// The container: by the option, or by the name.
  static func format(_ name: String, _ options: MediaOutputOptions) throws(Failure) -> UnsafePointer<
    AVOutputFormat
  > {
    if let wanted = options.format {
      guard let format = av_guess_format(wanted, nil, nil) else {
        throw Failure(
          .usage, step: "cannot write", subject: name, cause: "FFmpeg here has no output format \(wanted)")
      }
      return format
    }
    // One picture goes through our own descriptor, a sequence through libav's own files.
    if MediaFormat.isPictureFile(name) || MediaFormat.isSequencePattern(name) {
      let single = !MediaFormat.isSequencePattern(name)
      if let format = av_guess_format(single ? "image2pipe" : "image2", nil, nil) { return format }
    }
    guard let format = av_guess_format(nil, name, nil) else {
      throw Failure(
        .usage, step: "cannot write", subject: name,
        cause: "its name does not say which format to write; name one with --format")
    }
    return format
  }

  static func settings(
    _ name: String, _ format: UnsafePointer<AVOutputFormat>, _ video: VideoDescription,
    _ options: MediaOutputOptions
  ) throws(Failure) -> PictureEncoder.Settings {
    let formatName = String(cString: format.pointee.name)
    let isSequence = formatName == "image2"
    let isSingle = formatName == "image2pipe" && MediaFormat.isPictureFile(name)
    guard let codec = encoder(name, format, options) else {
      throw Failure(
        .usage, step: "cannot write", subject: name,
        cause: options.codec.map { "FFmpeg here has no video encoder \($0)" }
          ?? "FFmpeg here has no encoder for \(formatName)")
    }
    if let quality = options.quality, let range = qualities(of: codec), !range.contains(quality) {
      throw Failure(
        .usage, step: "cannot write", subject: name,
        cause: "the quality of \(String(cString: codec.pointee.name)) is from 0 to \(Int(range.upperBound))")
    }
    var timeBase = video.timeBase.isPositive ? video.timeBase : Rational(1, 25)
    let given = video.frameRate.flatMap { $0.isPositive ? $0 : nil }
    let rate = given ?? Rational(min(60, max(1, timeBase.denominator)), max(1, timeBase.numerator))
    // Containers of a fixed rate count frames, not time.
    let isFixed = format.pointee.flags & (AVFMT_VARIABLE_FPS | AVFMT_NOTIMESTAMPS) == 0
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
    return PictureEncoder.Settings(
      codec: codec, timeBase: timeBase, quality: options.quality, bitRate: options.bitRate,
      threads: options.threads, live: options.live,
      hasGlobalHeader: format.pointee.flags & AVFMT_GLOBALHEADER != 0,
      isSinglePicture: isSingle || isSequence,
      formats: countsFrames ? planarFormats : nil,
      // AVI has one time a frame.
      allowsReordering: formatName != "avi", options: options.encoderOptions)
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
    // x264 and x265 say of their quantisers, which end at 51 with eight bits, that any number is one.
    return 0...(factor.pointee.max <= 100 ? factor.pointee.max : 51)
  }

  /// The encoder asked for; else H.264 where FFmpeg and the container have it; else the container's own choice.
  private static func encoder(
    _ name: String, _ format: UnsafePointer<AVOutputFormat>, _ options: MediaOutputOptions
  ) -> UnsafePointer<AVCodec>? {
    func isVideo(_ codec: UnsafePointer<AVCodec>?) -> UnsafePointer<AVCodec>? {
      codec?.pointee.type == AVMEDIA_TYPE_VIDEO ? codec : nil
    }
    if let wanted = options.codec {
      if let codec = isVideo(avcodec_find_encoder_by_name(wanted)) { return codec }
      guard let descriptor = avcodec_descriptor_get_by_name(wanted) else { return nil }
      return isVideo(avcodec_find_encoder(descriptor.pointee.id))
    }
    let formatName = String(cString: format.pointee.name)
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
