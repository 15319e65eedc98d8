import SystemIO

/// Reads what the zstd frames of a file or pipe stand for. What it keeps is bounded, whatever the data claims.
package final class CompressedInput {
  private let descriptor: Descriptor
  private let stop: Descriptor?
  private let decoder: ZstdDecoder
  private let buffer: UnsafeMutableRawBufferPointer
  private var available: Range<Int>
  private var isWithinFrame = false
  /// Bytes to pass over after a jump.
  private var skipped = 0
  private var read = 0
  private var made = 0
  private var table: SeekTable?
  /// Where the first frame begins in the file.
  private let start: Int

  /// Called where a frame ends, with the number of bytes up to there; not after a jump.
  package var onFrameEnd: ((SeekTable.Place) -> Void)?

  /// - Parameters:
  ///   - head: the first bytes, which have been read already.
  ///   - stop: a descriptor that becomes readable to make reading stop.
  /// - Throws: `Failure` (`failed`) if there is no memory.
  package init(
    _ descriptor: Descriptor, head: UnsafeRawBufferPointer, start: Int = 0, unless stop: Descriptor?
  ) throws(Failure) {
    self.descriptor = descriptor
    self.stop = stop
    self.start = start
    decoder = try ZstdDecoder()
    buffer = .allocate(byteCount: max(1 << 17, head.count), alignment: 64)
    buffer.copyMemory(from: head)
    available = 0..<head.count
  }

  deinit { buffer.deallocate() }

  /// Fills the beginning of `region`, which must not be empty, with what comes next; 0 at the end of the input.
  /// - Returns: the number of bytes, or nil if `stop` became readable first.
  /// - Throws: `Failure`: `badInput` for damaged data, `inputOutput` if it cannot be read.
  package func read(into region: UnsafeMutableRawBufferPointer) throws(Failure) -> Int? {
    while true {
      // Also without input: the decoder may hold what did not fit before.
      let target =
        skipped > 0 ? UnsafeMutableRawBufferPointer(rebasing: region.prefix(skipped)) : region
      let (used, made, endsFrame) = try decoder.decode(
        UnsafeRawBufferPointer(rebasing: buffer[available]), into: target)
      available = available.lowerBound + used..<available.upperBound
      self.read += used
      self.made += made
      if used > 0 || made > 0 {
        isWithinFrame = !endsFrame
        if endsFrame { onFrameEnd?(SeekTable.Place(compressed: read, plain: self.made)) }
      }
      if skipped > 0 {
        skipped -= made
      } else if made > 0 {
        return made
      }
      if used > 0 || made > 0 { continue }
      guard available.isEmpty else {
        throw Failure(.badInput, step: "damaged compressed data", cause: "it leads nowhere")
      }
      let none = UnsafeMutableRawBufferPointer(start: nil, count: 0)
      guard let count = try descriptor.read(into: buffer, then: none, unless: stop) else { return nil }
      if count == 0 { return 0 }
      available = 0..<count
    }
  }

  /// Checks, where the input has ended, that it ends after a frame.
  /// - Throws: `Failure` (`inputOutput`) if it was cut.
  package func finish() throws(Failure) {
    guard isWithinFrame else { return }
    throw Failure(.inputOutput, step: "input cut short", cause: "it ends within a compressed frame")
  }

  /// The table at the end of the file; nil if it has none, and for a pipe.
  package func seekTable() throws(Failure) -> SeekTable? {
    if table == nil, descriptor.isRegularFile { table = try SeekTable(of: descriptor, from: start) }
    return table
  }

  /// What comes next is the byte at `offset` of what the file stands for.
  /// - Throws: `Failure` (`failed`) if the file has no seek table, or ends before `offset`.
  package func seek(to offset: Int) throws(Failure) {
    guard let place = try seekTable()?.start(of: offset) else {
      throw Failure(.failed, step: "seeking", cause: "the seek table does not say where byte \(offset) is")
    }
    try descriptor.seek(to: start + place.compressed)
    decoder.reset()
    (available, isWithinFrame, onFrameEnd) = (0..<0, false, nil)
    skipped = offset - place.plain
  }
}
