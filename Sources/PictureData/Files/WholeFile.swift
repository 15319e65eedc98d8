import FrameStream
import Glibc
import SystemIO

/// Files that are read and written in one piece.
package enum WholeFile {
  /// All bytes of the file `path`.
  /// - Throws: ``Failure`` naming the file: (`badInput`) if there are more than `limit`.
  package static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
    let file = try Descriptor.openForReading(path)
    defer { file.close() }
    var bytes: [UInt8] = []
    do throws(Failure) {
      let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
      defer { piece.deallocate() }
      let none = UnsafeMutableRawBufferPointer(start: nil, count: 0)
      while let count = try file.read(into: piece, then: none), count > 0 {
        guard bytes.count + count <= limit else {
          throw Failure(.badInput, step: "cannot read", cause: "larger than \(limit) bytes")
        }
        bytes.append(contentsOf: piece[..<count])
      }
    } catch {
      throw error.within(path)
    }
    return bytes
  }

  /// Puts `bytes` under the name `path` once they are on the disk.
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
  package static func makeFolder(_ path: String) throws(Failure) {
    var end = path.utf8.startIndex
    while end < path.utf8.endIndex {
      end = path.utf8[path.utf8.index(after: end)...].firstIndex(of: UInt8(ascii: "/")) ?? path.utf8.endIndex
      let part = String(path[..<end])
      var status = stat()
      if mkdir(part, 0o777) == 0 { continue }
      let code = errno
      guard stat(part, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
        throw Failure(
          .inputOutput, step: "cannot make the folder", subject: part,
          cause: systemMessage(code == EEXIST ? ENOTDIR : code))
      }
    }
  }

  /// A path's last part: what a file is called where its folder says nothing.
  package static func name(ofPath path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}

extension JSONValue {
  /// Reads a file of one JSON value.
  /// - Throws: ``Failure`` naming the file.
  package init(contentsOf path: String, limit: Int = 1 << 20) throws(Failure) {
    let bytes = try WholeFile.read(path, limit: limit)
    do throws(Failure) { self = try JSONValue(JSONText(parsing: bytes)) } catch { throw error.within(path) }
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
