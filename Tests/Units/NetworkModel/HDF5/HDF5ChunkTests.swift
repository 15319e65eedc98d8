import SeededNoise
import SystemIO
import Testing

@testable import KerasWriting
@testable import NetworkModel

/// Data sets in chunks, made by libhdf5.
struct HDF5ChunkTests {
  private static let shape = [50, 13]
  private static let values: [Float] = {
    var noise = Noise(41)
    return noise.values(650, scale: 9)
  }()

  private static func file(_ filters: [HDF5Writer.ChunkFilter]) throws -> [UInt8] {
    try HDF5Library.run { () throws(Failure) in
      let writer = try HDF5Writer()
      try writer.group("a")
      writer.write("a/values", shape, values, chunk: [40, 9], filters)
      return try writer.contents()
    }.withBytes { Array($0) }
  }

  @Test(
    arguments: [
      [], [.gzip], [.shuffle], [.checksum], [.shuffle, .gzip], [.gzip, .checksum], [.checksum, .gzip],
      [.shuffle, .gzip, .checksum], [.shuffle, .checksum],
    ] as [[HDF5Writer.ChunkFilter]])
  func areReadWhateverWasDoneToThem(_ filters: [HDF5Writer.ChunkFilter]) throws {
    let read = try HDF5File(FileContents(Self.file(filters))).floats("a/values", expected: Self.shape)
    #expect(read.values == Self.values)
  }

  /// One bit of a value: the checksum detects it, and without one nothing does.
  @Test(arguments: [true, false]) func aChecksumIsCompared(_ hasChecksum: Bool) throws {
    var bytes = try Self.file(hasChecksum ? [.checksum] : [])
    let value = withUnsafeBytes(of: Self.values[17].bitPattern.littleEndian) { Array($0) }
    let places = (0...(bytes.count - 4)).filter { bytes[$0..<($0 + 4)].elementsEqual(value) }
    let place = try #require(places.count == 1 ? places.first : nil)
    bytes[place] ^= 1
    let file = try HDF5File(FileContents(bytes))
    guard hasChecksum else {
      #expect(try file.floats("a/values").values != Self.values)
      return
    }
    #expect {
      _ = try file.floats("a/values")
    } throws: { error in
      let failure = error as? Failure
      return failure?.kind == .badInput && failure?.subject == "a/values"
        && failure?.cause.contains("checksum") == true
    }
  }

  /// Numbers of libhdf5's own, for lengths that no data set of floats has.
  @Test func checksumsOfOddLengths() {
    #expect(Fletcher32.checksum([]) == 0)
    #expect(Fletcher32.checksum([0xFF]) == 0xFF00_FF00)
    #expect(Fletcher32.checksum([0xFF, 0xFF]) == 0xFFFF_FFFF)
    #expect(Fletcher32.checksum([UInt8](repeating: 0xFF, count: 721)) == 0xFF00_FF00)
    #expect(Fletcher32.checksum([0, 0, 1]) == 0x0100_0100)
  }
}
