import Glibc

/// What the file system knows about a file, links followed (`stat`).
package struct FileStatus: Sendable, Equatable {
  /// Whether it is a folder.
  package let isFolder: Bool
  /// Whether it is a regular file.
  package let isRegularFile: Bool
  /// The size of a regular file.
  package let byteCount: Int
  /// The last change of the contents, in nanoseconds since 1970.
  package let modification: Int
  /// The file system's number.
  package let device: UInt64
  /// The file's number in it.
  package let inode: UInt64

  /// Nil if there is no such file, or it may not be looked at.
  package init?(path: String) {
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
package enum FolderListing {
  /// Every name but `.` and `..`, in the order of their bytes (as `LC_ALL=C ls -A`), so that it is the same
  /// everywhere; nil if the folder cannot be read. Bytes of a name that are not UTF-8 become U+FFFD, by which no file
  /// is found; see ``pathNames(in:)``.
  package static func names(in folder: String) -> [String]? {
    entries(of: folder)?.map { String(decoding: $0, as: UTF8.self) }
  }

  /// The same without hidden files; each name leads to its file.
  /// - Throws: ``Failure`` with the folder as its subject: (`inputOutput`) if it cannot be read; (`badInput`) for a
  ///   name that is not UTF-8, which it gives as `printf` would take it.
  package static func pathNames(in folder: String) throws(Failure) -> [String] {
    guard let entries = entries(of: folder) else {
      throw Failure(
        .inputOutput, step: "cannot read the folder", subject: folder, cause: systemMessage(errno))
    }
    var names: [String] = []
    for entry in entries where entry.first != UInt8(ascii: ".") {
      guard let name = String(validating: entry, as: UTF8.self) else {
        throw Failure(
          .badInput, step: "reading the folder", subject: folder,
          cause: "the name \"\(escaped(entry))\" in it is not UTF-8; give it another one")
      }
      names.append(name)
    }
    return names
  }

  /// The names' bytes, in their order; nil, and `errno`, if the folder cannot be read.
  private static func entries(of folder: String) -> [[UInt8]]? {
    guard let directory = opendir(folder) else { return nil }
    defer { closedir(directory) }
    var names: [[UInt8]] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: UInt8.self, capacity: 256) {
          Array(UnsafeBufferPointer(start: $0, count: strlen($0)))
        }
      }
      if name != [0x2E], name != [0x2E, 0x2E] { names.append(name) }
    }
    return names.sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// Printable ASCII as it is, everything else as a backslash and three octal digits.
  private static func escaped(_ bytes: [UInt8]) -> String {
    bytes.map { byte in
      if (0x20...0x7E).contains(byte), byte != UInt8(ascii: "\\") { return String(UnicodeScalar(byte)) }
      let digits = String(byte, radix: 8)
      return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
    }.joined()
  }
}
