import Glibc

/// What the file system says of a file, links followed (`stat`).
public struct FileStatus: Sendable, Equatable {
  public let isFolder: Bool
  public let isRegularFile: Bool
  public let byteCount: Int
  /// The last change of the contents, in nanoseconds since 1970.
  public let modification: Int
  public let device: UInt64
  public let inode: UInt64

  /// Nil if there is no such file, or it may not be looked at.
  public init?(path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    let mode = status.st_mode & S_IFMT
    isFolder = mode == S_IFDIR
    isRegularFile = mode == S_IFREG
    byteCount = Int(status.st_size)
    modification = Int(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int(status.st_mtim.tv_nsec)
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
  }
}

/// The names in a folder.
public enum FolderListing {
  /// Every name but `.` and `..`, in the order of their bytes (as `LC_ALL=C ls -A`), so that it is the same
  /// everywhere; nil if the folder cannot be read.
  public static func names(in folder: String) -> [String]? {
    guard let directory = opendir(folder) else { return nil }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}

/// The absolute path of a file without links and dots in it (`realpath`); nil if there is no such file.
public func resolvedPath(_ path: String) -> String? {
  guard let resolved = realpath(path, nil) else { return nil }
  defer { free(resolved) }
  return String(cString: resolved)
}
