import CHDF5
import SeededNoise
import SystemIO
import Testing

@testable import KerasWriting
@testable import NetworkModel

/// Forms of HDF5 that other programs than Keras write.
struct HDF5VariantTests {
  private static func file(_ fill: (HDF5Writer) throws(Failure) -> Void) throws -> FileContents {
    try HDF5Library.run { () throws(Failure) in
      let writer = try HDF5Writer()
      try fill(writer)
      return try writer.contents()
    }
  }

  @Test func aBlockOfTheUsersComesFirst() throws {
    let plain = try Self.file { (writer) throws(Failure) in try writer.write("a", [3], [1, -2, 3.5]) }
    for size in [512, 2048] {
      var bytes = [UInt8](repeating: 7, count: size) + plain.withBytes { Array($0) }
      // The base address of the superblock's first version.
      for index in 0..<8 { bytes[size + 24 + index] = UInt8(size >> (8 * index) & 255) }
      #expect(try HDF5File(FileContents(bytes)).floats("a").values == [1, -2, 3.5])
    }
    let misplaced = [UInt8](repeating: 7, count: 600) + plain.withBytes { Array($0) }
    #expect(throws: Failure.self) { _ = try HDF5File(FileContents(misplaced)) }
  }

  @Test func valuesOfEitherByteOrder() throws {
    let values: [Float] = [1, -2, 3.5, 1e20]
    let bytes = try Self.file { (writer) throws(Failure) in try writer.write("a", [4], values) }
    var turned = bytes.withBytes { Array($0) }
    // Turns the values and the bit of the data type that says so.
    let pattern = values.flatMap { value in (0..<4).map { UInt8(value.bitPattern >> (8 * $0) & 255) } }
    let place = try #require(turned.indices.first { turned[$0...].starts(with: pattern) })
    for value in 0..<4 { turned[(place + 4 * value)..<(place + 4 * value + 4)].reverse() }
    // Class 1, version 1; bit field 0x20; sign at bit 31; size 4.
    let type: [UInt8] = [0x11, 0x20, 0x1F, 0x00, 4, 0, 0, 0]
    let head = try #require(turned.indices.first { turned[$0...].starts(with: type) })
    turned[head + 1] |= 1
    #expect(try HDF5File(FileContents(turned)).floats("a").values == values)
  }

  /// Streams of LibLZF by hand: literals, a short repetition, a long one that reaches into itself.
  @Test func lzf() {
    #expect(LZF.unpacked([2, 1, 2, 3], limit: 3) == [1, 2, 3])
    #expect(LZF.unpacked([1, 5, 6, 0x20, 1], limit: 9) == [5, 6, 5, 6, 5])
    #expect(LZF.unpacked([0, 9, 0xE0, 4, 0], limit: 99) == [UInt8](repeating: 9, count: 14))
    for damaged: [UInt8] in [[2, 1, 2], [0x20, 0], [0, 1, 0xE0], [0, 1, 0x20, 5]] {
      #expect(LZF.unpacked(damaged, limit: 99) == nil)
    }
    #expect(LZF.unpacked([0, 9, 0xE0, 4, 0], limit: 13) == nil)
    #expect(LZF.unpacked([2, 1, 2, 3], limit: 2) == nil)
  }
}
