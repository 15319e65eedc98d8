import CFFmpeg
import FrameStream
import SystemIO

/// One encoder and the pictures that wait in it.
final class PictureEncoder {
  private let context: UnsafeMutablePointer<AVCodecContext>
  /// The layout and range the encoder was opened for.
  let layout: PictureLayout
  let range: ColorRange
  private let fitting: PictureFitting
  private let name: String
  private let log: MediaLog
  /// What somebody should know of how pictures are encoded, for each that has it; empty for nothing.
  private(set) var remarks: [String] = []
  /// Whether the encoder takes closed captions.
  let takesCaptions: Bool
  /// Durations of pictures inside the encoder, by their time: not all encoders carry them along.
  private var durations: [(pts: Int64, duration: Int64)] = []

  init(
    _ settings: Settings, video: VideoDescription, layout: PictureLayout, name: String, log: MediaLog
  ) throws(Failure) {
    self.name = name
    self.log = log
    self.layout = layout
    range = video.colorRange
    let codecName = String(cString: settings.codec.pointee.name)
    let target = encodedFormat(
      settings.codec, layout, video.colorRange, isPicture: settings.isSinglePicture, among: settings.formats)
    guard let context = avcodec_alloc_context3(settings.codec) else {
      throw Failure(.failed, step: "encoding", subject: name, cause: "out of memory")
    }
    self.context = context
    context.pointee.opaque = log.mark
    context.pointee.width = Int32(target.width)
    context.pointee.height = Int32(target.height)
    context.pointee.pix_fmt = target.format
    context.pointee.time_base = settings.timeBase.native
    if let rate = video.frameRate, rate.isPositive { context.pointee.framerate = rate.native }
    if let ratio = video.sampleAspectRatio, ratio.isPositive {
      context.pointee.sample_aspect_ratio = ratio.native
    }
    context.pointee.color_range = target.isFullRange ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG
    let matrix = ColorMatrix(named: video.colorSpace)
    let targetMatrix = PictureEncoder.matrix(settings, video, layout, target)
    if target.format.isYUV {
      var described = video
      if layout.format == .rgb24, !settings.isSinglePicture {
        // Some containers keep none of the three if one is missing.
        described.colorPrimaries = video.colorPrimaries ?? targetMatrix.conventionalName
        described.colorTransfer = video.colorTransfer ?? targetMatrix.conventionalName
      }
      PictureEncoder.describeColor(described, context)
      if targetMatrix != matrix || layout.format == .rgb24 { context.pointee.colorspace = targetMatrix.space }
    }
    context.pointee.thread_count = settings.isSinglePicture ? 1 : FFmpegLibrary.threads(settings.threads)
    if settings.hasGlobalHeader { context.pointee.flags |= Int32(AV_CODEC_FLAG_GLOBAL_HEADER) }
    if !settings.allowsReordering || settings.live { context.pointee.max_b_frames = 0 }
    if target.format.isFullRangeByName || target.isFullRange {
      // Full-range JPEG in the plain formats counts as unofficial.
      context.pointee.strict_std_compliance = FF_COMPLIANCE_UNOFFICIAL
    }
    PictureEncoder.setQuality(settings, codecName, context)
    takesCaptions = context.pointee.priv_data.map { av_opt_find($0, "a53cc", nil, 0, 0) != nil } ?? false
    if let transfer = video.colorTransfer, ["smpte2084", "arib-std-b67"].contains(transfer) {
      if settings.isSinglePicture {
        remarks.append(
          "high dynamic range (\(transfer)) goes into the picture as it is; most viewers show it pale")
      } else if target.format.bitDepth == 8 {
        remarks.append(
          "high dynamic range (\(transfer)) in eight bits a sample shows steps; its tags are kept")
      }
    }
    var dictionary: OpaquePointer?
    defer { av_dict_free(&dictionary) }
    for (key, value) in settings.options { av_dict_set(&dictionary, key, value, 0) }
    do throws(Failure) {
      fitting = try PictureFitting(
        from: layout, isFullRange: video.colorRange == .pc, to: target, showing: layout, matrix: matrix,
        targetMatrix: targetMatrix)
    } catch {
      var none: UnsafeMutablePointer<AVCodecContext>? = context
      avcodec_free_context(&none)
      throw error.within(name)
    }
    // From here on deinit frees the context.
    let result = avcodec_open2(context, settings.codec, &dictionary)
    guard result >= 0 else {
      throw Failure(
        .failed, step: "encoding with \(codecName)", subject: name,
        cause: log.takeErrors() ?? errorText(result))
    }
    // What the encoder has not taken stays in the dictionary.
    if let unknown = av_dict_get(dictionary, "", nil, AV_DICT_IGNORE_SUFFIX) {
      throw Failure(
        .usage, step: "encoding with \(codecName)", subject: name,
        cause: "it has no option \"\(String(cString: unknown.pointee.key))\"")
    }
  }

  deinit {
    var context: UnsafeMutablePointer<AVCodecContext>? = self.context
    avcodec_free_context(&context)
  }

  /// The matrix of the encoded YUV: that of the stream, or, where the stream has RGB, the one that players assume by the
  /// size. Readers of picture files, and of Motion JPEG, know one only.
  private static func matrix(
    _ settings: Settings, _ video: VideoDescription, _ layout: PictureLayout, _ target: PictureGeometry
  ) -> ColorMatrix {
    let own = ColorMatrix(named: video.colorSpace)
    guard target.format.isYUV, layout.format != .gray else { return own }
    let codec = settings.codec.pointee.id
    let saysItsMatrix = [AV_CODEC_ID_AV1, AV_CODEC_ID_H264, AV_CODEC_ID_HEVC].contains(codec)
    if codec == AV_CODEC_ID_MJPEG || codec == AV_CODEC_ID_WEBP || settings.isSinglePicture && !saysItsMatrix {
      return .pictureFile
    }
    return layout.format == .rgb24 ? .conventional(width: video.width, height: video.height) : own
  }

  private static func describeColor(
    _ video: VideoDescription, _ context: UnsafeMutablePointer<AVCodecContext>
  ) {
    if let name = video.colorSpace, case let value = av_color_space_from_name(name), value >= 0 {
      context.pointee.colorspace = AVColorSpace(rawValue: UInt32(value))
    }
    if let name = video.colorPrimaries, case let value = av_color_primaries_from_name(name), value >= 0 {
      context.pointee.color_primaries = AVColorPrimaries(rawValue: UInt32(value))
    }
    if let name = video.colorTransfer, case let value = av_color_transfer_from_name(name), value >= 0 {
      context.pointee.color_trc = AVColorTransferCharacteristic(rawValue: UInt32(value))
    }
    if let name = video.chromaLocation, case let value = av_chroma_location_from_name(name), value >= 0 {
      context.pointee.chroma_sample_location = AVChromaLocation(rawValue: UInt32(value))
    }
  }

  /// Defaults measured to keep luma above 38 dB on camera material; presets that keep up with decoding.
  private static func setQuality(
    _ settings: Settings, _ codec: String, _ context: UnsafeMutablePointer<AVCodecContext>
  ) {
    let priv = context.pointee.priv_data
    func set(_ key: String, _ value: String) { _ = av_opt_set(priv, key, value, 0) }
    switch codec {
    case "libx264", "libx264rgb", "libx265":
      set("preset", "veryfast")
      if settings.live { set("tune", "zerolatency") }
      if codec == "libx265" { set("x265-params", "log-level=error") }
    case "libvpx", "libvpx-vp9":
      set("deadline", settings.live ? "realtime" : "good")
      set("cpu-used", settings.live ? "8" : "4")
      set("row-mt", "1")
    case "libaom-av1": set("cpu-used", "8")
    case "libsvtav1": set("preset", "9")
    case "libwebp", "libwebp_anim": set("quality", "\(settings.quality ?? 92)")
    default: break
    }
    if let bitRate = settings.bitRate {
      context.pointee.bit_rate = Int64(bitRate)
    } else if priv != nil, av_opt_find(priv, "crf", nil, 0, 0) != nil {
      let defaults = ["libx264": 18.0, "libx264rgb": 18, "libx265": 19]
      set("crf", "\(settings.quality ?? defaults[codec] ?? 24)")
      context.pointee.bit_rate = 0
    } else if !codec.hasPrefix("libwebp") {
      context.pointee.flags |= Int32(AV_CODEC_FLAG_QSCALE)
      let quality = settings.quality.flatMap { $0.isFinite ? $0 : nil } ?? 2
      let scale = max(0, min(quality, 100)) * Double(FF_QP2LAMBDA)
      context.pointee.global_quality = Int32(scale)
    }
  }

  /// Describes the encoded pictures in a muxer's terms.
  func describe(_ parameters: UnsafeMutablePointer<AVCodecParameters>) {
    avcodec_parameters_from_context(parameters, context)
  }

  /// Takes a packed picture in.
  /// - Parameters:
  ///   - layout: the encoder's own or another one, which is then fitted into the encoder's size.
  ///   - pts: in the encoder's time base, later than the one before.
  func send(
    _ picture: UnsafePointer<UInt8>, _ layout: PictureLayout, _ range: ColorRange, pts: Int64,
    duration: Int64, captions: [UInt8] = []
  ) throws(Failure) {
    do throws(Failure) {
      let frame = try fitting.frame(for: picture, layout, isFullRange: range == .pc)
      frame.pointee.pts = pts
      frame.pointee.pict_type = AV_PICTURE_TYPE_NONE
      frame.pointee.quality = context.pointee.global_quality
      frame.pointee.sample_aspect_ratio = context.pointee.sample_aspect_ratio
      if takesCaptions { PictureEncoder.attach(captions, to: frame) }
      if duration > 0 { durations.append((pts, duration)) }
      let result = avcodec_send_frame(context, frame)
      guard result >= 0 else {
        throw Failure(.failed, step: "encoding", cause: log.takeErrors() ?? errorText(result))
      }
    } catch {
      throw error.within(name)
    }
  }

  /// Sets a frame's closed captions; frames are used again.
  private static func attach(_ captions: [UInt8], to frame: UnsafeMutablePointer<AVFrame>) {
    av_frame_remove_side_data(frame, AV_FRAME_DATA_A53_CC)
    guard !captions.isEmpty,
      let side = av_frame_new_side_data(frame, AV_FRAME_DATA_A53_CC, captions.count)
    else { return }
    captions.withUnsafeBytes {
      UnsafeMutableRawPointer(side.pointee.data).copyMemory(from: $0.baseAddress!, byteCount: $0.count)
    }
  }

  /// No more pictures come.
  func drain() { avcodec_send_frame(context, nil) }

  /// Fills `packet`, its duration set where it is known; false if the encoder has none for now.
  func receive(_ packet: UnsafeMutablePointer<AVPacket>) throws(Failure) -> Bool {
    let result = avcodec_receive_packet(context, packet)
    if result == -EAGAIN || result == fm_error_end { return false }
    guard result >= 0 else {
      throw Failure(
        .failed, step: "encoding", subject: name, cause: log.takeErrors() ?? errorText(result))
    }
    if let index = durations.firstIndex(where: { $0.pts == packet.pointee.pts }) {
      packet.pointee.duration = durations.remove(at: index).duration
    }
    // Pictures that the encoder dropped would otherwise stay forever.
    if durations.count > 1024 { durations.removeFirst() }
    return true
  }
}

/// The format an encoder gets for pictures of a layout: the same where it takes it, otherwise the closest.
private func encodedFormat(
  _ codec: UnsafePointer<AVCodec>, _ layout: PictureLayout, _ range: ColorRange, isPicture: Bool,
  among formats: [AVPixelFormat]?
) -> PictureGeometry {
  var offered = formats ?? []
  if formats == nil, let list = fm_encoder_pixel_formats(codec) {
    var index = 0
    while list[index] != AV_PIX_FMT_NONE {
      // swscale writes no palettes; GIF's are made here.
      if list[index] != AV_PIX_FMT_PAL8 { offered.append(list[index]) }
      index += 1
    }
  }
  let isH26x = ["libx264", "libx265", "libopenh264"].contains(String(cString: codec.pointee.name))
  var wanted = layout.format
  // Few players show gray or RGB in these; luma stays as it is in 4:2:0.
  let isForPlayers =
    isH26x || [AV_CODEC_ID_VP8, AV_CODEC_ID_VP9, AV_CODEC_ID_AV1].contains(codec.pointee.id)
  if isForPlayers, wanted == .gray || wanted == .rgb24 { wanted = .yuv420p }
  var (width, height) = (layout.width, layout.height)
  if isH26x {
    // These want whole chroma samples. Few players show H.264 with chroma for every pixel, so the picture grows by a
    // column or row rather than lose one.
    let chroma = wanted.native.chromaShifts
    if chroma.width > 0 { width += width % 2 }
    if chroma.height > 0 { height += height % 2 }
  }
  var isFullRange = range == .pc
  if layout.format == .rgb24 { isFullRange = false }
  var format = wanted.native
  if codec.pointee.id == AV_CODEC_ID_GIF {
    // The few fixed colors of its other formats are far from those of a film.
    format = AV_PIX_FMT_PAL8
  } else if !offered.isEmpty, !offered.contains(format) {
    let full = offered.first { $0.isFullRangeByName && $0.plain == format }
    if let full {
      format = full
    } else {
      var loss: Int32 = 0
      let list = offered + [AV_PIX_FMT_NONE]
      format = list.withUnsafeBufferPointer {
        avcodec_find_best_pix_fmt_of_list($0.baseAddress!, layout.format.native, 0, &loss)
      }
    }
  }
  // JPEG is full range, whatever came in (JFIF 1.02).
  let onlyFull = offered.contains { $0.isFullRangeByName } && codec.pointee.id == AV_CODEC_ID_MJPEG
  if onlyFull, format.isYUV {
    isFullRange = true
    if let full = offered.first(where: { $0.isFullRangeByName && $0.plain == format }) { format = full }
  }
  if codec.pointee.id == AV_CODEC_ID_WEBP, format.isYUV { isFullRange = false }
  // Picture files in gray or RGB say nothing of a range: it is full. Video in gray may.
  if !format.isYUV { isFullRange = isPicture || layout.format != .gray || range == .pc }
  return PictureGeometry(format: format, width: width, height: height, isFullRange: isFullRange)
}
