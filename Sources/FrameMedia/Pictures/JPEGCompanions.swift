import SystemIO

/// Finds which JPEG pictures in a row belong to the one before them: other views of its scene, a depth or a gain map.
struct JPEGCompanions {
  /// How many of the next pictures belong to the last one.
  private var expected = 0

  /// Whether the picture belongs to one before it and is not a picture of its own.
  mutating func claims(_ data: UnsafeRawBufferPointer) -> Bool {
    if expected > 0 {
      expected -= 1
      return true
    }
    expected = jpegCompanionCount(data)
    return false
  }
}

/// How many pictures belong to a JPEG picture and follow it in its file, by its multi-picture segment (CIPA DC-007).
/// 0 for any other data.
func jpegCompanionCount(_ data: UnsafeRawBufferPointer) -> Int {
  let file = ByteReader(data, .bigEndian)
  guard file.integer(at: 0, byteCount: 2) == 0xFFD8 else { return 0 }
  var offset = 2
  // Segments up to the first scan: marker, length, contents.
  while let marker = file.integer(at: offset, byteCount: 2), marker >> 8 == 0xFF, marker != 0xFFDA,
    let length = file.integer(at: offset + 2, byteCount: 2)
  {
    guard length >= 2 else { return 0 }
    let contents = offset + 4
    let end = min(offset + 2 + length, file.count)
    if marker == 0xFFE2, contents + 4 <= end, file.matches("MPF\0", at: contents),
      let index = file.slice(contents + 4..<end)
    {
      let count = multiPictureCount(index)
      if count > 1 { return count - 1 }
    }
    offset += 2 + length
  }
  return 0
}

/// The number of pictures in the index, which only the first of them has; it is laid out as TIFF is.
private func multiPictureCount(_ index: ByteReader) -> Int {
  guard let directory = TIFFDirectory(index), let entry = directory.entry(tag: 0xB001) else { return 0 }
  return min(directory.reader.integer(at: entry + 8, byteCount: 4) ?? 0, 1000)
}
