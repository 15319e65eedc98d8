import SystemIO
import Zstandard

/// The bytes of a stream: those of a file or pipe, or what they stand for if they are compressed with zstd.
final class StreamInput {
  private let descriptor: Descriptor
  private let stop: Descriptor?
  /// Where the stream begins in a file; nil for a pipe.
  private let start: Int?
  /// Nil for bytes that are not compressed, and as long as none has been read.
  private(set) var compression: CompressedInput?
  private var isKnown = false

  /// - Parameters:
  ///   - descriptor: where to read; its owner closes it.
  ///   - stop: a descriptor that becomes readable to make reading stop.
  init(_ descriptor: Descriptor, unless stop: Descriptor?) {
    self.descriptor = descriptor
    self.stop = stop
    start = descriptor.isRegularFile ? descriptor.position : nil
  }

  /// Reads into the two regions in order, at least one byte; 0 at the end of the input.
  /// - Parameter second: not empty; the first call must have an empty `first`.
  /// - Returns: the number of bytes, or nil if the stop descriptor became readable first.
  /// - Throws: `Failure`: `inputOutput` if the input is unreadable, `badInput` for damaged compressed data.
  func read(
    into first: UnsafeMutableRawBufferPointer, then second: UnsafeMutableRawBufferPointer
  ) throws(Failure) -> Int? {
    if !isKnown {
      guard let count = try readBeginning(into: second) else { return nil }
      if compression == nil { return count }
    }
    if let compression { return try compression.read(into: first.isEmpty ? second : first) }
    return try descriptor.read(into: first, then: second, unless: stop)
  }

  /// Reads until it is known what the input is.
  private func readBeginning(into region: UnsafeMutableRawBufferPointer) throws(Failure) -> Int? {
    let none = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    var count = 0
    while true {
      let rest = UnsafeMutableRawBufferPointer(rebasing: region[count...])
      guard let added = try descriptor.read(into: rest, then: none, unless: stop) else { return nil }
      count += added
      let head = UnsafeRawBufferPointer(rebasing: region[..<count])
      let isCompressed = ZstdFormat.begins(head)
      if isCompressed == nil, added > 0 { continue }
      isKnown = true
      if isCompressed ?? false {
        compression = try CompressedInput(descriptor, head: head, start: start ?? 0, unless: stop)
      }
      return count
    }
  }

  /// Checks, where the input has ended, that it has not been cut.
  /// - Throws: `Failure` (`inputOutput`).
  func finish() throws(Failure) { try compression?.finish() }

  /// How many bytes the stream has; nil if that is not known, and the input can only be read from its beginning.
  ///
  /// Reads the first bytes, if none has been read, so that ``read(into:then:)`` must be preceded by ``seek(to:)``.
  func seekableLength() throws(Failure) -> Int? {
    guard let start else { return nil }
    if !isKnown {
      let region = UnsafeMutableRawBufferPointer.allocate(byteCount: ZstdFormat.magicLength, alignment: 1)
      defer { region.deallocate() }
      guard try readBeginning(into: region) != nil else { return nil }
    }
    if let compression { return try compression.seekTable()?.plainCount }
    return descriptor.fileLength - start
  }

  /// What is read next is the byte at `offset` of the stream.
  /// - Throws: `Failure` if the input can only be read from its beginning, or has no such byte.
  func seek(to offset: Int) throws(Failure) {
    if let compression { return try compression.seek(to: offset) }
    guard let start else { throw Failure(.failed, step: "seeking", cause: "the input is a pipe") }
    try descriptor.seek(to: start + offset)
  }
}
