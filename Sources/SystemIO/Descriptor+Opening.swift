import Glibc

/// What may be behind a name that is opened.
package enum FileKind: Sendable {
  /// Anything but a folder: a person gave the name, and it may be that of a pipe or a device.
  case any
  /// A regular file: the name was found in a folder, or the tools made it.
  case regular
}

extension Descriptor {
  /// Opens a file to be read.
  /// - Parameter stop: a descriptor that becomes readable when waiting for a named pipe's writer should end.
  /// - Throws: ``Failure`` with the file as its subject.
  public static func openForReading(_ path: String, unless stop: Descriptor? = nil) throws(Failure)
    -> Descriptor
  {
    try openForReading(path, only: .any, unless: stop)
  }

  /// Opens a file to be read, and waits until there is something to read or a request to stop has come.
  /// - Parameter stop: a descriptor that becomes readable when waiting should end; nil for the process's ``StopRequest``.
  /// - Throws: ``Failure`` with the file as its subject: (`inputOutput`) if it cannot be opened, (`badInput`) if it is
  ///   not of the kind, (`failed`) if the request came first.
  package static func openForReading(
    _ path: String, only kind: FileKind, unless stop: Descriptor? = nil
  ) throws(Failure) -> Descriptor {
    let stop = stop ?? StopRequest.descriptor
    let descriptor = try openWithoutWaiting(path, only: kind, unless: stop)
    guard descriptor.isPipe else { return descriptor }
    do throws(Failure) {
      guard try descriptor.wait(for: Int16(POLLIN), unless: stop) else {
        throw Failure(.failed, step: "cannot open", cause: "interrupted")
      }
    } catch {
      descriptor.close()
      throw error.within(path)
    }
    return descriptor
  }

  /// Opens a file to be read without waiting for a named pipe's writer; reading waits for it, if the descriptor is
  /// polled first.
  /// - Throws: as ``openForReading(_:only:unless:)``.
  package static func openWithoutWaiting(
    _ path: String, only kind: FileKind, unless stop: Descriptor? = nil
  ) throws(Failure) -> Descriptor {
    // Opening alone may have an effect on a device.
    if kind == .regular { try FileStatus(path: path)?.checkIsRegular(path) }
    // open(2) would wait until somebody writes a named pipe, whatever signals come.
    let mode = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK
    var number = retryingOnInterrupt { open(path.fileNameBytes, mode) }
    let stop = stop ?? StopRequest.descriptor
    while number < 0, errno == EWOULDBLOCK {
      // A file server that has lent the file out takes it back first.
      if stop?.isReadable(within: 0.05) ?? (usleep(50_000) != 0) {
        throw Failure(.failed, step: "cannot open", subject: path, cause: "interrupted")
      }
      number = retryingOnInterrupt { open(path.fileNameBytes, mode) }
    }
    guard number >= 0 else {
      throw Failure(system: errno, step: "cannot open", subject: path)
    }
    let descriptor = Descriptor(number)
    do throws(Failure) {
      if descriptor.isFolder {
        throw Failure(.inputOutput, step: "cannot open", subject: path, cause: systemMessage(EISDIR))
      }
      // The name may lead elsewhere by now.
      if kind == .regular { try FileStatus(of: descriptor)?.checkIsRegular(path) }
    } catch {
      descriptor.close()
      throw error
    }
    descriptor.block()
    return descriptor
  }

  /// Opens what exists already, a device or a named pipe, to be written.
  /// - Parameter stop: as for ``openForReading(_:only:unless:)``.
  static func openForWriting(_ path: String, unless stop: Descriptor?) throws(Failure) -> Descriptor {
    let stop = stop ?? StopRequest.descriptor
    while true {
      let mode = O_WRONLY | O_CLOEXEC | O_NOCTTY | (stop == nil ? 0 : O_NONBLOCK)
      let number = retryingOnInterrupt { open(path.fileNameBytes, mode) }
      if number >= 0 {
        if stop != nil { Descriptor(number).block() }
        return Descriptor(number)
      }
      // A named pipe that nobody reads yet; there is nothing to wait on but time.
      guard errno == ENXIO, let stop, FileStatus(path: path)?.isNamedPipe ?? false else {
        throw Failure(system: errno, step: "cannot write", subject: path)
      }
      if stop.isReadable(within: 0.05) {
        throw Failure(.failed, step: "cannot write", subject: path, cause: "interrupted")
      }
    }
  }

  /// Opens a regular file to be read and written, and makes it if it is not there.
  /// - Throws: ``Failure`` with the file as its subject: (`inputOutput`) if it cannot be opened, (`badInput`) if it is
  ///   no regular file.
  package static func openForUpdating(_ path: String) throws(Failure) -> Descriptor {
    try openOrMake(path, O_RDWR)
  }

  /// Opens a regular file to be read, and to be written at its end, and makes it if it is not there.
  /// - Throws: as ``openForUpdating(_:)``.
  package static func openForAppending(_ path: String) throws(Failure) -> Descriptor {
    try openOrMake(path, O_RDWR | O_APPEND)
  }

  private static func openOrMake(_ path: String, _ mode: Int32) throws(Failure) -> Descriptor {
    try FileStatus(path: path)?.checkIsRegular(path)
    let number = retryingOnInterrupt {
      open(path.fileNameBytes, mode | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0o666)
    }
    guard number >= 0 else {
      throw Failure(system: errno, step: "cannot open", subject: path)
    }
    let descriptor = Descriptor(number)
    do throws(Failure) { try FileStatus(of: descriptor)?.checkIsRegular(path) } catch {
      descriptor.close()
      throw error
    }
    descriptor.block()
    return descriptor
  }

  /// Lets calls wait.
  private func block() {
    let flags = fcntl(number, F_GETFL)
    if flags >= 0 { _ = fcntl(number, F_SETFL, flags & ~O_NONBLOCK) }
  }
}
