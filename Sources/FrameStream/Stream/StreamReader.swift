import SystemIO
import Zstandard

/// Reads records from a file descriptor; payloads go straight into the record's memory.
///
/// Input that is compressed with zstd is decompressed. An index is passed over, because it is true only of the bytes that
/// it came with: the record of type `index`, and the key `index` of the end record.
public final class StreamReader {
  private let descriptor: Descriptor
  private let input: StreamInput
  private var parser = StreamParser()
  private let buffer: UnsafeMutableRawBufferPointer
  private var available: Range<Int> = 0..<0
  private var hasEnded = false
  /// Whether an index is read like other records.
  package var keepsIndex = false
  /// Where the next record begins: bytes of the stream as it is without compression.
  package private(set) var offset = 0

  /// - Parameters:
  ///   - descriptor: where to read; its owner closes it.
  ///   - stop: a descriptor that becomes readable to make the reader stop.
  public init(_ descriptor: Descriptor, stop: Descriptor? = nil) {
    self.descriptor = descriptor
    input = StreamInput(descriptor, unless: stop)
    buffer = .allocate(byteCount: 1 << 16, alignment: 64)
  }

  deinit {
    buffer.deallocate()
  }

  /// What ``read(into:)`` found.
  public enum Outcome: Sendable {
    /// The record was filled.
    case record
    /// The input ended after an end record.
    case end
    /// The stop descriptor became readable.
    case stopped
  }

  /// Fills `record` with the next record, waiting for it.
  /// - Throws: `Failure`: `badInput` for malformed input or damaged compressed data, `inputOutput` for input that is cut
  ///   short or unreadable.
  public func read(into record: Record) throws(Failure) -> Outcome {
    while true {
      let outcome = try readNext(into: record)
      guard case .record = outcome, !keepsIndex else { return outcome }
      if record.isIndex { continue }
      if record.kind == .end { record.line.removeIndex() }
      return outcome
    }
  }

  private func readNext(into record: Record) throws(Failure) -> Outcome {
    while true {
      if !available.isEmpty {
        let bytes = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[available])
        let (used, isWhole) = try parser.take(bytes, into: record)
        available = available.lowerBound + used..<available.upperBound
        offset += used
        if isWhole {
          if record.kind == .stream { descriptor.makeRoom(for: record.line) }
          return .record
        }
      }
      guard !hasEnded else {
        try parser.finish()
        try input.finish()
        return .end
      }
      // The end of the line has been parsed, so the whole buffer is free: one call reads the rest of the payload into
      // the record, and what follows it into the buffer.
      let missing = parser.payloadMissing
      let target =
        missing > 0
        ? UnsafeMutableRawBufferPointer(
          rebasing: record.payload.mutableBytes[(record.payload.count - missing)...])
        : UnsafeMutableRawBufferPointer(start: nil, count: 0)
      let count: Int
      do throws(Failure) {
        guard let read = try input.read(into: target, then: buffer) else { return .stopped }
        count = read
      } catch {
        // Compressed data is damaged somewhere, not the descriptor.
        throw error.kind == .badInput ? error.within(parser.location) : error
      }
      hasEnded = count == 0
      let filled = min(count, missing)
      parser.didFill(filled)
      offset += filled
      available = 0..<max(0, count - missing)
    }
  }
}

/// Reading of stored streams in another order than from beginning to end.
extension StreamReader {
  /// How many bytes the input has without compression; nil if it can only be read from its beginning, as a pipe or a
  /// compressed file without a seek table.
  ///
  /// To be called before the first record is read, or with ``seek(to:)`` afterwards.
  /// - Throws: `Failure` if it cannot be read.
  package func seekableLength() throws(Failure) -> Int? { try input.seekableLength() }

  /// Makes the record that begins at an offset the next one. To be called between two records, and to go on: numbers of
  /// frames still have to grow.
  /// - Throws: `Failure` if the input can only be read from its beginning, or ends before.
  package func seek(to offset: Int) throws(Failure) {
    try input.seek(to: offset)
    self.offset = offset
    (available, hasEnded) = (0..<0, false)
  }

  /// Bytes from an offset on; fewer at the end of the input. The next record must be found by ``seek(to:)``.
  /// - Throws: `Failure` as ``seek(to:)``; also if a signal came.
  package func bytes(at offset: Int, count: Int) throws(Failure) -> [UInt8] {
    try input.seek(to: offset)
    let none = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let result = bytes.withUnsafeMutableBytes { region -> Result<Int?, Failure> in
        let rest = UnsafeMutableRawBufferPointer(rebasing: region[filled...])
        return Result { () throws(Failure) in try input.read(into: none, then: rest) }
      }
      guard let added = try result.get() else {
        throw Failure(.failed, step: "reading", cause: "interrupted")
      }
      if added == 0 { break }
      filled += added
    }
    return Array(bytes[..<filled])
  }

  /// Whether a stream begins at an offset, by its first bytes. The next record must be found by ``seek(to:)``.
  /// - Throws: `Failure` as ``bytes(at:count:)``.
  package func beginsStream(at offset: Int) throws(Failure) -> Bool {
    try bytes(at: offset, count: StreamHeader.opening.count) == StreamHeader.opening
  }

  /// What a compressed input says of its frames while it is read; nil for input that is not compressed. Known once a
  /// record has been read.
  package var compression: CompressedInput? { input.compression }
}
