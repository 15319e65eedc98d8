import CFFmpeg

/// What a codec's packets show without being decoded: whether a picture comes of one, and whether a decoder may start
/// there.
struct PictureCoding {
  private enum Kind {
    /// Each packet is a picture of its own.
    case pictures
    /// Packets that are marked as key frames need none before them.
    case keyFrames
    case h264(lengthSize: Int?)
    case hevc(lengthSize: Int?)
    case vp8
    case vp9
  }

  private let kind: Kind

  /// Nil for a codec of which that is not known.
  init?(_ parameters: UnsafePointer<AVCodecParameters>) {
    let extradata = UnsafeRawBufferPointer(
      start: parameters.pointee.extradata, count: Int(max(parameters.pointee.extradata_size, 0)))
    switch parameters.pointee.codec_id {
    case AV_CODEC_ID_H264:
      // ISO/IEC 14496-15, 5.3.3: with a configuration record, NAL units follow their lengths.
      kind = .h264(lengthSize: extradata.count > 6 && extradata[0] == 1 ? Int(extradata[4] & 3) + 1 : nil)
    case AV_CODEC_ID_HEVC:
      kind = .hevc(lengthSize: extradata.count > 22 && extradata[0] == 1 ? Int(extradata[21] & 3) + 1 : nil)
    case AV_CODEC_ID_VP8: kind = .vp8
    case AV_CODEC_ID_VP9: kind = .vp9
    case AV_CODEC_ID_AV1, AV_CODEC_ID_MPEG4, AV_CODEC_ID_MPEG1VIDEO, AV_CODEC_ID_MPEG2VIDEO:
      kind = .keyFrames
    case let codec:
      guard let descriptor = avcodec_descriptor_get(codec),
        descriptor.pointee.props & AV_CODEC_PROP_INTRA_ONLY != 0
      else { return nil }
      kind = .pictures
    }
  }

  /// Whether a picture comes of the packet: VP8 and VP9 have frames that others refer to and nobody sees.
  func isShown(_ data: UnsafeRawBufferPointer) -> Bool {
    guard let first = data.first, let last = data.last else { return false }
    switch kind {
    // RFC 6386, 9.1.
    case .vp8: return first & 0x10 != 0
    case .vp9:
      // Several frames in one packet, the last of them shown (annex B).
      if last & 0xe0 == 0xc0 { return true }
      // Section 6.2, from the highest bit: marker, profile (and a reserved bit of the last one), then whether an earlier
      // frame is shown, the type, and whether this one is.
      let shift: UInt8 = first & 0x30 == 0x30 ? 1 : 0
      return first & (0x08 >> shift) != 0 || first & (0x02 >> shift) != 0
    default: return true
    }
  }

  /// Whether all pictures from this packet on, in the order of presentation, can be decoded without any before it.
  func isEntry(_ packet: CompressedPacket) -> Bool {
    switch kind {
    case .pictures: return true
    case .keyFrames, .vp8, .vp9: return packet.isKey
    // Also recovery points count as key frames, of which more than one picture may be needed before them.
    case .h264(let size): return packet.isKey && hasUnit(packet.data, size) { $0 & 0x1f == 5 }
    case .hevc(let size):
      return packet.isKey && hasUnit(packet.data, size) { (16...21).contains($0 >> 1 & 0x3f) }
    }
  }

  /// Whether there is a NAL unit with such a first byte.
  /// - Parameter lengthSize: bytes of the length before each unit; nil if start codes separate them.
  private func hasUnit(
    _ data: UnsafeRawBufferPointer, _ lengthSize: Int?, where isWanted: (UInt8) -> Bool
  ) -> Bool {
    var position = 0
    guard let lengthSize else {
      while position + 3 < data.count {
        if data[position + 2] > 1 {
          position += 3
        } else if data[position] == 0, data[position + 1] == 0, data[position + 2] == 1 {
          if isWanted(data[position + 3]) { return true }
          position += 4
        } else {
          position += 1
        }
      }
      return false
    }
    while position + lengthSize < data.count {
      let length = data[position..<position + lengthSize].reduce(0) { $0 << 8 | Int($1) }
      position += lengthSize
      if isWanted(data[position]) { return true }
      position += length
    }
    return false
  }
}
