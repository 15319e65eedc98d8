/// A small HDF5 file put together by hand (HDF5 File Format Specification, version 3): what no library would write.
struct HDF5Parts {
  private(set) var bytes: [UInt8]

  /// A superblock of version 2 whose root group's header is the next thing that is added.
  init() {
    bytes = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A, 2, 8, 8, 0]
    for address in [0, Int.max, 0, 48] { append(address, 8) }
    append(0, 4)
  }

  /// Where the next part will lie.
  var end: Int { bytes.count }

  mutating func append(_ number: Int, _ width: Int) { bytes += Self.little(number, width) }

  mutating func append(_ more: [UInt8]) { bytes += more }

  static func little(_ number: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }

  /// An object's header of version 1 with these messages.
  mutating func append(header messages: [(type: Int, data: [UInt8])]) {
    append([1, 0] + Self.little(messages.count, 2) + Self.little(1, 4))
    append(messages.reduce(0) { $0 + 8 + $1.data.count }, 4)
    append(0, 4)
    for message in messages {
      append(message.type, 2)
      append(message.data.count, 2)
      append(0, 4)
      append(message.data)
    }
  }

  /// A link to an object's header.
  static func link(_ name: String, _ address: Int) -> (type: Int, data: [UInt8]) {
    (0x06, [1, 1] + little(name.utf8.count, 2) + Array(name.utf8) + little(address, 8))
  }

  /// An attribute of one text.
  static func attribute(_ name: String, _ text: String) -> (type: Int, data: [UInt8]) {
    attribute(name, typeClass: 3, size: max(text.utf8.count, 1), count: nil, Array(text.utf8))
  }

  /// An attribute of texts in global heaps, each by its heap's address and its number there.
  static func attribute(_ name: String, inHeaps places: [(heap: Int, number: Int)]) -> (
    type: Int, data: [UInt8]
  ) {
    let data = places.flatMap { little(1, 4) + little($0.heap, 8) + little($0.number, 4) }
    return attribute(name, typeClass: 9, size: 16, count: places.count, data)
  }

  private static func attribute(
    _ name: String, typeClass: UInt8, size: Int, count: Int?, _ data: [UInt8]
  ) -> (type: Int, data: [UInt8]) {
    let bits: UInt8 = typeClass == 9 ? 1 : 0
    let type = [0x10 | typeClass, bits, 0, 0] + little(size, 4)
    let space: [UInt8] = count.map { [1, 1, 0, 0, 0, 0, 0, 0] + little($0, 8) } ?? [1, 0, 0, 0, 0, 0, 0, 0]
    let lengths = [name.utf8.count, type.count, space.count].flatMap { little($0, 2) }
    return (0x0C, [3, 0] + lengths + [0] + Array(name.utf8) + type + space + data)
  }
}
