import CZstd
import SystemIO

/// Owns a decompression context: takes compressed bytes split anywhere, and gives those that they stand for.
final class ZstdDecoder {
  private let context: OpaquePointer

  /// The most memory that a frame may ask for (its window), as a power of two: what `zstd -d` accepts without options.
  private static let windowLimit: Int32 = 27

  /// A decoder at the start of a frame.
  /// - Throws: `Failure` (`failed`) if there is no memory.
  init() throws(Failure) {
    guard let context = ZSTD_createDCtx() else {
      throw Failure(.failed, step: "decompressing", cause: "out of memory")
    }
    self.context = context
    ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Self.windowLimit)
  }

  deinit { ZSTD_freeDCtx(context) }

  /// Forgets what it has taken: a new frame begins.
  func reset() { ZSTD_DCtx_reset(context, ZSTD_reset_session_only) }

  /// Decompresses as much as both regions allow.
  /// - Returns: how many bytes of `input` were used, how many of `output` were written, and whether a frame has ended.
  /// - Throws: `Failure` (`badInput`) for damaged data, a wrong checksum, or a frame that asks for too much memory.
  func decode(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(Failure) -> (used: Int, made: Int, endsFrame: Bool) {
    var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
    var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
    let rest = try ZstdFormat.checked(
      ZSTD_decompressStream(context, &target, &source), .badInput, "damaged compressed data")
    return (source.pos, target.pos, rest == 0)
  }
}
