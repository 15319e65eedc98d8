import SystemIO
import Testing

@testable import Zstandard

/// Compressed files come back as they were, from any byte on, and damage in them is found.
struct CompressedFileTests {
  /// Units of many sizes, two of them larger than a frame.
  static let units: [[UInt8]] = [3, 400_000, 1, 2_000_000, 70_000, 900_000, 200_000, 1_048_576, 5]
    .enumerated().map {
      number, count in
      (0..<count).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13 &+ number) & 31 }
    }
  static let whole = units.flatMap { $0 }

  @Test(arguments: [1, 3, 8]) func comesBack(threads: Int) throws {
    let made = try CompressedFile(units: Self.units, threads: threads)
    #expect(try made.bytes == CompressedFile(units: Self.units).bytes, "threads change nothing")
    #expect(try made.decompressed() == Self.whole)
  }

  @Test func comesBackInAnyPieces() throws {
    let small = try CompressedFile(units: [Self.units[4], Self.units[0]])
    for piece in [1, 7, 4096] {
      try small.file.descriptor.seek(to: 0)
      #expect(try CompressedFile.rest(of: small.input(), piece: piece) == Self.units[4] + Self.units[0])
    }
  }

  @Test func framesBeginWithUnits() throws {
    let made = try CompressedFile(units: Self.units)
    let table = try #require(try SeekTable(of: made.file.descriptor))
    #expect(table.plainCount == Self.whole.count)
    var starts: Set<Int> = [0]
    for unit in Self.units { starts.insert((starts.max() ?? 0) + unit.count) }
    #expect(table.ends.allSatisfy { starts.contains($0.plain) })
    #expect(table.ends.count == 4)
  }

  @Test func canBeReadFromAnyByte() throws {
    let made = try CompressedFile(units: Self.units)
    let input = try made.input()
    for offset in [0, 1, 400_003, 2_400_003, 2_400_004, Self.whole.count - 1] {
      try input.seek(to: offset)
      #expect(try CompressedFile.rest(of: input) == Array(Self.whole[offset...]), "from \(offset)")
    }
    for offset in [-1, Self.whole.count] {
      #expect(throws: Failure.self) { try input.seek(to: offset) }
    }
  }

  /// A cut file gives the beginning, and says that it is cut; at the end of its frames nothing is lost but the table.
  @Test func cutFiles() throws {
    let made = try CompressedFile(units: [Self.units[0], Self.units[8]])
    let bytes = try made.bytes
    let content = Self.units[0] + Self.units[8]
    let frames = try #require(try SeekTable(of: made.file.descriptor)?.ends.last?.compressed)
    for count in 1..<bytes.count where count != frames {
      #expect(throws: Failure.self, "\(count) bytes") {
        try CompressedFile(Array(bytes[..<count])).decompressed()
      }
    }
    #expect(try CompressedFile(Array(bytes[..<frames])).decompressed() == content)
  }

  /// A changed byte of the frames is found by the time the file has been read; one of the table makes it no table, or
  /// another one.
  @Test func damagedFiles() throws {
    let content = Array(Self.units[4][..<300])
    let made = try CompressedFile(units: [content])
    let bytes = try made.bytes
    let table = try #require(try SeekTable(of: made.file.descriptor))
    let frames = try #require(table.ends.last?.compressed)
    for place in bytes.indices {
      for bit in [0, 3, 7] {
        var damaged = bytes
        damaged[place] ^= 1 << bit
        let file = try CompressedFile(damaged)
        let found = try SeekTable(of: file.file.descriptor)
        let result = Result { try file.decompressed() }
        // A bit that means nothing, such as a larger window, may change; what is read may not.
        if let read = try? result.get() {
          #expect(read == content || place < 4, "byte \(place)")
          #expect(found == nil || found?.ends == table.ends || place >= frames, "byte \(place)")
        }
      }
    }
  }

  /// Tables that promise what is not there are none.
  @Test func falseTables() throws {
    let bytes = try CompressedFile(units: Self.units).bytes
    let more = try CompressedFile([0x28, 0xB5] + bytes)
    #expect(try SeekTable(of: more.file.descriptor) == nil, "frames before the table that it does not know")
    var huge = bytes
    huge.replaceSubrange(huge.count - 9..<huge.count - 5, with: [0xFF, 0xFF, 0xFF, 0x7F])
    #expect(try SeekTable(of: CompressedFile(huge).file.descriptor) == nil)
    #expect(try SeekTable(of: CompressedFile([]).file.descriptor) == nil)
  }

  /// A frame that wants a window of a gigabyte: magic, no single segment, window exponent 20 above 1 KB.
  @Test func hugeWindowsAreRefused() throws {
    let file = try CompressedFile([0x28, 0xB5, 0x2F, 0xFD, 0x00, 20 << 3, 0x01, 0x00, 0x00])
    #expect { try file.decompressed() } throws: { ($0 as? Failure)?.kind == .badInput }
  }

  @Test func beginnings() {
    func begins(_ bytes: [UInt8]) -> Bool? { bytes.withUnsafeBytes { ZstdFormat.begins($0) } }
    #expect(begins([]) == nil)
    #expect(begins([0x28, 0xB5]) == nil)
    #expect(begins([0x28, 0xB5, 0x2F, 0xFD, 0]) == true)
    #expect(begins([0x5E, 0x2A, 0x4D]) == nil)
    #expect(begins([0x5E, 0x2A, 0x4D, 0x18]) == true)
    #expect(begins(Array("{\"fm\"".utf8)) == false)
    #expect(begins(Array("(a)".utf8)) == false)
  }
}
