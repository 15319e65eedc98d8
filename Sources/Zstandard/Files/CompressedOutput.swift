import SystemIO

/// Writes units, such as records, in zstd frames that each begin with a unit, and a seek table behind them.
///
/// Frames are compressed by several threads; their number does not change the bytes.
package final class CompressedOutput {
  private let descriptor: Descriptor
  private let threads: Int
  private let level: Int
  private var encoders: [ZstdEncoder] = []
  private var pool: WorkerPool?
  /// Frames that wait to be compressed, and the one that is filled; used again.
  private var frames: [UncompressedFrame] = [UncompressedFrame()]
  private var filled = 0
  private var filledBytes = 0
  private var table = SeekTable()

  /// A frame ends behind the unit with which it has as many bytes: few enough to be read for one picture, and enough to
  /// compress well.
  package static let frameLength = 1 << 20
  /// Frames that wait hold at most this, and one unit.
  private static let waitingLimit = 64 << 20

  /// - Parameters:
  ///   - descriptor: where to write; its owner closes it.
  ///   - level: zstd's level, from 1 to 19.
  ///   - threads: how many threads compress.
  package init(_ descriptor: Descriptor, level: Int, threads: Int) {
    self.descriptor = descriptor
    self.level = level
    self.threads = max(threads, 1)
  }

  /// Adds a part of a unit.
  package func append(_ bytes: UnsafeRawBufferPointer) { frames[filled].append(bytes) }

  /// The unit is whole: a frame may end here.
  /// - Parameter endsFrame: whether one must.
  /// - Throws: `Failure`: `brokenPipe` if the reader has gone, otherwise `inputOutput`; `failed` without memory.
  package func endUnit(endsFrame: Bool = false) throws(Failure) {
    let count = frames[filled].count
    guard count > 0, endsFrame || count >= Self.frameLength else { return }
    filled += 1
    filledBytes += count
    if filled == frames.count { frames.append(UncompressedFrame()) }
    if filled >= threads || filledBytes >= Self.waitingLimit { try flush() }
  }

  /// Ends the frames and writes the seek table.
  /// - Throws: as ``endUnit(endsFrame:)``.
  package func finish() throws(Failure) {
    try endUnit(endsFrame: true)
    try flush()
    guard let bytes = table.bytes else { return }
    try bytes.withUnsafeBytesThrowing { (bytes) throws(Failure) in try descriptor.write(bytes) }
  }

  private func flush() throws(Failure) {
    guard filled > 0 else { return }
    while encoders.count < (filled > 1 ? threads : 1) { encoders.append(try ZstdEncoder(level: level)) }
    if filled > 1 {
      if pool == nil { pool = try WorkerPool(threads: threads) }
      pool?.run(filled) { [frames, encoders] thread, item in frames[item].compress(with: encoders[thread]) }
    } else {
      frames[0].compress(with: encoders[0])
    }
    for frame in frames[..<filled] {
      let bytes = try frame.compressed()
      try descriptor.write(bytes)
      table.append(compressed: bytes.count, plain: frame.count)
      frame.removeAll()
    }
    (filled, filledBytes) = (0, 0)
  }
}

/// The bytes of one frame, and what they become. Memory is kept for the next one.
private final class UncompressedFrame: @unchecked Sendable {
  private var plain = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private var packed = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private var result: Result<Int, Failure> = .success(0)
  private(set) var count = 0

  deinit {
    plain.deallocate()
    packed.deallocate()
  }

  func append(_ bytes: UnsafeRawBufferPointer) {
    if count + bytes.count > plain.count {
      let larger = UnsafeMutableRawBufferPointer.allocate(
        byteCount: max(count + bytes.count, min(2 * plain.count, count + (64 << 20))), alignment: 64)
      larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: plain[..<count]))
      plain.deallocate()
      plain = larger
    }
    UnsafeMutableRawBufferPointer(rebasing: plain[count...]).copyMemory(from: bytes)
    count += bytes.count
  }

  func compress(with encoder: ZstdEncoder) {
    let bound = ZstdEncoder.bound(count)
    if packed.count < bound {
      packed.deallocate()
      packed = .allocate(byteCount: bound, alignment: 64)
    }
    let input = UnsafeRawBufferPointer(rebasing: plain[..<count])
    let output = packed
    result = Result { () throws(Failure) in try encoder.encode(input, into: output) }
  }

  func compressed() throws(Failure) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: packed[..<(try result.get())])
  }

  func removeAll() { count = 0 }
}
