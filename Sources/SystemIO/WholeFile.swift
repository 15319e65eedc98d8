import Glibc

/// Files that are read and written in one piece.
package enum WholeFile {
  /// What a file must begin with. It is looked at before the rest is read, so that a device or a file of another kind
  /// costs no more than its beginning.
  package struct Beginning: Sendable {
    let byteCount: Int
    let check: @Sendable (UnsafeRawBufferPointer) throws(Failure) -> Void

    /// - Parameters:
    ///   - byteCount: How many bytes are looked at; fewer if there are no more.
    ///   - check: Throws if they are those of no such file.
    package init(
      _ byteCount: Int, check: @escaping @Sendable (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) {
      self.byteCount = byteCount
      self.check = check
    }
  }

  /// Bytes that are read at once: between two pieces a request to stop is heeded.
  private static let piece = 4 << 20

  /// All bytes of the file `path`, which may be a pipe if the `kind` allows it.
  /// - Parameter stop: a descriptor that becomes readable when reading should end; nil for the process's
  ///   ``StopRequest``.
  /// - Throws: ``Failure`` naming the file: (`badInput`) if there are more than `limit` bytes, or it does not begin as it
  ///   must, or is not of the kind; (`inputOutput`) if it cannot be read; (`failed`) if the request came.
  package static func read(
    _ path: String, limit: Int, only kind: FileKind = .any, beginning: Beginning? = nil,
    unless stop: Descriptor? = nil
  ) throws(Failure) -> [UInt8] {
    var storage = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    defer { storage.deallocate() }
    let count = try read(path, limit: limit, only: kind, beginning: beginning, unless: stop) {
      (byteCount, filled) in
      let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 16)
      larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: storage[..<filled]))
      storage.deallocate()
      storage = larger
      return larger
    }
    return Array(storage[..<count])
  }

  /// Reads the file `path` into memory that the caller provides.
  /// - Parameter reserve: gives memory for a number of bytes, the first `filled` of which are those that it held before.
  ///   Called once for a regular file without a beginning to be checked, otherwise each time that more is needed.
  /// - Returns: the number of bytes.
  /// - Throws: as ``read(_:limit:only:beginning:unless:)``.
  package static func read(
    _ path: String, limit: Int, only kind: FileKind = .any, beginning: Beginning? = nil,
    unless stop: Descriptor? = nil,
    reserve: (_ byteCount: Int, _ filled: Int) -> UnsafeMutableRawBufferPointer
  ) throws(Failure) -> Int {
    let stop = stop ?? StopRequest.descriptor
    let file = try Descriptor.openForReading(path, only: kind, unless: stop)
    defer { file.close() }
    let isRegular = file.isRegularFile
    // One byte more than the file's size shows its end without growing.
    let whole = min(isRegular ? file.fileLength : 1 << 20, limit) + 1
    var unchecked = beginning
    var size = min(whole, beginning.map { max($0.byteCount, 1) } ?? whole)
    var storage = reserve(size, 0)
    var count = 0
    do throws(Failure) {
      while true {
        if let beginning = unchecked, count >= beginning.byteCount {
          try beginning.check(UnsafeRawBufferPointer(rebasing: storage[..<count]))
          unchecked = nil
        }
        if count == size {
          guard count <= limit else {
            throw Failure(.badInput, step: "cannot read", cause: "larger than \(limit) bytes")
          }
          size = size < whole ? whole : min(size * 2, limit + 1)
          storage = reserve(size, count)
        }
        let room = UnsafeMutableRawBufferPointer(rebasing: storage[count..<min(size, count + piece)])
        let none = UnsafeMutableRawBufferPointer(start: nil, count: 0)
        // What a disk gives at once is taken, also to end the work after a signal.
        let added =
          isRegular && (count < piece || !(stop?.isReadable(within: 0) ?? false))
          ? try file.read(into: room, then: none) : try file.read(into: room, then: none, unless: stop)
        guard let added else { throw Failure(.failed, step: "reading", cause: "interrupted") }
        if added == 0 { break }
        count += added
      }
      if let beginning = unchecked {
        try beginning.check(UnsafeRawBufferPointer(rebasing: storage[..<count]))
      }
      return count
    } catch {
      throw error.within(path)
    }
  }

  /// Puts `bytes` under the name `path` once they are on the disk.
  /// - Parameter kind: what may be there already.
  /// - Throws: ``Failure`` naming the file: (`inputOutput`) if it cannot be written, (`badInput`) if what is there is not
  ///   of the kind.
  package static func write(_ bytes: [UInt8], to path: String, over kind: FileKind = .any) throws(Failure) {
    let file = try FileReplacement(path: path, over: kind)
    do throws(Failure) {
      try bytes.withUnsafeBytesThrowing { (bytes) throws(Failure) in try file.descriptor.write(bytes) }
    } catch {
      throw error.within(path)
    }
    try file.commit()
  }

  /// Makes the folder `path` and those above it that are missing.
  /// - Throws: ``Failure`` (`inputOutput`) naming the folder that could not be made.
  package static func makeFolder(_ path: String) throws(Failure) {
    var end = path.utf8.startIndex
    while end < path.utf8.endIndex {
      end = path.utf8[path.utf8.index(after: end)...].firstIndex(of: UInt8(ascii: "/")) ?? path.utf8.endIndex
      let part = String(path[..<end])
      if mkdir(part.fileNameBytes, 0o777) == 0 { continue }
      let code = errno
      guard FilePath.isFolder(part) else {
        throw Failure(system: code == EEXIST ? ENOTDIR : code, step: "cannot make the folder", subject: part)
      }
    }
  }
}

extension Array where Element: BitwiseCopyable {
  /// `withUnsafeBytes` with the one error type of the project.
  package func withUnsafeBytesThrowing<Result>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try withUnsafeBufferPointer { (values) throws(Failure) in try body(UnsafeRawBufferPointer(values)) }
  }
}
