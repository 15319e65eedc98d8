import Glibc

extension Descriptor {
  /// True for a pipe, named or not.
  public var isPipe: Bool { isKind(S_IFIFO) }

  /// True for a file on a disk, which has no reader or writer to wait for.
  public var isRegularFile: Bool { isKind(S_IFREG) }

  var isFolder: Bool { isKind(S_IFDIR) }

  private func isKind(_ kind: mode_t) -> Bool {
    var status = stat()
    return fstat(number, &status) == 0 && status.st_mode & S_IFMT == kind
  }

  /// What has been written into a pipe and not been read; 0 for anything else.
  public var unreadByteCount: Int {
    var count: Int32 = 0
    guard isPipe, ioctl(number, UInt(FIONREAD), &count) == 0 else { return 0 }
    return Int(count)
  }
}
