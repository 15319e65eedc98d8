import ArgumentParser
import SystemIO

extension CompletionKind {
  /// Offers names that the tool knows, and files.
  /// - Parameters:
  ///   - names: The names; asked for when the Tab key is pressed.
  ///   - extensions: The extensions of the files' names, without dots.
  package static func names(
    _ names: @escaping @Sendable () -> [String], orFiles extensions: [String]
  ) -> CompletionKind {
    .custom { (_, _, prefix) in
      names() + filesToComplete(prefix, extensions, marksFolders: CompletionShell.requesting != .bash)
    }
  }
}

/// The files that a word may become, and the folders on the way to them.
/// - Parameters:
///   - prefix: The word so far.
///   - extensions: The extensions of the files' names, without dots.
///   - marksFolders: True to end folders with a slash; bash adds its own.
/// - Returns: Paths that begin with the prefix, sorted.
func filesToComplete(_ prefix: String, _ extensions: [String], marksFolders: Bool) -> [String] {
  let folder = prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? ""
  let start = prefix.dropFirst(folder.count)
  let names = FolderListing.names(in: folder.isEmpty ? "." : folder) ?? []
  return names.filter { $0.hasPrefix(start) && ($0.first != "." || start.first == ".") }.sorted().compactMap {
    name in
    let path = folder + name
    if FilePath.isFolder(path) { return marksFolders ? path + "/" : path }
    return extensions.contains(FilePath.fileExtension(name)) ? path : nil
  }
}
