import Glibc

/// Several files that appear under their final names only when all are whole, one of them, the main one, last.
///
/// They are made in a folder beside the main file, named `.NAME.part.XXXXXX`; ``commit()`` moves them from there.
package final class FolderReplacement {
  /// The main file's name until then.
  package let temporaryPath: String
  private let path: String
  private let folder: String
  private var isOpen = true

  /// - Parameter path: the main file's final name.
  /// - Throws: ``Failure`` (`inputOutput`) with the path as its subject.
  package init(path: String) throws(Failure) {
    self.path = path
    // Never to be taken for a URL, whatever colons it has.
    let place = (path.hasPrefix("/") ? "" : "./") + (FilePath.folder(of: path).map { $0 + "/" } ?? "")
    let name = FilePath.lastComponent(path)
    guard !name.isEmpty, !FilePath.isFolder(path) else {
      throw Failure(.inputOutput, step: "cannot write", subject: path, cause: systemMessage(EISDIR))
    }
    let shortName = name.utf8.count > 200 ? "output" : name
    var template = Array((place + "." + shortName + ".part.XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else {
      throw Failure(system: errno, step: "cannot write", subject: path)
    }
    folder = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    temporaryPath = FilePath.join(folder, name)
    TemporaryFiles.remember(folder)
  }

  deinit { discard() }

  /// Flushes the files and gives them their final names.
  /// - Throws: ``Failure`` (`inputOutput`); files that have their names by then keep them, the main one has not.
  package func commit() throws(Failure) {
    guard isOpen else { return }
    defer { discard() }
    let main = FilePath.lastComponent(path)
    let names = (FolderListing.names(in: folder) ?? []).filter { $0 != main }.sorted()
    guard FilePath.exists(temporaryPath) else {
      throw Failure(.failed, step: "writing", subject: path, cause: "nothing was written")
    }
    for name in names + [main] {
      let source = FilePath.join(folder, name)
      let target = FilePath.folder(of: path).map { FilePath.join($0 + "/", name) } ?? name
      let file = open(source, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
      if file >= 0 {
        _ = fsync(file)
        close(file)
      }
      guard rename(source, target) == 0 else {
        throw Failure(system: errno, step: "cannot rename to", subject: target)
      }
    }
  }

  /// Removes what was written.
  package func discard() {
    guard isOpen else { return }
    isOpen = false
    TemporaryFiles.remove(folder)
    TemporaryFiles.forget(folder)
  }
}
