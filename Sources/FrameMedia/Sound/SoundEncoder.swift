import CFFmpeg
import FrameStream
import SystemIO

/// Encodes samples as one sound track; its packets' times are in samples.
final class SoundEncoder {
  private let context: UnsafeMutablePointer<AVCodecContext>
  private let frame: UnsafeMutablePointer<AVFrame>
  /// A header before each packet of AAC, where the track's set-up is not beside it (ADTS).
  private let writesHeaders: Bool
  let sampleRate: Int
  let sampleFormat: AVSampleFormat
  /// Samples in a packet; 0 for as many as there are.
  var frameSize: Int { Int(context.pointee.frame_size) }
  /// Samples that decoders give out before the first that was encoded.
  var lead: Int { max(0, Int(context.pointee.initial_padding)) }

  /// - Parameters:
  ///   - form: codec, rate and channels; of a bit rate, block size or sample format that the encoder knows too.
  ///   - isFree: whether the encoder may come as close as it can to rate and channels.
  ///   - withHeader: whether the container has the set-up of its tracks at its beginning.
  /// - Throws: ``Failure`` if this FFmpeg cannot encode that.
  init(_ form: Track, isFree: Bool, withHeader: Bool, log: MediaLog) throws(Failure) {
    guard let descriptor = avcodec_descriptor_get_by_name(form.codec),
      let codec = avcodec_find_encoder(descriptor.pointee.id)
    else { throw Failure(.failed, step: "encoding", cause: "there is no encoder of \(form.codec)") }
    guard let wanted = form.sampleRate else {
      throw Failure(.failed, step: "encoding", cause: "the sample rate is unknown")
    }
    let rate = SoundEncoder.rate(wanted, of: codec)
    guard isFree || rate == wanted else {
      throw Failure(.failed, step: "encoding", cause: "\(form.codec) is not encoded at \(wanted) Hz")
    }
    guard let context = avcodec_alloc_context3(codec), let frame = av_frame_alloc() else {
      throw Failure(.failed, step: "encoding", cause: "out of memory")
    }
    self.context = context
    self.frame = frame
    sampleRate = rate
    sampleFormat = SoundEncoder.sampleFormat(form.sampleFormat, of: codec)
    writesHeaders = form.codec == "aac" && form.extradata.isEmpty && !isFree
    context.pointee.opaque = log.mark
    context.pointee.sample_rate = Int32(clamping: rate)
    context.pointee.sample_fmt = sampleFormat
    context.pointee.time_base = AVRational(num: 1, den: Int32(clamping: rate))
    form.chooseLayout(&context.pointee.ch_layout)
    let count = context.pointee.ch_layout.nb_channels
    if context.pointee.ch_layout.order == AV_CHANNEL_ORDER_UNSPEC {
      av_channel_layout_default(&context.pointee.ch_layout, count)
    }
    if isFree { SoundEncoder.fit(&context.pointee.ch_layout, to: codec) }
    let channels = max(1, Int(context.pointee.ch_layout.nb_channels))
    let isLossless = descriptor.pointee.props & AV_CODEC_PROP_LOSSY == 0
    if !isLossless {
      let usual = 64_000 * channels
      context.pointee.bit_rate = Int64(
        isFree ? usual : form.bitRate.map { max($0, 16_000 * channels) } ?? usual)
    }
    if let bits = form.bitsPerRawSample { context.pointee.bits_per_raw_sample = Int32(clamping: bits) }
    if !isFree, form.codec == "flac", let setup = FLACSetup(form.extradata) {
      context.pointee.frame_size = Int32(setup.largestBlock)
    }
    context.pointee.thread_count = 1
    context.pointee.flags |= Int32(AV_CODEC_FLAG_BITEXACT)
    if withHeader || !isFree { context.pointee.flags |= Int32(AV_CODEC_FLAG_GLOBAL_HEADER) }
    let result = avcodec_open2(context, codec, nil)
    guard result >= 0 else {
      throw Failure(.failed, step: "encoding", cause: log.takeErrors() ?? errorText(result))
    }
  }

  deinit {
    var frame: UnsafeMutablePointer<AVFrame>? = self.frame
    av_frame_free(&frame)
    var context: UnsafeMutablePointer<AVCodecContext>? = self.context
    avcodec_free_context(&context)
  }

  /// What the encoder writes, as a track.
  func track(id: Int, like source: Track) -> Track? {
    var parameters = avcodec_parameters_alloc()
    defer { avcodec_parameters_free(&parameters) }
    guard let parameters, avcodec_parameters_from_context(parameters, context) >= 0 else { return nil }
    var stream = AVStream()
    stream.codecpar = parameters
    stream.time_base = context.pointee.time_base
    var track = Track(stream, id: id)
    track?.codecTag = 0
    if writesHeaders { track?.extradata = [] }
    track?.disposition = source.disposition
    track?.metadata = source.metadata
    return track
  }

  var channelLayout: AVChannelLayout { context.pointee.ch_layout }

  /// Gives samples of the encoder's own format to `fill`, and then to the encoder.
  /// - Parameters:
  ///   - count: the number of samples of each channel.
  ///   - time: of the first sample, in samples.
  func encode(
    _ count: Int, at time: Int64, _ fill: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>) -> Void
  ) throws(Failure) {
    av_frame_unref(frame)
    frame.pointee.nb_samples = Int32(count)
    frame.pointee.format = sampleFormat.rawValue
    frame.pointee.sample_rate = context.pointee.sample_rate
    frame.pointee.pts = time
    var result = av_channel_layout_copy(&frame.pointee.ch_layout, &context.pointee.ch_layout)
    if result >= 0 { result = av_frame_get_buffer(frame, 0) }
    if result >= 0 {
      fill(frame.pointee.extended_data)
      result = avcodec_send_frame(context, frame)
    }
    guard result >= 0 else { throw Failure(.failed, step: "encoding sound", cause: errorText(result)) }
  }

  /// No more samples come.
  func drain() { avcodec_send_frame(context, nil) }

  /// Fills `packet`; false if there is none for now.
  func receive(_ packet: CompressedPacket) throws(Failure) -> Bool {
    let result = avcodec_receive_packet(context, packet.native)
    if result == -EAGAIN || result == fm_error_end { return false }
    guard result >= 0 else { throw Failure(.failed, step: "encoding sound", cause: errorText(result)) }
    if writesHeaders { try addHeader(packet) }
    return true
  }

  /// The seven bytes of ADTS (ISO/IEC 14496-3, 1.A.2.2.1).
  private func addHeader(_ packet: CompressedPacket) throws(Failure) {
    guard let extradata = context.pointee.extradata, context.pointee.extradata_size >= 2 else { return }
    let setup = AACSetup([extradata[0], extradata[1]])
    let size = packet.byteCount
    guard av_grow_packet(packet.native, 7) >= 0, let data = packet.native.pointee.data, size + 7 < 1 << 13
    else {
      throw Failure(.failed, step: "encoding sound", cause: "out of memory")
    }
    UnsafeMutableRawPointer(data + 7).copyMemory(from: data, byteCount: size)
    let length = size + 7
    let bytes: [Int] = [
      0xff, 0xf1, ((setup.objectType ?? 2) - 1) << 6 | setup.rate << 2 | setup.channels >> 2,
      setup.channels << 6 | length >> 11, length >> 3, length << 5 | 0x1f, 0xfc,
    ]
    for (index, byte) in bytes.enumerated() { data[index] = UInt8(truncatingIfNeeded: byte) }
  }

  // MARK: What an encoder takes

  /// The rate itself, or the lowest one above it, or the highest there is.
  private static func rate(_ wanted: Int, of codec: UnsafePointer<AVCodec>) -> Int {
    guard let list = fm_encoder_sample_rates(codec) else { return wanted }
    var offered: [Int] = []
    while list[offered.count] != 0 { offered.append(Int(list[offered.count])) }
    return offered.contains(wanted) ? wanted : offered.filter { $0 > wanted }.min() ?? offered.max() ?? wanted
  }

  private static func sampleFormat(_ name: String?, of codec: UnsafePointer<AVCodec>) -> AVSampleFormat {
    let wanted = name.map { av_get_sample_fmt($0) } ?? AV_SAMPLE_FMT_NONE
    guard let list = fm_encoder_sample_formats(codec) else {
      return wanted == AV_SAMPLE_FMT_NONE ? AV_SAMPLE_FMT_S16 : wanted
    }
    var offered: [AVSampleFormat] = []
    while list[offered.count] != AV_SAMPLE_FMT_NONE { offered.append(list[offered.count]) }
    if offered.contains(wanted) { return wanted }
    let packed = av_get_packed_sample_fmt(wanted)
    return offered.first { av_get_packed_sample_fmt($0) == packed } ?? offered.first ?? AV_SAMPLE_FMT_S16
  }

  /// Replaces a channel layout that an encoder does not know by the widest that it does, up to the same count.
  private static func fit(_ layout: inout AVChannelLayout, to codec: UnsafePointer<AVCodec>) {
    guard let list = fm_encoder_channel_layouts(codec) else { return }
    var best: AVChannelLayout?
    var index = 0
    while list[index].nb_channels > 0 {
      var offered = list[index]
      if av_channel_layout_compare(&offered, &layout) == 0 { return }
      if offered.nb_channels <= layout.nb_channels, offered.nb_channels > best?.nb_channels ?? 0 {
        best = offered
      }
      index += 1
    }
    guard var best = best ?? (index > 0 ? list[0] : nil) else { return }
    av_channel_layout_copy(&layout, &best)
  }
}
