import CFFmpeg
import FrameStream

extension Track {
  /// Describes a sound or subtitle stream as a track; nil for streams of another kind, or of a codec without a name.
  init?(_ stream: AVStream, id: Int) {
    let parameters = stream.codecpar.pointee
    let kind: String
    switch parameters.codec_type {
    case AVMEDIA_TYPE_AUDIO: kind = "audio"
    case AVMEDIA_TYPE_SUBTITLE: kind = "subtitle"
    default: return nil
    }
    guard let descriptor = avcodec_descriptor_get(parameters.codec_id) else { return nil }
    self.init(
      id: id, kind: kind, codec: String(cString: descriptor.pointee.name),
      timeBase: Rational(stream.time_base))
    if let data = parameters.extradata, parameters.extradata_size > 0 {
      extradata = Array(UnsafeBufferPointer(start: data, count: Int(parameters.extradata_size)))
    }
    func positive(_ number: some BinaryInteger) -> Int? { number > 0 ? Int(number) : nil }
    codecTag = parameters.codec_tag
    // -99 is FFmpeg's "unknown" (FF_PROFILE_UNKNOWN, FF_LEVEL_UNKNOWN).
    profile = parameters.profile == -99 ? nil : Int(parameters.profile)
    level = parameters.level == -99 ? nil : Int(parameters.level)
    bitRate = positive(parameters.bit_rate)
    if kind == "audio" {
      sampleFormat = av_get_sample_fmt_name(AVSampleFormat(rawValue: parameters.format)).map {
        String(cString: $0)
      }
      sampleRate = positive(parameters.sample_rate)
      channels = positive(parameters.ch_layout.nb_channels)
      var layout = parameters.ch_layout
      var buffer = [CChar](repeating: 0, count: 256)
      if av_channel_layout_describe(&layout, &buffer, buffer.count) > 0 {
        channelLayout = buffer.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
      }
      frameSize = positive(parameters.frame_size)
      blockAlign = positive(parameters.block_align)
      bitsPerCodedSample = positive(parameters.bits_per_coded_sample)
      bitsPerRawSample = positive(parameters.bits_per_raw_sample)
      initialPadding = positive(parameters.initial_padding)
      trailingPadding = positive(parameters.trailing_padding)
      seekPreroll = positive(parameters.seek_preroll)
    }
    for bit in 0..<31 where stream.disposition & (1 << bit) != 0 {
      if let name = av_disposition_to_string(1 << bit) { disposition.append(String(cString: name)) }
    }
    metadata = [Tag](stream.metadata).kept
  }

  /// Sets up a muxer's stream to carry the track's packets unchanged; false if this FFmpeg does not know the
  /// codec or a number does not fit.
  func apply(to stream: UnsafeMutablePointer<AVStream>) -> Bool {
    guard describe(stream.pointee.codecpar) else { return false }
    for name in disposition {
      let value = av_disposition_from_string(name)
      if value > 0 { stream.pointee.disposition |= value }
    }
    metadata.write(to: &stream.pointee.metadata)
    stream.pointee.time_base = timeBase.native
    return true
  }

  /// Describes the track's packets for a muxer or a decoder; false as for ``apply(to:)``.
  func describe(_ parameters: UnsafeMutablePointer<AVCodecParameters>) -> Bool {
    guard let descriptor = avcodec_descriptor_get_by_name(codec) else { return false }
    parameters.pointee.codec_id = descriptor.pointee.id
    parameters.pointee.codec_type = descriptor.pointee.type
    if !extradata.isEmpty {
      let padding = Int(AV_INPUT_BUFFER_PADDING_SIZE)
      guard let data = av_mallocz(extradata.count + padding) else { return false }
      data.copyMemory(from: extradata, byteCount: extradata.count)
      parameters.pointee.extradata = data.assumingMemoryBound(to: UInt8.self)
      parameters.pointee.extradata_size = Int32(clamping: extradata.count)
    }
    func number(_ value: Int?, _ missing: Int32 = 0) -> Int32 { value.map { Int32(clamping: $0) } ?? missing }
    parameters.pointee.profile = number(profile, -99)
    parameters.pointee.level = number(level, -99)
    parameters.pointee.bit_rate = Int64(bitRate ?? 0)
    if kind == "audio" {
      parameters.pointee.format = sampleFormat.map { av_get_sample_fmt($0).rawValue } ?? -1
      parameters.pointee.sample_rate = number(sampleRate)
      chooseLayout(&parameters.pointee.ch_layout)
      parameters.pointee.frame_size = number(frameSize)
      parameters.pointee.block_align = number(blockAlign)
      parameters.pointee.bits_per_coded_sample = number(bitsPerCodedSample)
      parameters.pointee.bits_per_raw_sample = number(bitsPerRawSample)
      parameters.pointee.initial_padding = number(initialPadding)
      parameters.pointee.trailing_padding = number(trailingPadding)
      parameters.pointee.seek_preroll = number(seekPreroll)
    }
    return true
  }

  /// The channel layout by its name, otherwise the usual one of that many channels.
  func chooseLayout(_ layout: inout AVChannelLayout) {
    if let channelLayout { av_channel_layout_from_string(&layout, channelLayout) }
    if layout.nb_channels == 0, let channels, (1...64).contains(channels) {
      av_channel_layout_default(&layout, Int32(channels))
    }
  }
}
