import Glibc

/// Files that are read and written in one piece.
package enum WholeFile {
  /// All bytes of the file `path`, which may be a pipe.
  /// - Throws: ``Failure`` naming the file: (`badInput`) if there are more than `limit` bytes, (`inputOutput`) if it
  ///   cannot be read.
  package static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
    var storage = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    defer { storage.deallocate() }
    let count = try read(path, limit: limit) { (byteCount, filled) in
      let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 16)
      larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: storage[..<filled]))
      storage.deallocate()
      storage = larger
      return larger
    }
    return Array(storage[..<count])
  }

  /// Reads the file `path`, which may be a pipe, into memory that the caller provides.
  /// - Parameter reserve: gives memory for a number of bytes, the first `filled` of which are those that it held before.
  ///   Called once for a regular file, for a pipe each time that more is needed.
  /// - Returns: the number of bytes.
  /// - Throws: ``Failure`` naming the file: (`badInput`) if there are more than `limit` bytes, (`inputOutput`) if it
  ///   cannot be read.
  package static func read(
    _ path: String, limit: Int,
    reserve: (_ byteCount: Int, _ filled: Int) -> UnsafeMutableRawBufferPointer
  ) throws(Failure) -> Int {
    let file = try Descriptor.openForReading(path)
    defer { file.close() }
    // One byte more than the file's size shows its end without growing.
    var size = min(file.isRegularFile ? file.fileLength : 1 << 20, limit) + 1
    var storage = reserve(size, 0)
    var count = 0
    do throws(Failure) {
      while true {
        if count == size {
          guard count <= limit else {
            throw Failure(.badInput, step: "cannot read", cause: "larger than \(limit) bytes")
          }
          size = min(size * 2, limit + 1)
          storage = reserve(size, count)
        }
        let room = UnsafeMutableRawBufferPointer(rebasing: storage[count..<size])
        let none = UnsafeMutableRawBufferPointer(start: nil, count: 0)
        guard let added = try file.read(into: room, then: none), added > 0 else { return count }
        count += added
      }
    } catch {
      throw error.within(path)
    }
  }

  /// Puts `bytes` under the name `path` once they are on the disk.
  /// - Throws: ``Failure`` (`inputOutput`) naming the file.
  package static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
    let file = try FileReplacement(path: path)
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
      if mkdir(part, 0o777) == 0 { continue }
      let code = errno
      guard FilePath.isFolder(part) else {
        throw Failure(
          .inputOutput, step: "cannot make the folder", subject: part,
          cause: systemMessage(code == EEXIST ? ENOTDIR : code))
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
