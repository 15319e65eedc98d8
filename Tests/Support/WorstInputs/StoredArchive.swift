/// A zip archive put together by hand, its members stored (APPNOTE.TXT, 4.3).
enum StoredArchive {
  static func bytes(_ members: [(name: [UInt8], contents: [UInt8])], ends: Int = 1) -> [UInt8] {
    var (bytes, directory): ([UInt8], [UInt8]) = ([], [])
    for (name, contents) in members {
      let sizes = little(contents.count, 4) + little(contents.count, 4)
      let common = little(20, 2) + little(0, 8) + little(Int(checksum(contents)), 4) + sizes
      let offset = bytes.count
      bytes += little(0x0403_4B50, 4) + common + little(name.count, 2) + little(0, 2) + name + contents
      directory += little(0x0201_4B50, 4) + little(20, 2) + common + little(name.count, 2)
      directory += little(0, 12) + little(offset, 4) + name
    }
    let (start, count) = (bytes.count, min(members.count, 0xFFFF))
    bytes += directory
    for number in 0..<ends {
      // Each but the last has those after it as its comment.
      bytes += little(0x0605_4B50, 4) + little(0, 4) + little(count, 2) + little(count, 2)
      bytes +=
        little(directory.count, 4) + little(start, 4) + little(min(22 * (ends - 1 - number), 0xFFFF), 2)
    }
    return bytes
  }

  private static func little(_ number: Int, _ width: Int) -> [UInt8] { HDF5Parts.little(number, width) }

  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
  }

  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var value = UInt32.max
    bytes.withUnsafeBufferPointer { bytes in
      table.withUnsafeBufferPointer { table in
        for byte in bytes { value = value >> 8 ^ table[Int(UInt8(truncatingIfNeeded: value) ^ byte)] }
      }
    }
    return ~value
  }
}
