import Glibc

extension Descriptor {
  /// Opens a file to be read.
  /// - Parameter stop: a descriptor that becomes readable when waiting for a named pipe's writer should end.
  /// - Throws: ``Failure`` with the file as its subject.
  public static func openForReading(_ path: String, unless stop: Descriptor? = nil) throws(Failure)
    -> Descriptor
  {
    // open(2) itself would wait until somebody writes a named pipe, whatever signals come.
    let mode = O_RDONLY | O_CLOEXEC | (stop == nil ? 0 : O_NONBLOCK)
    let number = retryingOnInterrupt { open(path, mode) }
    guard number >= 0 else {
      throw Failure(.inputOutput, step: "cannot open", subject: path, cause: systemMessage(errno))
    }
    let descriptor = Descriptor(number)
    if descriptor.isKind(S_IFDIR) {
      descriptor.close()
      throw Failure(.inputOutput, step: "cannot open", subject: path, cause: systemMessage(EISDIR))
    }
    guard let stop else { return descriptor }
    descriptor.block()
    if descriptor.isPipe, try !descriptor.wait(for: Int16(POLLIN), unless: stop) {
      descriptor.close()
      throw Failure(.failed, step: "cannot open", subject: path, cause: "interrupted")
    }
    return descriptor
  }

  /// Opens what exists already, a device or a named pipe, to be written.
  /// - Parameter stop: as for ``openForReading(_:unless:)``.
  static func openForWriting(_ path: String, unless stop: Descriptor?) throws(Failure) -> Descriptor {
    while true {
      let mode = O_WRONLY | O_CLOEXEC | (stop == nil ? 0 : O_NONBLOCK)
      let number = retryingOnInterrupt { open(path, mode) }
      if number >= 0 {
        if stop != nil { Descriptor(number).block() }
        return Descriptor(number)
      }
      // A named pipe that nobody reads yet; there is nothing to wait on but time.
      guard errno == ENXIO, let stop, isNamedPipe(path) else {
        throw Failure(.inputOutput, step: "cannot write", subject: path, cause: systemMessage(errno))
      }
      if stop.isReadable(within: 0.05) {
        throw Failure(.failed, step: "cannot write", subject: path, cause: "interrupted")
      }
    }
  }

  private static func isNamedPipe(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
  }

  /// True for a pipe, named or not.
  public var isPipe: Bool { isKind(S_IFIFO) }

  /// True for a file on a disk, which has no reader or writer to wait for.
  public var isRegularFile: Bool { isKind(S_IFREG) }

  private func isKind(_ kind: mode_t) -> Bool {
    var status = stat()
    return fstat(number, &status) == 0 && status.st_mode & S_IFMT == kind
  }

  /// Lets calls wait.
  private func block() {
    let flags = fcntl(number, F_GETFL)
    if flags >= 0 { _ = fcntl(number, F_SETFL, flags & ~O_NONBLOCK) }
  }

  /// What has been written into a pipe and not been read; 0 for anything else.
  public var unreadByteCount: Int {
    var count: Int32 = 0
    guard isPipe, ioctl(number, UInt(FIONREAD), &count) == 0 else { return 0 }
    return Int(count)
  }
}
