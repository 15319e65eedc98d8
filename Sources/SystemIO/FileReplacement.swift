import Glibc
import Synchronization

/// A file that appears under its final name only when it is whole.
///
/// The bytes go to a file beside it, named `.NAME.XXXXXX.part`; ``commit()`` flushes it to the disk and renames
/// it. Until then the final name keeps what it had, or stays absent. A process that is killed leaves at worst
/// the `.part` file. A target that is not a regular file (`/dev/null`, a named pipe) is written directly.
package final class FileReplacement {
  /// Where the bytes are to be written; closed by ``commit()`` and ``discard()``.
  package let descriptor: Descriptor
  /// The name that was asked for.
  package let path: String
  private let target: String
  private let temporary: String?
  private var isOpen = true

  /// The temporary files of this process, for an end in which no owner can remove them.
  private static let temporaries = Mutex<Set<String>>([])

  /// Removes all temporary files; to be called where the process ends with failure.
  package static func discardAll() {
    temporaries.withLock { paths in
      for path in paths { unlink(path) }
      paths.removeAll()
    }
  }

  /// - Parameter stop: a descriptor that becomes readable when waiting for a named pipe's reader should end.
  /// - Throws: ``Failure`` (`inputOutput`) with the path as its subject; (`usage`) for an empty name.
  package init(path: String, unless stop: Descriptor? = nil) throws(Failure) {
    guard !path.isEmpty else {
      throw Failure(.usage, step: "cannot write", cause: "the output's name is empty")
    }
    self.path = path
    // A symbolic link is kept: what it points to is replaced.
    guard let target = FileReplacement.resolvingLinks(path) else {
      throw Failure(.inputOutput, step: "cannot write", subject: path, cause: systemMessage(ELOOP))
    }
    self.target = target
    var status = stat()
    let exists = stat(target, &status) == 0
    let mode = status.st_mode & S_IFMT
    if exists, mode == S_IFDIR {
      throw Failure(.inputOutput, step: "cannot write", subject: path, cause: systemMessage(EISDIR))
    }
    if exists, mode != S_IFREG {
      descriptor = try Descriptor.openForWriting(target, unless: stop)
      temporary = nil
      return
    }
    if exists, access(target, W_OK) != 0 {
      throw Failure(.inputOutput, step: "cannot write", subject: path, cause: systemMessage(errno))
    }
    let folder = FilePath.folder(of: target).map { $0 + "/" } ?? ""
    let name = target.utf8.dropFirst(folder.utf8.count)
    let shortName = name.count > 200 ? "output" : String(decoding: name, as: UTF8.self)
    var template = Array((folder + "." + shortName + ".XXXXXX.part").utf8CString)
    let number = retryingOnInterrupt { mkstemps(&template, 5) }
    guard number >= 0 else {
      throw Failure(.inputOutput, step: "cannot write", subject: path, cause: systemMessage(errno))
    }
    descriptor = Descriptor(number)
    temporary = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    _ = fcntl(number, F_SETFD, FD_CLOEXEC)
    if let temporary { Self.temporaries.withLock { _ = $0.insert(temporary) } }
    // mkstemps makes the file private; give it the rights that a plain open would have, or the old file's.
    let mask = umask(0)
    umask(mask)
    fchmod(number, exists ? status.st_mode & 0o7777 : 0o666 & ~mask)
  }

  deinit {
    discard()
  }

  /// Whether the file is invisible before ``commit()``; a target that is written directly is not.
  package var isHidden: Bool { temporary != nil }

  /// Flushes the file and gives it its final name.
  package func commit() throws(Failure) {
    guard isOpen else { return }
    isOpen = false
    defer { forget() }
    if let temporary {
      var step = "writing"
      // fsync first: after a power cut the final name must not hold an empty file.
      var code = fsync(descriptor.number) == 0 ? 0 : errno
      if close(descriptor.number) != 0, code == 0 { code = errno }
      if code == 0, rename(temporary, target) != 0 { (step, code) = ("cannot rename to", errno) }
      guard code == 0 else {
        unlink(temporary)
        throw Failure(.inputOutput, step: step, subject: path, cause: systemMessage(code))
      }
      Self.settleFolder(of: target)
    } else if close(descriptor.number) != 0 {
      throw Failure(.inputOutput, step: "writing", subject: path, cause: systemMessage(errno))
    }
  }

  /// Makes a new name survive a loss of power. Not every file system can; that is not an error.
  private static func settleFolder(of path: String) {
    let folder = FilePath.folder(of: path).map { $0 + "/" } ?? "."
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    close(descriptor)
  }

  /// Removes what was written; the final name keeps what it had.
  package func discard() {
    guard isOpen else { return }
    isOpen = false
    close(descriptor.number)
    if let temporary { unlink(temporary) }
    forget()
  }

  private func forget() {
    if let temporary { Self.temporaries.withLock { _ = $0.remove(temporary) } }
  }

  /// Follows symbolic links to the file's name, also where that file does not exist yet; nil if they lead
  /// nowhere.
  private static func resolvingLinks(_ path: String) -> String? {
    var path = path
    // As many links as Linux itself follows.
    for _ in 0..<40 {
      var status = stat()
      guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK,
        let next = linkTarget(path)
      else { return path }
      path = next
    }
    return nil
  }

  /// What a symbolic link points to, as seen from the present folder.
  private static func linkTarget(_ path: String) -> String? {
    let target = withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX) + 1) { buffer in
      let count = readlink(path, buffer.baseAddress!, Int(PATH_MAX))
      guard count > 0 else { return String?.none }
      buffer[count] = 0
      return String(cString: buffer.baseAddress!)
    }
    guard let target, !target.hasPrefix("/"), let folder = FilePath.folder(of: path) else { return target }
    return folder + "/" + target
  }
}
