/// Integers and texts in bytes that come from elsewhere: what lies outside of them is nil.
///
/// It does not own the bytes, and is valid only as long as they are.
package struct ByteReader {
  /// Which byte of a number comes first.
  package enum ByteOrder: Sendable {
    case littleEndian, bigEndian
  }

  /// The bytes; their indices begin at 0.
  package let bytes: UnsafeRawBufferPointer
  /// The order that ``integer(at:byteCount:)`` goes by.
  package var byteOrder: ByteOrder

  /// Reads `bytes` in one order, which may be changed later.
  package init(_ bytes: UnsafeRawBufferPointer, _ byteOrder: ByteOrder) {
    self.bytes = bytes
    self.byteOrder = byteOrder
  }

  /// The number of bytes.
  package var count: Int { bytes.count }

  /// An unsigned integer of 1 to 7 bytes; nil if it does not lie within the bytes.
  package func integer(at offset: Int, byteCount: Int) -> Int? {
    guard offset >= 0, byteCount <= bytes.count, offset <= bytes.count - byteCount else { return nil }
    var result = 0
    for index in 0..<byteCount {
      let position = byteOrder == .bigEndian ? index : byteCount - 1 - index
      result = result << 8 | Int(bytes[offset + position])
    }
    return result
  }

  /// Whether the ASCII text is at `offset`.
  package func matches(_ text: StaticString, at offset: Int) -> Bool {
    let length = text.utf8CodeUnitCount
    guard offset >= 0, length <= bytes.count, offset <= bytes.count - length else { return false }
    return (0..<length).allSatisfy { bytes[offset + $0] == text.utf8Start[$0] }
  }

  /// A reader of the bytes in a range; nil if it does not lie within the bytes.
  package func slice(_ range: Range<Int>) -> ByteReader? {
    guard range.lowerBound >= 0, range.upperBound <= bytes.count else { return nil }
    return ByteReader(UnsafeRawBufferPointer(rebasing: bytes[range]), byteOrder)
  }
}
