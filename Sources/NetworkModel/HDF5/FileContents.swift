import SystemIO

/// Bytes of a file or archive member, in one piece that does not move.
///
/// Its maker fills it; it does not change after that, so any thread may read it.
package final class FileContents: @unchecked Sendable {
  /// The bytes, and room after them.
  private let storage: UnsafeMutableRawBufferPointer
  /// Bytes.
  package private(set) var count: Int

  /// Room for `byteCount` bytes, to be filled by whoever made it.
  package init(byteCount: Int) {
    storage = .allocate(byteCount: max(byteCount, 1), alignment: 64)
    count = byteCount
    adviseLargePages(storage.baseAddress, byteCount: byteCount)
  }

  /// A copy of bytes.
  package convenience init(_ values: [UInt8]) {
    self.init(byteCount: values.count)
    storage.copyBytes(from: values)
  }

  deinit { storage.deallocate() }

  /// Leaves out the bytes from `byteCount` on; only for whoever made it.
  func shorten(to byteCount: Int) { count = min(count, byteCount) }

  /// The first byte; valid only as long as this object is.
  package var base: UnsafeMutableRawPointer { storage.baseAddress! }

  /// Runs `body` with the bytes.
  package func withBytes<Result, E>(_ body: (UnsafeRawBufferPointer) throws(E) -> Result) throws(E) -> Result
  {
    defer { withExtendedLifetime(self) {} }
    return try body(UnsafeRawBufferPointer(start: base, count: count))
  }

  func starts(with prefix: [UInt8]) -> Bool { withBytes { $0.starts(with: prefix) } }

  /// A copy of the bytes from `start` on.
  func suffix(from start: Int) -> FileContents {
    let result = FileContents(byteCount: count - start)
    result.base.copyMemory(from: base + start, byteCount: count - start)
    return result
  }

  /// The whole of the file `path`, which may be a pipe.
  /// - Parameters:
  ///   - kind: What it may be.
  ///   - beginning: What it must begin with.
  /// - Throws: ``Failure`` (`inputOutput`, or `badInput` if it is larger than ``ModelLimits/file``).
  static func read(_ path: String, only kind: FileKind = .any, beginning: WholeFile.Beginning? = nil)
    throws(Failure) -> FileContents
  {
    var contents = FileContents(byteCount: 0)
    let count = try WholeFile.read(path, limit: ModelLimits.file, only: kind, beginning: beginning) {
      byteCount, filled in
      let larger = FileContents(byteCount: byteCount)
      larger.base.copyMemory(from: contents.base, byteCount: filled)
      contents = larger
      return UnsafeMutableRawBufferPointer(start: larger.base, count: byteCount)
    }
    contents.count = count
    return contents
  }
}
