import SystemIO

/// EXIF's orientation number of a WebP picture (RIFF chunk `EXIF`, TIFF tag 0x0112); nil if it has none.
///
/// FFmpeg's decoder does not take the `Exif\0\0` that most writers put before the TIFF header.
func webpOrientation(_ file: UnsafeRawBufferPointer) -> Int? {
  let file = ByteReader(file, .littleEndian)
  guard file.matches("RIFF", at: 0), file.matches("WEBP", at: 8) else { return nil }
  var chunk = 12
  while let size = file.integer(at: chunk + 4, byteCount: 4) {
    if file.matches("EXIF", at: chunk) {
      let header = chunk + 8 + (file.matches("Exif\0\0", at: chunk + 8) ? 6 : 0)
      guard header <= file.count, let bytes = file.slice(header..<file.count),
        let directory = TIFFDirectory(bytes), let entry = directory.entry(tag: 0x0112)
      else { return nil }
      return directory.reader.integer(at: entry + 8, byteCount: 2)
    }
    chunk += 8 + size + size % 2
  }
  return nil
}

extension Slice<UnsafeRawBufferPointer> {
  /// Whether a chunk of this name begins in these bytes.
  func containsChunk(_ name: StaticString) -> Bool {
    let reader = ByteReader(UnsafeRawBufferPointer(rebasing: self), .littleEndian)
    return (0..<count).contains { reader.matches(name, at: $0) }
  }
}
