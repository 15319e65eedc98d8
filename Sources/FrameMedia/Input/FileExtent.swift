/// How long a file is by its own outermost structure, which a copy that broke off falls short of.
struct FileExtent {
  /// Reads bytes at a position, fewer at the file's end.
  let read: (_ position: Int, _ count: Int) -> [UInt8]
  /// The file's size in bytes.
  let size: Int

  /// The most boxes of an MP4 file that are looked at.
  private static let largestBoxCount = 20_000

  /// Whether the file ends before it should.
  /// - Parameter format: libavformat's name of the container; only MP4, Matroska, AVI and FLV show it.
  func endsEarly(_ format: String) -> Bool {
    if format.contains("mp4") { return boxesEndEarly }
    if format.contains("matroska") { return segmentEndsEarly }
    if format == "avi" { return riffEndsEarly }
    return format == "flv" && isLastTagMissing
  }

  /// ISO/IEC 14496-12, 4.2: boxes one after the other, each with its size.
  private var boxesEndEarly: Bool {
    var position = 0
    for _ in 0..<FileExtent.largestBoxCount where position < size {
      let header = read(position, 16)
      guard header.count >= 8 else { return false }
      let type = String(decoding: header[4..<8], as: UTF8.self)
      var length = FileExtent.number(header[0..<4])
      if length == 1, header.count == 16 { length = FileExtent.number(header[8..<16]) }
      // 0 is up to the end; what is no box says nothing.
      guard length >= 8, length < Int.max - position,
        type.utf8.allSatisfy({ (0x20...0x7e).contains($0) })
      else { return false }
      if position + length > size { return ["mdat", "moof", "moov"].contains(type) }
      position += length
    }
    return false
  }

  /// RFC 8794: an EBML header, then a segment, whose size may be unknown.
  private var segmentEndsEarly: Bool {
    guard case let head = read(0, 64), head.starts(with: [0x1a, 0x45, 0xdf, 0xa3]),
      let (headerSize, first) = FileExtent.variableNumber(head.dropFirst(4)), headerSize < 1 << 20
    else { return false }
    let segment = first + headerSize
    let bytes = read(segment, 12)
    guard bytes.starts(with: [0x18, 0x53, 0x80, 0x67]),
      let (length, start) = FileExtent.variableNumber(bytes.dropFirst(4)), length < 1 << 56 - 1
    else { return false }
    return segment + start + length > size
  }

  /// Several RIFF chunks may follow each other (OpenDML). Writers that could not go back leave 0 or a huge number.
  private var riffEndsEarly: Bool {
    var position = 0
    while position < size {
      let header = read(position, 12)
      guard header.count == 12, header.starts(with: Array("RIFF".utf8)) else { return false }
      let length = FileExtent.number(header[4..<8].reversed())
      guard length > 0, length < 0xffff_ff00 else { return false }
      if position + 8 + length > size { return true }
      position += 8 + length + length % 2
    }
    return false
  }

  /// Each of FLV's tags is followed by its size (Adobe Flash Video File Format 10.1, E.3).
  private var isLastTagMissing: Bool {
    guard size > 13 + 15, read(0, 3).elementsEqual("FLV".utf8) else { return false }
    let length = FileExtent.number(read(size - 4, 4))
    guard length > 11, length <= size - 13 - 4 else { return true }
    let tag = read(size - 4 - length, 11)
    return ![8, 9, 18].contains(tag[0] & 0x1f) || FileExtent.number(tag[1..<4]) + 11 != length
  }

  /// A number, its highest byte first; `Int.max` beyond that.
  private static func number(_ bytes: some Sequence<UInt8>) -> Int {
    var value: UInt64 = 0
    for byte in bytes { value = value << 8 | UInt64(byte) }
    return Int(clamping: value)
  }

  /// EBML's number of variable length, and the position behind it.
  private static func variableNumber(_ bytes: ArraySlice<UInt8>) -> (value: Int, end: Int)? {
    guard let first = bytes.first, first != 0 else { return nil }
    let count = first.leadingZeroBitCount + 1
    guard bytes.count >= count else { return nil }
    var value = Int(first) & (0xff >> count)
    for byte in bytes.dropFirst().prefix(count - 1) { value = value << 8 | Int(byte) }
    // All ones: unknown.
    if value == 1 << (7 * count) - 1 { return (Int.max, bytes.startIndex + count) }
    return (value, bytes.startIndex + count)
  }
}
