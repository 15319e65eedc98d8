import SystemIO

extension Track {
  /// Reads an element of the stream record's `tracks`.
  /// - Throws: `Failure` (`badInput`) naming the track and the wrong key.
  init(json: JSONValue) throws(Failure) {
    guard let id = json["id"]?.int, id > 0, id <= Int32.max else {
      throw StreamHeader.fail("a track's \"id\" is not a positive number")
    }
    func fail(_ cause: String) -> Failure { StreamHeader.fail("track \(id): \(cause)") }
    guard let kind = json["kind"]?.string, let codec = json["codec"]?.string else {
      throw fail("\"kind\" or \"codec\" is missing")
    }
    self.init(
      id: id, kind: kind, codec: codec,
      timeBase: try Rational(json: json["time_base"], "time_base") ?? Rational(1, 1_000_000))
    guard timeBase.numerator > 0 else { throw fail("\"time_base\" is not positive") }
    if let text = json["extradata"]?.string {
      guard let bytes = Base64.decode(text) else { throw fail("\"extradata\" is not Base64") }
      extradata = bytes
    }
    func number(_ key: String) throws(Failure) -> Int? {
      guard let value = json[key], !value.isNull else { return nil }
      // FFmpeg keeps these in 32 bits, but for the bit rate.
      guard let number = value.int, number >= Int32.min,
        number <= (key == "bit_rate" ? Int.max : Int(Int32.max))
      else { throw fail("\"\(key)\" is not a whole number of 32 bits") }
      return number
    }
    if let tag = json["codec_tag"], !tag.isNull {
      guard let tag = tag.int.flatMap({ UInt32(exactly: $0) }) else {
        throw fail("\"codec_tag\" is not a number of 32 bits")
      }
      codecTag = tag
    }
    profile = try number("profile")
    level = try number("level")
    bitRate = try number("bit_rate")
    sampleFormat = json["sample_format"]?.string
    sampleRate = try number("sample_rate")
    channels = try number("channels")
    channelLayout = json["channel_layout"]?.string
    frameSize = try number("frame_size")
    blockAlign = try number("block_align")
    bitsPerCodedSample = try number("bits_per_coded_sample")
    bitsPerRawSample = try number("bits_per_raw_sample")
    initialPadding = try number("initial_padding")
    trailingPadding = try number("trailing_padding")
    seekPreroll = try number("seek_preroll")
    disposition = json["disposition"]?.array?.compactMap(\.string) ?? []
    metadata = [Tag](json: json["metadata"])
  }

  /// Writes the object that ``init(json:)`` reads.
  func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("id", id)
      writer.field("kind", kind)
      writer.field("codec", codec)
      writer.field("time_base", timeBase)
      writer.field("extradata", extradata.isEmpty ? nil : Base64.encode(extradata))
      writer.field("codec_tag", codecTag == 0 ? nil : Int(codecTag))
      writer.field("profile", profile)
      writer.field("level", level)
      writer.field("bit_rate", bitRate)
      writer.field("sample_format", sampleFormat)
      writer.field("sample_rate", sampleRate)
      writer.field("channels", channels)
      writer.field("channel_layout", channelLayout)
      writer.field("frame_size", frameSize)
      writer.field("block_align", blockAlign)
      writer.field("bits_per_coded_sample", bitsPerCodedSample)
      writer.field("bits_per_raw_sample", bitsPerRawSample)
      writer.field("initial_padding", initialPadding)
      writer.field("trailing_padding", trailingPadding)
      writer.field("seek_preroll", seekPreroll)
      if !disposition.isEmpty {
        writer.key("disposition")
        writer.array { writer in for name in disposition { writer.value(name) } }
      }
      metadata.write("metadata", to: &writer)
    }
  }
}
