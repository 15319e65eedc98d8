import Glibc

/// A file that several processes would write over is one process's alone as long as this object lives.
///
/// The lock is a hidden file beside it, `.NAME.lock`, which says who holds it; the system's own lock on that file (`flock`) ends
/// with the process, however it ends.
package final class FileLock {
  /// Whether several processes may hold it at once.
  package enum Sharing: Sendable {
    /// One process alone.
    case exclusive
    /// Any number of those that share it, and none that holds it alone.
    case shared
  }

  /// False where the file system has no locks: another process is not noticed.
  package let isHeld: Bool
  private let path: String
  private let descriptor: Descriptor
  private let sharing: Sharing

  /// Takes the lock without waiting.
  /// - Parameters:
  ///   - file: the file that is to be written; links to it are followed.
  ///   - use: what this process does with it, for the message of another: `fm-train two.keras faces`.
  /// - Throws: ``Failure`` with the file as its subject: (`failed`) if another process holds the lock, which it names;
  ///   (`inputOutput`) if there can be no lock file.
  package init(_ file: String, sharing: Sharing = .exclusive, use: String) throws(Failure) {
    self.sharing = sharing
    path = Self.path(SymbolicLink.resolving(file) ?? file)
    while true {
      let descriptor = try Self.open(path, file)
      let code = descriptor.lock(sharing == .exclusive ? LOCK_EX : LOCK_SH)
      if code == EWOULDBLOCK {
        let holder = Self.holder(descriptor)
        descriptor.close()
        throw Failure(
          .failed, step: "another process is writing it", subject: file,
          cause: holder ?? "it holds the lock \(path)")
      }
      // The file was removed by the one who held it before.
      if code == 0, let own = FileStatus(of: descriptor), FileStatus(path: path)?.isSameFile(as: own) != true
      {
        descriptor.close()
        continue
      }
      self.descriptor = descriptor
      isHeld = code == 0
      break
    }
    if sharing == .exclusive { TemporaryFiles.remember(path) }
    guard isHeld else { return }
    let text = "process \(getpid()) on \(Self.host): \(use)\n"
    try? descriptor.setFileLength(0)
    try? Array(text.utf8).withUnsafeBytesThrowing { (bytes) throws(Failure) in
      try descriptor.write(bytes, at: 0)
    }
  }

  deinit {
    // Of several that share it the last one removes it.
    if !isHeld || sharing == .exclusive || descriptor.lock(LOCK_EX) == 0 { unlink(path.fileNameBytes) }
    if sharing == .exclusive { TemporaryFiles.forget(path) }
    descriptor.close()
  }

  private static func path(_ file: String) -> String {
    let bytes = FileName.bytes(file)
    let start = bytes.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
    // Names of more than 255 bytes cannot be; the length tells most long ones apart.
    let name =
      bytes.count - start > 200
      ? bytes[start..<start + 200] + Array("-\(bytes.count - start)".utf8) : bytes[start...]
    return FileName.text(bytes[..<start] + [UInt8(ascii: ".")] + name + Array(".lock".utf8))
  }

  private static func open(_ path: String, _ file: String) throws(Failure) -> Descriptor {
    let mode = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY
    let number = retryingOnInterrupt { Glibc.open(path.fileNameBytes, mode, 0o666) }
    guard number >= 0 else {
      throw Failure(
        .inputOutput, step: "cannot write", subject: file, cause: "\(path): \(systemMessage(errno))")
    }
    let descriptor = Descriptor(number)
    do throws(Failure) { try FileStatus(of: descriptor)?.checkIsRegular(path) } catch {
      descriptor.close()
      throw error
    }
    return descriptor
  }

  /// What the lock file says; nil if it says nothing.
  private static func holder(_ descriptor: Descriptor) -> String? {
    var bytes = [UInt8](repeating: 0, count: 1000)
    let count =
      (try? bytes.withUnsafeMutableBufferPointer { (bytes) throws(Failure) in
        try descriptor.read(at: 0, into: UnsafeMutableRawBufferPointer(bytes))
      }) ?? 0
    let line = bytes[..<count].prefix { $0 != UInt8(ascii: "\n") }
    return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
  }

  private static var host: String {
    var name = [CChar](repeating: 0, count: 256)
    return gethostname(&name, 255) == 0 ? FileName.text(name) : "this machine"
  }
}
