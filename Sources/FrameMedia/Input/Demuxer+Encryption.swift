import CFFmpeg
import SystemIO

extension Demuxer {
  /// Whether the container says that a stream's packets are encrypted and libav has no key.
  func isEncrypted(_ stream: UnsafeMutablePointer<AVStream>) -> Bool {
    // MP4's tag of a protected sample entry (ISO/IEC 14496-12, 8.12), "encv" read as a little-endian number.
    if stream.pointee.codecpar.pointee.codec_tag == 0x7663_6e65 { return !hasKey }
    // Matroska's ContentEncKeyID: libav has it for those who decrypt themselves.
    return formatName.contains("matroska")
      && av_dict_get(stream.pointee.metadata, "enc_key_id", nil, 0) != nil
  }

  /// Whether a file is an MPEG transport stream with scrambled video, judging by its beginning.
  func isScrambled(_ stream: UnsafeMutablePointer<AVStream>) -> Bool {
    guard formatName == "mpegts", let beginning = channel?.beginning(1 << 20) else { return false }
    return beginning.withUnsafeBytes { isTransportScrambled($0, packetIdentifier: Int(stream.pointee.id)) }
  }

  func encryptionFailure(canTakeKey: Bool) -> Failure {
    Failure(
      .badInput, step: "cannot decode", subject: name,
      cause: canTakeKey ? "the video is encrypted and no key was given" : "the video is encrypted")
  }
}

/// Whether most of a transport stream's packets of one PID that carry something say that it is scrambled
/// (ISO/IEC 13818-1, 2.4.3.3): libav does not report it, and finds no picture in them.
func isTransportScrambled(_ bytes: UnsafeRawBufferPointer, packetIdentifier: Int) -> Bool {
  // Alone, with the time of arrival before it (M2TS), and with check bytes after it.
  for size in [188, 192, 204] {
    for start in 0..<min(size, bytes.count) {
      let places = stride(from: start, to: bytes.count - 3, by: size)
      // Fewer than three may match by chance.
      guard start + 2 * size < bytes.count - 3, places.prefix(16).allSatisfy({ bytes[$0] == 0x47 }) else {
        continue
      }
      var (scrambled, plain) = (0, 0)
      for place in places where bytes[place] == 0x47 {
        let identifier = Int(bytes[place + 1] & 0x1f) << 8 | Int(bytes[place + 2])
        guard identifier == packetIdentifier, bytes[place + 3] & 0x10 != 0 else { continue }
        if bytes[place + 3] & 0xc0 != 0 { scrambled += 1 } else { plain += 1 }
      }
      return scrambled > plain
    }
  }
  return false
}
