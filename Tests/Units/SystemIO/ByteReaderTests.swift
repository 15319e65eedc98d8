import SystemIO
import Testing

struct ByteReaderTests {
  private let bytes: [UInt8] = [0x01, 0x02, 0x03, 0x04, 0x49, 0x49, 0xFF]

  @Test func integersInBothOrders() {
    bytes.withUnsafeBytes { bytes in
      let little = ByteReader(bytes, .littleEndian)
      let big = ByteReader(bytes, .bigEndian)
      #expect(little.integer(at: 0, byteCount: 4) == 0x0403_0201)
      #expect(big.integer(at: 0, byteCount: 4) == 0x0102_0304)
      #expect(big.integer(at: 1, byteCount: 3) == 0x0002_0304)
      #expect(little.integer(at: 6, byteCount: 1) == 0xFF)
    }
  }

  @Test(arguments: [(-1, 2), (6, 2), (7, 1), (0, 8), (Int.max, 4), (Int.min, 4)])
  func nothingOutsideIsRead(_ place: (offset: Int, byteCount: Int)) {
    bytes.withUnsafeBytes {
      #expect(
        ByteReader($0, .littleEndian).integer(at: place.offset, byteCount: place.byteCount) == nil)
    }
  }

  @Test func texts() {
    bytes.withUnsafeBytes { bytes in
      let reader = ByteReader(bytes, .bigEndian)
      #expect(reader.matches("II", at: 4))
      #expect(!reader.matches("II", at: 5) && !reader.matches("II", at: 6) && !reader.matches("II", at: -1))
      #expect(!reader.matches("IIIIIIII", at: 0) && !reader.matches("I", at: .max))
    }
  }

  @Test func slices() {
    bytes.withUnsafeBytes { bytes in
      let reader = ByteReader(bytes, .bigEndian)
      #expect(reader.slice(2..<4)?.integer(at: 0, byteCount: 2) == 0x0304)
      #expect(reader.slice(2..<4)?.integer(at: 1, byteCount: 2) == nil)
      #expect(reader.slice(7..<7)?.count == 0)
      #expect(reader.slice(5..<8)?.count == nil && reader.slice(-1..<2)?.count == nil)
    }
  }
}
