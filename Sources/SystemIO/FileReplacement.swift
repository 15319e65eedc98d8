import Glibc
import Synchronization

/// A file that appears under its final name only when it is whole.
///
/// The bytes go to a file beside it, named `.NAME.XXXXXX.part`; ``commit(isDurable:)`` flushes it to the disk and renames
/// it. Until then the final name keeps what it had, or stays absent. A process that is killed leaves at worst
/// the `.part` file. A target that is not a regular file (`/dev/null`, a named pipe) is written directly.
package final class FileReplacement {
  /// Where the bytes are to be written; closed by ``commit(isDurable:)`` and ``discard()``.
  package let descriptor: Descriptor
  /// The name that was asked for.
  package let path: String
  private let target: String
  private let temporary: String?
  private var isOpen = true

  /// - Parameters:
  ///   - kind: what may be under the name already. Of the kind `regular`, what is there must be a regular file or
  ///     nothing, and nothing is written directly.
  ///   - followsLinks: whether a symbolic link is kept, and what it points to is replaced; otherwise the link is.
  ///   - stop: a descriptor that becomes readable when waiting for a named pipe's reader should end; nil for the
  ///     process's ``StopRequest``.
  /// - Throws: ``Failure`` with the path as its subject: (`inputOutput`) if it cannot be written, (`badInput`) if it is
  ///   not of the kind; (`usage`) for an empty name.
  package init(
    path: String, over kind: FileKind = .any, followsLinks: Bool = true, unless stop: Descriptor? = nil
  ) throws(Failure) {
    func failure(_ code: Int32) -> Failure {
      Failure(system: code, step: "cannot write", subject: path)
    }
    guard !path.isEmpty else {
      throw Failure(.usage, step: "cannot write", cause: "the output's name is empty")
    }
    self.path = path
    guard let target = followsLinks ? SymbolicLink.resolving(path) : path else { throw failure(ELOOP) }
    self.target = target
    var status = stat()
    let found = followsLinks ? stat(target.fileNameBytes, &status) : lstat(target.fileNameBytes, &status)
    let exists = found == 0
    let mode = status.st_mode & S_IFMT
    if exists, mode == S_IFDIR { throw failure(EISDIR) }
    let isReplaced = !exists || mode == S_IFREG || mode == S_IFLNK
    if !isReplaced {
      if kind == .regular { try FileStatus(path: target)?.checkIsRegular(path) }
      descriptor = try Descriptor.openForWriting(target, unless: stop)
      temporary = nil
      return
    }
    if exists, mode == S_IFREG, access(target.fileNameBytes, W_OK) != 0 { throw failure(errno) }
    let (descriptor, temporary) = try TemporaryFiles.make(beside: target, failure)
    (self.descriptor, self.temporary) = (descriptor, temporary)
    // It was made private; give it the rights that a plain open would have, or the old file's.
    let mask = umask(0)
    umask(mask)
    var rights = mode == S_IFREG ? status.st_mode & 0o7777 : 0o666 & ~mask
    var own = stat()
    // A program that runs as its owner would run as another one, with contents that this one did not write.
    if fstat(descriptor.number, &own) != 0 || (own.st_uid, own.st_gid) != (status.st_uid, status.st_gid) {
      rights &= 0o777
    }
    fchmod(descriptor.number, rights)
  }

  deinit {
    discard()
  }

  /// Whether the file is invisible before ``commit(isDurable:)``; a target that is written directly is not.
  package var isHidden: Bool { temporary != nil }

  /// Gives the file its final name.
  /// - Parameter isDurable: whether it is flushed to the disk first, so that the final name never holds an empty file
  ///   after a power cut.
  package func commit(isDurable: Bool = true) throws(Failure) {
    guard isOpen else { return }
    isOpen = false
    defer { forget() }
    if let temporary {
      var step = "writing"
      var code = isDurable ? Self.flush { fsync(descriptor.number) } : 0
      let closing = Self.close(descriptor.number)
      if code == 0 { code = closing }
      if code == 0, rename(temporary.fileNameBytes, target.fileNameBytes) != 0 {
        (step, code) = ("cannot rename to", errno)
      }
      guard code == 0 else {
        unlink(temporary.fileNameBytes)
        throw Failure(system: code, step: step, subject: path)
      }
      if isDurable { Self.settleFolder(of: target) }
    } else {
      let code = Self.close(descriptor.number)
      if code != 0 { throw Failure(system: code, step: "writing", subject: path) }
    }
  }

  /// Calls `fsync`, again if a signal interrupted it.
  /// - Returns: the error number of a write that failed; 0 if it succeeded, and for a file system that cannot flush.
  static func flush(_ fsync: () -> Int32) -> Int32 {
    guard retryingOnInterrupt(fsync) != 0 else { return 0 }
    return [EINVAL, ENOTSUP, ENOSYS, EROFS].contains(errno) ? 0 : errno
  }

  /// `close`, which Linux does also where a signal interrupts it.
  private static func close(_ number: Int32) -> Int32 {
    Glibc.close(number) == 0 || errno == EINTR ? 0 : errno
  }

  /// Makes a new name survive a loss of power. Not every file system can; that is not an error.
  private static func settleFolder(of path: String) {
    let folder = FilePath.folder(of: path).map { $0 + "/" } ?? "."
    let descriptor = open(folder.fileNameBytes, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = flush { fsync(descriptor) }
    _ = close(descriptor)
  }

  /// Removes what was written; the final name keeps what it had.
  package func discard() {
    guard isOpen else { return }
    isOpen = false
    descriptor.close()
    if let temporary { unlink(temporary.fileNameBytes) }
    forget()
  }

  private func forget() {
    if let temporary { TemporaryFiles.forget(temporary) }
  }
}

/// The files of this process, and the folders of such files, that are not to outlive it.
package enum TemporaryFiles {
  private struct State {
    var paths: Set<String> = []
    var isEnding = false
  }

  private static let state = Mutex(State())

  /// Removes all; to be called where the process ends without its owners' doing so. From then on none can be made.
  package static func discardAll() {
    state.withLock { state in
      for path in state.paths { remove(path) }
      state.paths.removeAll()
      state.isEnding = true
    }
  }

  /// A new file that has no other name: opened for writing, and only this user's.
  static func make(
    beside target: String, _ failure: (Int32) -> Failure
  ) throws(Failure) -> (Descriptor, path: String) {
    let bytes = FileName.bytes(target)
    let start = bytes.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
    let name = bytes.count - start > 200 ? Array("output".utf8) : Array(bytes[start...])
    let place = bytes[..<start] + [UInt8(ascii: ".")] + name + Array(".XXXXXX.part".utf8) + [0]
    var template = place.map { CChar(bitPattern: $0) }
    return try state.withLock { (state) throws(Failure) in
      guard !state.isEnding else { throw failure(EINTR) }
      // Exclusive, and with a name that nobody foresees: no link that is there already is followed.
      let number = retryingOnInterrupt { mkstemps(&template, 5) }
      guard number >= 0 else { throw failure(errno) }
      _ = fcntl(number, F_SETFD, FD_CLOEXEC)
      let path = template.withUnsafeBufferPointer { FileName.text($0.baseAddress!) }
      state.paths.insert(path)
      return (Descriptor(number), path)
    }
  }

  /// Removes a file, or a folder with the files in it.
  static func remove(_ path: String) {
    // Tried first: a link that somebody put there instead goes, not what it leads to.
    guard unlink(path.fileNameBytes) != 0, errno == EISDIR else { return }
    for name in FolderListing.names(in: path) ?? [] { unlink(FilePath.join(path, name).fileNameBytes) }
    rmdir(path.fileNameBytes)
  }

  /// A file or folder that was made otherwise is to be removed too.
  static func remember(_ path: String) { state.withLock { _ = $0.paths.insert(path) } }

  /// The file is gone, or has its final name.
  static func forget(_ path: String) { state.withLock { _ = $0.paths.remove(path) } }
}

/// Symbolic links to files.
package enum SymbolicLink {
  /// Follows links to the file's name, also where that file does not exist yet; nil if they lead nowhere.
  package static func resolving(_ path: String) -> String? {
    var path = path
    // As many links as Linux itself follows.
    for _ in 0..<40 {
      var status = stat()
      guard lstat(path.fileNameBytes, &status) == 0, status.st_mode & S_IFMT == S_IFLNK,
        let next = target(path)
      else { return path }
      path = next
    }
    return nil
  }

  /// What a link points to, as seen from the present folder.
  private static func target(_ path: String) -> String? {
    let target = withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX) + 1) { buffer in
      let count = readlink(path.fileNameBytes, buffer.baseAddress!, Int(PATH_MAX))
      guard count > 0 else { return String?.none }
      buffer[count] = 0
      return FileName.text(buffer.baseAddress!)
    }
    guard let target, !target.hasPrefix("/"), let folder = FilePath.folder(of: path) else { return target }
    return folder + "/" + target
  }
}
