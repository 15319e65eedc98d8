/// How many pictures belong to a JPEG picture and follow it in its file, by its multi-picture segment (CIPA DC-007):
/// other views of the scene, a depth or a gain map. 0 for any other data.
func jpegCompanionCount(_ data: UnsafeRawBufferPointer) -> Int {
  guard data.starts(with: [0xFF, 0xD8]) else { return 0 }
  var place = 2
  // Segments up to the first scan: marker, length, contents.
  while place + 4 <= data.count, data[place] == 0xFF, data[place + 1] != 0xDA {
    let length = Int(data[place + 2]) << 8 | Int(data[place + 3])
    let end = min(place + 2 + length, data.count)
    guard length >= 2 else { return 0 }
    let contents = UnsafeRawBufferPointer(rebasing: data[(place + 4)..<max(end, place + 4)])
    if data[place + 1] == 0xE2, contents.starts(with: "MPF\0".utf8) {
      let count = multiPictureCount(UnsafeRawBufferPointer(rebasing: contents[4...]))
      if count > 1 { return count - 1 }
    }
    place += 2 + length
  }
  return 0
}

/// The number of pictures in the index, which only the first of them has; it is laid out as TIFF is.
private func multiPictureCount(_ index: UnsafeRawBufferPointer) -> Int {
  let isLittle = index.starts(with: "II".utf8)
  func number(_ place: Int, _ bytes: Int) -> Int? {
    guard place >= 0, place + bytes <= index.count else { return nil }
    let digits = index[place..<place + bytes]
    return (isLittle ? Array(digits.reversed()) : Array(digits)).reduce(0) { $0 << 8 | Int($1) }
  }
  guard let first = number(4, 4), let entries = number(first, 2) else { return 0 }
  for entry in 0..<entries {
    let place = first + 2 + entry * 12
    guard let tag = number(place, 2) else { return 0 }
    if tag == 0xB001 { return min(number(place + 8, 4) ?? 0, 1000) }
  }
  return 0
}
