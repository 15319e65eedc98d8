import SystemIO

/// How much work a file may make before it is refused: in proportion to its size, so that parts that lead to each other,
/// or are listed again and again, do not cost more than they could hold.
///
/// Each part of a well-made file is read a few times at most.
final class HDF5Budget {
  private var left: Int
  private let byteCount: Int

  /// Bytes of a data set in chunks that cost as much as one byte of the file: deflate shrinks by up to 1,030 times.
  private static let unpacked = 128

  init(byteCount: Int) {
    self.byteCount = byteCount
    left = 4 * byteCount + 1 << 18
  }

  /// Takes the cost of looking at `bytes` bytes, or of as many steps.
  /// - Throws: ``Failure`` (`badInput`) if the file has no more to spend.
  @inline(__always)
  func spend(_ bytes: Int) throws(Failure) {
    left -= bytes
    guard left >= 0 else { throw exhausted() }
  }

  /// Takes the cost of making `bytes` bytes of a chunk.
  func spend(unpacking bytes: Int) throws(Failure) { try spend(bytes / Self.unpacked) }

  private func exhausted() -> Failure {
    Failure(
      .badInput, step: "reading HDF5",
      cause: "damaged: its parts are listed more often than a file of \(byteCount) bytes has any reason to")
  }
}
