import SystemIO

/// The size that a PNG, JPEG, BMP or WebP file gives at its beginning, so that a huge picture is known before
/// memory is taken for it.
struct PictureFileSize: Equatable {
  let width: Int
  let height: Int

  /// Nil if the file cannot be read, or is of another format: decoding tells.
  init?(path: String) {
    guard let descriptor = try? Descriptor.openForReading(path) else { return nil }
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

  private init?(head: UnsafeRawBufferPointer) {
    func little(_ offset: Int, _ count: Int) -> Int {
      (0..<count).reduce(0) { $0 | Int(head[offset + $1]) << (8 * $1) }
    }
    func big(_ offset: Int) -> Int { (0..<4).reduce(0) { $0 << 8 | Int(head[offset + $1]) } }
    if head.starts(with: [0x89, 0x50, 0x4E, 0x47]), head.count >= 24 {
      self.init(big(16), big(20))
    } else if head.starts(with: [0x42, 0x4D]), head.count >= 26, little(14, 4) >= 40 {
      let height = Int(Int32(truncatingIfNeeded: little(22, 4)))
      self.init(Int(Int32(truncatingIfNeeded: little(18, 4))).magnitudeInt, height.magnitudeInt)
    } else if head.count >= 30, head[..<4].elementsEqual([0x52, 0x49, 0x46, 0x46]),
      head[8..<12].elementsEqual([0x57, 0x45, 0x42, 0x50])
    {
      switch head[15] {
      case UInt8(ascii: "X"): self.init(little(24, 3) + 1, little(27, 3) + 1)
      case UInt8(ascii: "L"): self.init(little(21, 4) & 0x3FFF + 1, little(21, 4) >> 14 & 0x3FFF + 1)
      default: self.init(little(26, 2) & 0x3FFF, little(28, 2) & 0x3FFF)
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
        func pair(_ place: Int) -> Int { Int(head[place]) << 8 | Int(head[place + 1]) }
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

extension Int {
  fileprivate var magnitudeInt: Int { self < 0 ? -self : self }
}
