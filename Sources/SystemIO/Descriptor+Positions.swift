import Glibc

extension Descriptor {
  /// Takes the file for this process alone (`flock`), until the descriptor is closed; false if another has it.
  package func lockWithoutWaiting() -> Bool { lock(LOCK_EX) == 0 }

  /// `flock` without waiting.
  /// - Returns: 0, or the system's error number.
  func lock(_ operation: Int32) -> Int32 {
    retryingOnInterrupt { flock(number, operation | LOCK_NB) } == 0 ? 0 : errno
  }

  /// What `fstat` gives as the file's length; 0 if it has none.
  package var fileLength: Int {
    var status = stat()
    return fstat(number, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Where in a file the next `read` begins; nil for what has no positions, such as a pipe.
  package var position: Int? {
    let place = lseek(number, 0, SEEK_CUR)
    return place < 0 ? nil : Int(place)
  }

  /// Makes the next `read` begin at `offset`.
  /// - Throws: ``Failure`` (`inputOutput`) for what has no positions.
  package func seek(to offset: Int) throws(Failure) {
    guard lseek(number, off_t(offset), SEEK_SET) >= 0 else {
      throw Failure(system: errno, step: "seeking")
    }
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
        throw Failure(system: errno, step: "reading")
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
        throw Failure(system: errno, step: "writing")
      }
    }
  }

  /// Cuts the file off, or makes it longer with zeros.
  package func setFileLength(_ length: Int) throws(Failure) {
    guard retryingOnInterrupt({ ftruncate(number, off_t(length)) }) == 0 else {
      throw Failure(system: errno, step: "changing the length")
    }
  }
}
