/// A checksum that detects changed bytes: 64-bit words multiplied and rotated one after the other.
///
/// Each step is invertible, so two inputs that differ in one word never give the same checksum.
package struct Checksum: Sendable {
  private var state: UInt64 = 0x243F_6A88_85A3_08D3
  private var count: UInt64 = 0

  /// The checksum of nothing.
  package init() {}

  private mutating func mix(_ word: UInt64) {
    let product = (state ^ word) &* 0x9E37_79B9_7F4A_7C15
    state = product << 29 | product >> 35
  }

  /// Adds bytes; the same bytes in different portions give a different number.
  package mutating func add(_ bytes: UnsafeRawBufferPointer) {
    let words = bytes.count / 8
    for index in 0..<words {
      mix(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self)))
    }
    var rest: UInt64 = 0
    for (index, byte) in bytes[(words * 8)...].enumerated() { rest |= UInt64(byte) << UInt64(8 * index) }
    mix(rest ^ UInt64(bytes.count) << 32)
    count &+= UInt64(bytes.count)
  }

  /// Adds a number.
  package mutating func add(_ number: Int) { mix(UInt64(bitPattern: Int64(number))) }

  /// Adds the UTF-8 bytes of a text.
  package mutating func add(_ text: String) {
    var text = text
    text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
  }

  /// Adds the bytes of values.
  package mutating func add(_ values: [Float]) { values.withUnsafeBytes { add($0) } }

  /// The checksum of all that was added so far.
  package var value: UInt64 { SeededGenerator.mix(state ^ count) }

  /// ``value`` as 16 hexadecimal digits.
  package var text: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
