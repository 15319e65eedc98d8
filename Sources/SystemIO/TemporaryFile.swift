import Glibc

/// A file without a name, to be written and read again; it is gone when it is closed.
package struct TemporaryFile: Sendable {
  /// Where it is written; closed by ``close()``.
  package let descriptor: Descriptor

  private static let folderVariable = "TMPDIR"

  /// Makes one in the folder that `TMPDIR` names, or in `/tmp`.
  /// - Throws: ``Failure`` (`inputOutput`) naming the folder.
  package init() throws(Failure) {
    let folder = FileName.ofEnvironment(Self.folderVariable) ?? "/tmp"
    var template = FilePath.join(folder, "fm.XXXXXX").fileNameBytes
    let number = retryingOnInterrupt { mkstemp(&template) }
    guard number >= 0 else {
      throw Failure(system: errno, step: "cannot make a temporary file", subject: folder)
    }
    unlink(template)
    _ = fcntl(number, F_SETFD, FD_CLOEXEC)
    descriptor = Descriptor(number)
  }

  /// The bytes from `start` on.
  /// - Throws: ``Failure`` (`inputOutput`) if there are fewer.
  package func bytes(at start: Int, count: Int) throws(Failure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let added = bytes.withUnsafeMutableBytes {
        pread(descriptor.number, $0.baseAddress! + filled, count - filled, start + filled)
      }
      if added < 0, errno == EINTR { continue }
      guard added > 0 else {
        throw Failure(
          .inputOutput, step: "reading", subject: "temporary file",
          cause: added < 0 ? systemMessage(errno) : "it ends early")
      }
      filled += added
    }
    return bytes
  }

  /// Closes it; what was in it is gone.
  package func close() { descriptor.close() }
}
