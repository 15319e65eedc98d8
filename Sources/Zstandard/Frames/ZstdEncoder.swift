import CZstd
import SystemIO

/// Owns a compression context: makes whole frames, each with its size and a checksum.
final class ZstdEncoder {
  private let context: OpaquePointer

  /// - Parameter level: zstd's level, from 1 (fast) to 19 (small).
  /// - Throws: `Failure` (`failed`) if there is no memory.
  init(level: Int) throws(Failure) {
    guard let context = ZSTD_createCCtx() else {
      throw Failure(.failed, step: "compressing", cause: "out of memory")
    }
    self.context = context
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Int32(clamping: level))
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
  }

  deinit { ZSTD_freeCCtx(context) }

  /// The most bytes that a frame of `count` bytes takes.
  static func bound(_ count: Int) -> Int { ZSTD_compressBound(count) }

  /// Makes one frame. The same bytes at the same level give the same frame.
  /// - Parameter output: at least ``bound(_:)`` bytes.
  /// - Returns: its length.
  func encode(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(Failure) -> Int {
    try ZstdFormat.checked(
      ZSTD_compress2(context, output.baseAddress, output.count, input.baseAddress, input.count), .failed,
      "compressing")
  }
}
