import Synchronization
import SystemIO

/// The files that a tool reads and writes by their places in the file system, so that no output destroys another one, or
/// what is read, whatever its name is written like.
package final class FilePlaces: Sendable {
  /// A name in a folder, links followed.
  private struct Place: Hashable {
    let device: UInt64
    let inode: UInt64
    let name: [UInt8]

    /// Nil if there can be no such file, or it is a pipe or device, which may be named twice.
    init?(_ path: String) {
      guard let target = SymbolicLink.resolving(path),
        FileStatus(path: target).map(\.isRegularFile) ?? true
      else { return nil }
      let folder = FilePath.folder(of: target).map { $0.isEmpty ? "/" : $0 } ?? "."
      guard let status = FileStatus(path: folder) else { return nil }
      (device, inode, name) = (status.device, status.inode, FileName.bytes(FilePath.lastComponent(target)))
    }
  }

  private struct Claims {
    var inputs: Set<Place> = []
    var outputs: Set<Place> = []
    var hasStandardOutput = false
  }

  private let claims = Mutex(Claims())

  /// No file is read or written yet.
  package init() {}

  /// To be called before a file is read.
  /// - Throws: ``Failure`` (`usage`) if it is an output, too.
  package func claim(input path: String) throws(Failure) {
    guard let place = Place(path) else { return }
    let isFree = claims.withLock { claims in
      claims.inputs.insert(place)
      return !claims.outputs.contains(place)
    }
    guard isFree else { throw Self.refusal(path, "it is an input, too") }
  }

  /// To be called before a file is written, or standard output by one of its names.
  /// - Throws: ``Failure`` (`usage`) if it is an input or another output, too.
  package func claim(output path: String) throws(Failure) {
    let other = "it is the name of two outputs"
    if Tool.isStandardOutput(path) {
      let isFree = claims.withLock { claims in
        defer { claims.hasStandardOutput = true }
        return !claims.hasStandardOutput
      }
      guard isFree else { throw Self.refusal(path, other) }
      return
    }
    guard let place = Place(path) else { return }
    let (isInput, isNew) = claims.withLock { claims in
      (claims.inputs.contains(place), claims.outputs.insert(place).inserted)
    }
    guard !isInput else { throw Self.refusal(path, "it is an input, too") }
    guard isNew else { throw Self.refusal(path, other) }
  }

  private static func refusal(_ path: String, _ cause: String) -> Failure {
    Failure(.usage, step: "refusing to write", subject: path, cause: cause)
  }
}
