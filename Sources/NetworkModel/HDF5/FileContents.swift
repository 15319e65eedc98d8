import Glibc
import SystemIO

/// Bytes of a file or archive member, in one piece that does not move.
///
/// Whoever makes it fills it; after that nobody writes, so that it may be read from any thread.
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

  /// The first byte; valid only as long as this object is.
  package var base: UnsafeMutableRawPointer { storage.baseAddress! }

  /// Runs `body` with the bytes.
  package func withBytes<Result, E>(_ body: (UnsafeRawBufferPointer) throws(E) -> Result) throws(E) -> Result
  {
    defer { withExtendedLifetime(self) {} }
    return try body(UnsafeRawBufferPointer(start: base, count: count))
  }

  func starts(with prefix: [UInt8]) -> Bool { withBytes { $0.starts(with: prefix) } }

  /// The whole of the file `path`, which may be a pipe.
  /// - Throws: ``Failure`` (`inputOutput`, or `badInput` if it is larger than ``ModelLimits/file``).
  static func read(_ path: String) throws(Failure) -> FileContents {
    let file = try Descriptor.openForReading(path)
    defer { file.close() }
    var status = stat()
    let isFile = fstat(file.number, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    // One byte more than the file's size shows its end without growing.
    var contents = FileContents(byteCount: isFile ? min(Int(status.st_size), ModelLimits.file) + 1 : 1 << 20)
    var count = 0
    do throws(Failure) {
      while true {
        if count == contents.count {
          guard count <= ModelLimits.file else {
            throw Failure(.badInput, step: "cannot read", cause: "larger than \(ModelLimits.file) bytes")
          }
          let larger = FileContents(byteCount: contents.count * 2)
          larger.base.copyMemory(from: contents.base, byteCount: count)
          contents = larger
        }
        let room = UnsafeMutableRawBufferPointer(start: contents.base + count, count: contents.count - count)
        let none = UnsafeMutableRawBufferPointer(start: nil, count: 0)
        guard let added = try file.read(into: room, then: none), added > 0 else { break }
        count += added
      }
    } catch {
      throw error.within(path)
    }
    contents.count = count
    return contents
  }
}
