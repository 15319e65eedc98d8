import SystemIO

/// Reads records from a file descriptor; payloads go straight into the record's memory.
public final class StreamReader {
  private let descriptor: Descriptor
  private let stop: Descriptor?
  private var parser = StreamParser()
  private let buffer: UnsafeMutableRawBufferPointer
  private var available: Range<Int> = 0..<0
  private var hasEnded = false

  /// - Parameters:
  ///   - descriptor: where to read; its owner closes it.
  ///   - stop: a descriptor that becomes readable to make the reader stop.
  public init(_ descriptor: Descriptor, stop: Descriptor? = nil) {
    self.descriptor = descriptor
    self.stop = stop
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
  /// - Throws: `Failure`: `badInput` for malformed input, `inputOutput` for input that is cut short or unreadable.
  public func read(into record: Record) throws(Failure) -> Outcome {
    while true {
      if !available.isEmpty {
        let input = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[available])
        let (used, isWhole) = try parser.take(input, into: record)
        available = available.lowerBound + used..<available.upperBound
        if isWhole {
          if record.kind == .stream { descriptor.makeRoom(for: record.line) }
          return .record
        }
      }
      guard !hasEnded else {
        try parser.finish()
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
      guard let count = try descriptor.read(into: target, then: buffer, unless: stop) else {
        return .stopped
      }
      hasEnded = count == 0
      parser.didFill(min(count, missing))
      available = 0..<max(0, count - missing)
    }
  }
}
