import SystemIO

/// The first directory of bytes that are laid out as TIFF (TIFF 6.0, section 2), as Exif and its kin are.
struct TIFFDirectory {
  /// Reads the bytes from the TIFF header on, in the byte order that it gives.
  let reader: ByteReader
  private let start: Int
  private let entryCount: Int

  /// - Parameter bytes: from the TIFF header on.
  /// - Returns: nil if they end before the directory, or begin with no byte order.
  init?(_ bytes: ByteReader) {
    var reader = bytes
    guard bytes.matches("II", at: 0) || bytes.matches("MM", at: 0) else { return nil }
    reader.byteOrder = bytes.matches("II", at: 0) ? .littleEndian : .bigEndian
    guard let start = reader.integer(at: 4, byteCount: 4),
      let entryCount = reader.integer(at: start, byteCount: 2)
    else { return nil }
    self.reader = reader
    self.start = start
    self.entryCount = entryCount
  }

  /// The offset of the entry with this tag; nil if there is none. Its value or the value's offset is 8 bytes further.
  func entry(tag: Int) -> Int? {
    for number in 0..<entryCount {
      let offset = start + 2 + number * 12
      guard let found = reader.integer(at: offset, byteCount: 2) else { return nil }
      if found == tag { return offset }
    }
    return nil
  }
}
