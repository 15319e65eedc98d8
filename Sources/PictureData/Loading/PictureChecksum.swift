/// The hashes of ``PictureCache``: against accidents, not against malice.
enum PictureChecksum {
  static func bytes(of value: UInt64) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  @inline(__always)
  private static func mix(_ state: UInt64, _ word: UInt64) -> UInt64 {
    // The two halves of a full product, as in wyhash.
    let product = (state ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return product.high ^ product.low &+ 0xD6E8_FEB8_6659_FD93
  }

  private static func hash(_ bytes: UnsafeRawBufferPointer, seed: UInt64) -> UInt64 {
    var state = mix(seed, UInt64(bytes.count))
    var offset = 0
    while offset + 8 <= bytes.count {
      state = mix(state, bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      offset += 8
    }
    var last: UInt64 = 0
    for byte in bytes[offset...] { last = last << 8 | UInt64(byte) }
    return mix(mix(state, last), seed)
  }

  static func hashes(of path: String) -> (UInt64, UInt64) {
    var path = path
    return path.withUTF8 { text in
      let bytes = UnsafeRawBufferPointer(text)
      return (hash(bytes, seed: 0x6A09_E667_F3BC_C908), hash(bytes, seed: 0xBB67_AE85_84CA_A73B))
    }
  }

  static func checksum(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    self.bytes(of: bytes.withUnsafeBytes { hash($0, seed: 0x3C6E_F372_FE94_F82B) })
  }

  static func checksum(ofRecord record: UnsafeRawBufferPointer) -> UInt64 {
    let head = hash(UnsafeRawBufferPointer(rebasing: record[..<40]), seed: 0xA54F_F53A_5F1D_36F1)
    return hash(UnsafeRawBufferPointer(rebasing: record[PictureCache.recordHeadLength...]), seed: head)
  }
}
