import SystemIO

/// Where the frames of a compressed file begin: the seek table at its end, a frame that decoders skip (the seekable
/// format of zstd's `contrib/seekable_format`).
package struct SeekTable: Sendable {
  /// Where a frame ends, counted from the file's first frame.
  package struct Place: Sendable, Equatable {
    /// Bytes of the file.
    package let compressed: Int
    /// Bytes of what the file stands for.
    package let plain: Int
  }

  /// Where each frame ends; the first begins at 0.
  package private(set) var ends: [Place] = []

  private static let magic: UInt32 = 0x184D_2A5E
  private static let footerMagic: UInt32 = 0x8F92_EAB1
  private static let headerLength = 8
  private static let footerLength = 9
  /// Of the footer's descriptor byte: entries have a checksum.
  private static let checksumFlag: UInt8 = 0x80
  private static let reservedBits: UInt8 = 0x7C
  /// More frames than four terabytes have.
  private static let limit = 1 << 22

  /// A table without frames.
  init() {}

  /// Bytes of all that the frames stand for.
  package var plainCount: Int { ends.last?.plain ?? 0 }

  /// Adds a frame.
  mutating func append(compressed: Int, plain: Int) {
    let last = ends.last ?? Place(compressed: 0, plain: 0)
    ends.append(Place(compressed: last.compressed + compressed, plain: last.plain + plain))
  }

  /// The frame that has the byte at `offset`; nil behind the last one.
  func start(of offset: Int) -> Place? {
    guard offset >= 0, offset < plainCount else { return nil }
    let frame = ends.partitioningIndex { $0.plain > offset }
    return frame == 0 ? Place(compressed: 0, plain: 0) : ends[frame - 1]
  }

  /// The table as it is in a file; nil if it has too many frames, or one is too large, for anybody to read it.
  var bytes: [UInt8]? {
    guard ends.count <= Self.limit else { return nil }
    var bytes: [UInt8] = []
    func append(_ number: UInt32) { withUnsafeBytes(of: number.littleEndian) { bytes += $0 } }
    append(Self.magic)
    append(UInt32(ends.count * 8 + Self.footerLength))
    var last = Place(compressed: 0, plain: 0)
    for end in ends {
      guard let compressed = UInt32(exactly: end.compressed - last.compressed),
        let plain = UInt32(exactly: end.plain - last.plain)
      else { return nil }
      append(compressed)
      append(plain)
      last = end
    }
    append(UInt32(ends.count))
    bytes.append(0)
    append(Self.footerMagic)
    return bytes
  }

  /// Reads the table at the end of a file; nil if there is none that describes all of the file.
  /// - Parameter start: where in the file the first frame begins.
  /// - Throws: `Failure` (`inputOutput`) if the file cannot be read.
  package init?(of file: Descriptor, from start: Int = 0) throws(Failure) {
    let length = file.fileLength - start
    guard length >= Self.headerLength + Self.footerLength else { return nil }
    let footer = try Self.read(file, at: start + length - Self.footerLength, count: Self.footerLength)
    guard Self.number(footer, 5) == Self.footerMagic, footer[4] & Self.reservedBits == 0 else { return nil }
    let count = Int(Self.number(footer, 0))
    let entryLength = footer[4] & Self.checksumFlag != 0 ? 12 : 8
    let tableLength = Self.headerLength + count * entryLength + Self.footerLength
    guard count <= Self.limit, tableLength <= length else { return nil }
    let table = try Self.read(file, at: start + length - tableLength, count: tableLength)
    guard Self.number(table, 0) == Self.magic,
      Int(Self.number(table, 4)) == tableLength - Self.headerLength
    else { return nil }
    ends.reserveCapacity(count)
    for index in 0..<count {
      let place = Self.headerLength + index * entryLength
      append(compressed: Int(Self.number(table, place)), plain: Int(Self.number(table, place + 4)))
    }
    guard (ends.last?.compressed ?? 0) + tableLength == length else { return nil }
  }

  private static func number(_ bytes: [UInt8], _ place: Int) -> UInt32 {
    bytes.withUnsafeBytes { UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: place, as: UInt32.self)) }
  }

  private static func read(_ file: Descriptor, at offset: Int, count: Int) throws(Failure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let result = bytes.withUnsafeMutableBytes { region -> Result<Int, Failure> in
      Result { () throws(Failure) in try file.read(at: offset, into: region) }
    }
    guard try result.get() == count else {
      throw Failure(.inputOutput, step: "reading", cause: "the file has become shorter")
    }
    return bytes
  }
}
