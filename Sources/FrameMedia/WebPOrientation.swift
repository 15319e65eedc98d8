/// EXIF's orientation number of a WebP picture (RIFF chunk `EXIF`, TIFF tag 0x0112); nil if it has none.
///
/// FFmpeg's decoder does not take the `Exif\0\0` that most writers put before the TIFF header.
func webpOrientation(_ file: UnsafeRawBufferPointer) -> Int? {
  func matches(_ offset: Int, _ text: StaticString) -> Bool {
    guard offset >= 0, offset <= file.count - text.utf8CodeUnitCount else { return false }
    return (0..<text.utf8CodeUnitCount).allSatisfy { file[offset + $0] == text.utf8Start[$0] }
  }
  func number(_ offset: Int, bytes: Int, littleEndian: Bool) -> Int? {
    guard offset >= 0, offset <= file.count - bytes else { return nil }
    return (0..<bytes).reduce(0) { $0 << 8 | Int(file[offset + (littleEndian ? bytes - 1 - $1 : $1)]) }
  }
  guard matches(0, "RIFF"), matches(8, "WEBP") else { return nil }
  var chunk = 12
  while let size = number(chunk + 4, bytes: 4, littleEndian: true) {
    if matches(chunk, "EXIF") {
      let tiff = chunk + 8 + (matches(chunk + 8, "Exif\0\0") ? 6 : 0)
      let little = matches(tiff, "II")
      guard little || matches(tiff, "MM"),
        let directory = number(tiff + 4, bytes: 4, littleEndian: little),
        let count = number(tiff + directory, bytes: 2, littleEndian: little)
      else { return nil }
      for entry in 0..<count {
        let place = tiff + directory + 2 + entry * 12
        guard let tag = number(place, bytes: 2, littleEndian: little) else { return nil }
        if tag == 0x0112 { return number(place + 8, bytes: 2, littleEndian: little) }
      }
      return nil
    }
    chunk += 8 + size + size % 2
  }
  return nil
}

extension Slice<UnsafeRawBufferPointer> {
  /// Whether a chunk of this name begins in these bytes.
  func containsChunk(_ name: StaticString) -> Bool {
    guard count >= 4 else { return false }
    return (startIndex...endIndex - 4).contains { start in
      (0..<4).allSatisfy { self[start + $0] == name.utf8Start[$0] }
    }
  }
}
