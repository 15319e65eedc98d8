import Glibc

extension Descriptor {
  /// Opens a file to be read and written, and makes it if it is not there.
  /// - Throws: ``Failure`` (`inputOutput`) with the file as its subject.
  package static func openForUpdating(_ path: String) throws(Failure) -> Descriptor {
    let number = retryingOnInterrupt { open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666) }
    guard number >= 0 else {
      throw Failure(.inputOutput, step: "cannot open", subject: path, cause: systemMessage(errno))
    }
    return Descriptor(number)
  }

  /// Takes the file for this process alone (`flock`), until the descriptor is closed; false if another has it.
  package func lockWithoutWaiting() -> Bool {
    retryingOnInterrupt { flock(number, LOCK_EX | LOCK_NB) } == 0
  }

  /// What `fstat` gives as the file's length; 0 if it has none.
  package var fileLength: Int {
    var status = stat()
    return fstat(number, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Fills `region` from `offset` on (`pread`).
  /// - Returns: the number of bytes; fewer than asked for only at the end of the file.
  package func read(at offset: Int, into region: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    var done = 0
    while done < region.count {
      let count = pread(number, region.baseAddress! + done, region.count - done, off_t(offset + done))
      if count == 0 { break }
      if count > 0 {
        done += count
      } else if errno != EINTR {
        throw Failure(.inputOutput, step: "reading", cause: systemMessage(errno))
      }
    }
    return done
  }

  /// Writes all of `bytes` from `offset` on (`pwrite`).
  package func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(Failure) {
    var done = 0
    while done < bytes.count {
      let count = pwrite(number, bytes.baseAddress! + done, bytes.count - done, off_t(offset + done))
      if count >= 0 {
        done += count
      } else if errno != EINTR {
        throw Failure(.inputOutput, step: "writing", cause: systemMessage(errno))
      }
    }
  }

  /// Cuts the file off, or makes it longer with zeros.
  package func setFileLength(_ length: Int) throws(Failure) {
    guard retryingOnInterrupt({ ftruncate(number, off_t(length)) }) == 0 else {
      throw Failure(.inputOutput, step: "changing the length", cause: systemMessage(errno))
    }
  }
}
