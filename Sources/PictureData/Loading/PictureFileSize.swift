import SystemIO

/// The size that a PNG, JPEG, BMP or WebP file gives at its beginning, so that a huge picture is known before
/// memory is taken for it.
struct PictureFileSize: Equatable {
  let width: Int
  let height: Int

  /// Nil if the file cannot be read, or is of another format: decoding finds out.
  init?(path: String) {
    guard let descriptor = try? Descriptor.openForReading(path, only: .regular) else { return nil }
    defer { descriptor.close() }
    let size = withUnsafeTemporaryAllocation(byteCount: 64, alignment: 8) { head -> PictureFileSize? in
      guard let count = try? descriptor.read(at: 0, into: head) else { return nil }
      let bytes = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(head)[..<count])
      if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return PictureFileSize(jpeg: descriptor) }
      return PictureFileSize(head: bytes)
    }
    guard let size else { return nil }
    self = size
  }

  private init(_ width: Int, _ height: Int) {
    self.width = width
    self.height = height
  }

  private init?(head bytes: UnsafeRawBufferPointer) {
    let little = ByteReader(bytes, .littleEndian)
    let big = ByteReader(bytes, .bigEndian)
    if big.integer(at: 0, byteCount: 4) == 0x8950_4E47 {
      guard let width = big.integer(at: 16, byteCount: 4), let height = big.integer(at: 20, byteCount: 4)
      else {
        return nil
      }
      self.init(width, height)
    } else if little.matches("BM", at: 0), let header = little.integer(at: 14, byteCount: 4), header >= 40 {
      guard let width = little.integer(at: 18, byteCount: 4),
        let height = little.integer(at: 22, byteCount: 4)
      else { return nil }
      // Both are signed; a negative height is that of a picture stored from the top down.
      self.init(
        Int(Int32(truncatingIfNeeded: width).magnitude), Int(Int32(truncatingIfNeeded: height).magnitude))
    } else if bytes.count >= 30, little.matches("RIFF", at: 0), little.matches("WEBP", at: 8) {
      func number(_ offset: Int, _ byteCount: Int) -> Int {
        little.integer(at: offset, byteCount: byteCount) ?? 0
      }
      switch bytes[15] {
      case UInt8(ascii: "X"): self.init(number(24, 3) + 1, number(27, 3) + 1)
      case UInt8(ascii: "L"):
        self.init(number(21, 4) & 0x3FFF + 1, number(21, 4) >> 14 & 0x3FFF + 1)
      default: self.init(number(26, 2) & 0x3FFF, number(28, 2) & 0x3FFF)
      }
    } else {
      return nil
    }
  }

  /// Goes through a JPEG file's segments to the frame header (SOF).
  private init?(jpeg descriptor: Descriptor) {
    var offset = 2
    for _ in 0..<1000 {
      let found = withUnsafeTemporaryAllocation(byteCount: 9, alignment: 8) {
        head -> (UInt8, Int, Int, Int)? in
        guard (try? descriptor.read(at: offset, into: head)) == 9, head[0] == 0xFF else { return nil }
        let reader = ByteReader(UnsafeRawBufferPointer(head), .bigEndian)
        func pair(_ offset: Int) -> Int { reader.integer(at: offset, byteCount: 2) ?? 0 }
        return (head[1], pair(2), pair(7), pair(5))
      }
      guard let (marker, length, width, height) = found else { return nil }
      switch marker {
      case 0xFF: offset += 1
      case 0xC4, 0xC8, 0xCC: offset += 2 + length
      case 0xC0...0xCF:
        self.init(width, height)
        return
      case 0xD9, 0xDA: return nil
      default: offset += 2 + length
      }
    }
    return nil
  }
}
