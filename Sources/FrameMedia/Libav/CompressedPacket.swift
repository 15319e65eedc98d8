import CFFmpeg

/// One of libav's packets, freed with its object.
final class CompressedPacket {
  let native: UnsafeMutablePointer<AVPacket>

  /// An empty packet; nil if there is no memory for it.
  init?() {
    guard let native = av_packet_alloc() else { return nil }
    self.native = native
  }

  deinit {
    var native: UnsafeMutablePointer<AVPacket>? = self.native
    av_packet_free(&native)
  }

  var streamIndex: Int { Int(native.pointee.stream_index) }
  var byteCount: Int { Int(native.pointee.size) }
  /// Bytes of memory that it takes: its own, and about as many as libav takes for a packet, however small.
  var memorySize: Int { byteCount + 512 }
  var pts: Int? { native.pointee.pts == fm_no_timestamp ? nil : Int(native.pointee.pts) }
  var dts: Int? { native.pointee.dts == fm_no_timestamp ? nil : Int(native.pointee.dts) }
  var duration: Int? { native.pointee.duration > 0 ? Int(native.pointee.duration) : nil }
  var isKey: Bool { native.pointee.flags & AV_PKT_FLAG_KEY != 0 }
  /// Whether an edit list cuts it away: it is there for decoding only.
  var isCutAway: Bool { native.pointee.flags & AV_PKT_FLAG_DISCARD != 0 }
  var isCorrupt: Bool { native.pointee.flags & AV_PKT_FLAG_CORRUPT != 0 }
  var data: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: native.pointee.data, count: byteCount) }

  /// Multiplies its times, which are in other units than its stream says.
  func multiplyTimes(by factor: Int64) {
    if pts != nil { native.pointee.pts &*= factor }
    if dts != nil { native.pointee.dts &*= factor }
  }

  /// Whether a decoder needs it, whatever picture it has: it brings other settings.
  var changesDecoder: Bool {
    [AV_PKT_DATA_NEW_EXTRADATA, AV_PKT_DATA_PARAM_CHANGE, AV_PKT_DATA_PALETTE].contains {
      av_packet_get_side_data(native, $0, nil) != nil
    }
  }

  /// Whether it is still encrypted because there was no key (ISO/IEC 23001-7): the encryption is described beside it.
  var isEncrypted: Bool { av_packet_get_side_data(native, AV_PKT_DATA_ENCRYPTION_INFO, nil) != nil }

  /// AV_PKT_DATA_SKIP_SAMPLES: two little-endian numbers, then reasons.
  var skippedSamples: (start: Int, end: Int)? {
    var size = 0
    guard let side = av_packet_get_side_data(native, AV_PKT_DATA_SKIP_SAMPLES, &size), size >= 8 else {
      return nil
    }
    let numbers = UnsafeRawPointer(side)
    let start = UInt32(littleEndian: numbers.loadUnaligned(as: UInt32.self))
    let end = UInt32(littleEndian: numbers.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
    return (Int(start), Int(end))
  }
}
