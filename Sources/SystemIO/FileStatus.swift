import Glibc

/// What the file system knows about a file, links followed (`stat`).
package struct FileStatus: Sendable, Equatable {
  private let mode: mode_t
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
    guard stat(path.fileNameBytes, &status) == 0 else { return nil }
    self.init(status)
  }

  /// Of an open file; nil if the descriptor is not open.
  init?(of descriptor: Descriptor) {
    var status = stat()
    guard fstat(descriptor.number, &status) == 0 else { return nil }
    self.init(status)
  }

  private init(_ status: stat) {
    mode = status.st_mode & S_IFMT
    byteCount = Int(status.st_size)
    modification = Int(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int(status.st_mtim.tv_nsec)
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
  }

  /// Whether it is a folder.
  package var isFolder: Bool { mode == S_IFDIR }
  /// Whether it is a regular file.
  package var isRegularFile: Bool { mode == S_IFREG }
  /// Whether it is a named pipe.
  package var isNamedPipe: Bool { mode == S_IFIFO }

  /// Refuses anything but a regular file.
  /// - Parameter path: Its name, for the message.
  /// - Throws: ``Failure`` (`badInput`) that says what it is.
  package func checkIsRegular(_ path: String) throws(Failure) {
    guard !isRegularFile else { return }
    let kind =
      switch mode {
      case S_IFDIR: "a folder"
      case S_IFIFO: "a named pipe"
      case S_IFSOCK: "a socket"
      case S_IFCHR, S_IFBLK: "a device"
      default: "a special file"
      }
    throw Failure(.badInput, step: "cannot open", subject: path, cause: "it is \(kind), not a regular file")
  }

  /// Whether both are the same file.
  package func isSameFile(as other: FileStatus) -> Bool { device == other.device && inode == other.inode }
}

/// The names in a folder.
package enum FolderListing {
  /// Every name but `.` and `..`, in the order of their bytes (as `LC_ALL=C ls -A`), so that it is the same
  /// everywhere; nil if the folder cannot be read. Each is a ``FileName`` that leads to its file.
  package static func names(in folder: String) -> [String]? {
    guard let directory = opendir(folder.fileNameBytes) else { return nil }
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
    return names.sorted { $0.lexicographicallyPrecedes($1) }.map { FileName.text($0) }
  }

  /// The same without hidden files.
  /// - Throws: ``Failure`` (`inputOutput`) with the folder as its subject if it cannot be read.
  package static func pathNames(in folder: String) throws(Failure) -> [String] {
    guard let names = names(in: folder) else {
      throw Failure(system: errno, step: "cannot read the folder", subject: folder)
    }
    return names.filter { $0.utf8.first != UInt8(ascii: ".") }
  }
}
