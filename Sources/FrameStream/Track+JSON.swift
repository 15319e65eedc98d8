import SystemIO

extension Track {
  /// Reads an element of the stream record's `tracks`.
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
    metadata = (json["metadata"]?.object?.fields ?? []).compactMap { field in
      field.value.string.map { (field.key, $0) }
    }
  }

  func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("id", id)
      writer.field("kind", kind)
      writer.field("codec", codec)
      writer.key("time_base")
      writer.value(timeBase)
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
      if !metadata.isEmpty {
        writer.key("metadata")
        writer.object { writer in
          for entry in metadata {
            writer.key(entry.key)
            writer.value(entry.value)
          }
        }
      }
    }
  }
}

/// Base64 (RFC 4648, section 4, with padding), for bytes that travel in a JSON line.
public enum Base64 {
  private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  public static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let bits = (0..<3).reduce(0) { $0 << 8 | ($1 < group.count ? Int(group[start + $1]) : 0) }
      for digit in 0..<4 {
        text.append(digit <= group.count ? digits[bits >> (18 - 6 * digit) & 63] : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Nil if the text is not Base64.
  public static func decode(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    var bits = 0
    var count = 0
    var padding = 0
    guard text.utf8.count % 4 == 0 else { return nil }
    for byte in text.utf8 {
      if byte == UInt8(ascii: "=") {
        padding += 1
        bits <<= 6
      } else {
        guard padding == 0, let value = value(of: byte) else { return nil }
        bits = bits << 6 | value
      }
      count += 1
      if count % 4 == 0 {
        guard padding <= 2 else { return nil }
        for index in 0..<3 - padding { bytes.append(UInt8(truncatingIfNeeded: bits >> (16 - 8 * index))) }
        bits = 0
      }
    }
    return bytes
  }

  private static func value(of byte: UInt8) -> Int? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(byte - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(byte - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
