import Glibc
import Synchronization

/// A file descriptor that this process reads or writes; whoever opened it closes it.
///
/// The only place where `read`, `write` and `poll` are called: interrupted calls are made again, and a
/// descriptor that was left non-blocking by another program is waited for.
public struct Descriptor: Sendable, Equatable {
  /// The system's number.
  public let number: Int32

  /// Represents an open descriptor, which its opener still owns.
  public init(_ number: Int32) {
    self.number = number
  }

  /// Standard input.
  public static let standardInput = Descriptor(0)
  /// Standard output.
  public static let standardOutput = Descriptor(1)
  /// Standard error.
  public static let standardError = Descriptor(2)

  /// Whether it is a terminal.
  public var isTerminal: Bool { isatty(number) == 1 }

  /// Bytes written by this process so far, to whatever descriptor; a signal handler may look at them.
  package static let writtenByteCount = Atomic<Int>(0)

  /// Closes it; errors are ignored.
  public func close() {
    _ = Glibc.close(number)
  }

  /// Reads into the two regions in order, as much as one call gives (`readv`); 0 at the end of the input.
  /// - Parameter stop: a descriptor that becomes readable when the reader should give up.
  /// - Returns: the number of bytes, or nil if `stop` became readable first.
  public func read(
    into first: UnsafeMutableRawBufferPointer, then second: UnsafeMutableRawBufferPointer,
    unless stop: Descriptor? = nil
  ) throws(Failure) -> Int? {
    while true {
      if let stop, try !wait(for: Int16(POLLIN), unless: stop) { return nil }
      let count = withUnsafeTemporaryAllocation(of: iovec.self, capacity: 2) { vectors in
        vectors[0] = iovec(iov_base: first.baseAddress, iov_len: first.count)
        vectors[1] = iovec(iov_base: second.baseAddress, iov_len: second.count)
        return readv(number, vectors.baseAddress, 2)
      }
      if count >= 0 { return count }
      switch errno {
      case EINTR: continue
      case EAGAIN: _ = try wait(for: Int16(POLLIN), unless: stop)
      default: throw Failure(system: errno, step: "reading")
      }
    }
  }

  /// Writes all of `bytes`.
  public func write(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
    var rest = bytes
    while !rest.isEmpty {
      let count = Glibc.write(number, rest.baseAddress, rest.count)
      if count >= 0 {
        Descriptor.writtenByteCount.add(count, ordering: .relaxed)
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      } else {
        try recover(from: errno)
      }
    }
  }

  /// Writes all the regions in order (`writev`); `vectors` is used up.
  public func write(_ vectors: UnsafeMutableBufferPointer<iovec>) throws(Failure) {
    var next = 0
    while next < vectors.count {
      let group = min(vectors.count - next, 1024)
      var count = writev(number, vectors.baseAddress! + next, Int32(group))
      if count < 0 {
        try recover(from: errno)
        continue
      }
      Descriptor.writtenByteCount.add(count, ordering: .relaxed)
      while next < vectors.count, count >= vectors[next].iov_len {
        count -= vectors[next].iov_len
        next += 1
      }
      if count > 0 {
        vectors[next].iov_base += count
        vectors[next].iov_len -= count
      }
    }
  }

  /// Waits until there is something to read, or the other end is closed.
  public func waitUntilReadable() throws(Failure) {
    _ = try wait(for: Int16(POLLIN), unless: nil)
  }

  /// Waits at most `seconds` until there is something to read; false if nothing came.
  public func isReadable(within seconds: Double) -> Bool {
    var entry = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
    let milliseconds = Int32(min(max(seconds * 1000, 0), 60_000).rounded(.up))
    return retryingOnInterrupt { poll(&entry, 1, milliseconds) } > 0
  }

  private func recover(from code: Int32) throws(Failure) {
    switch code {
    case EINTR: return
    case EAGAIN: _ = try wait(for: Int16(POLLOUT), unless: nil)
    case EPIPE: throw Failure(.brokenPipe, step: "writing", cause: systemMessage(code))
    default: throw Failure(system: code, step: "writing")
    }
  }

  /// Waits until the descriptor is ready; false if `stop` became readable before it.
  func wait(for events: Int16, unless stop: Descriptor?) throws(Failure) -> Bool {
    while true {
      let (result, stopped) = withUnsafeTemporaryAllocation(of: pollfd.self, capacity: 2) { entries in
        entries[0] = pollfd(fd: number, events: events, revents: 0)
        entries[1] = pollfd(fd: stop?.number ?? -1, events: Int16(POLLIN), revents: 0)
        return (poll(entries.baseAddress, 2, -1), entries[1].revents != 0)
      }
      if stopped { return false }
      if result > 0 { return true }
      guard errno == EINTR else {
        throw Failure(system: errno, step: "waiting for input")
      }
    }
  }
}

/// The system's words for an error number: "No such file or directory".
package func systemMessage(_ code: Int32) -> String {
  withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
    guard strerror_r(code, buffer.baseAddress!, buffer.count) == 0 else { return "error \(code)" }
    return String(cString: buffer.baseAddress!)
  }
}

/// Repeats a system call while signals interrupt it.
package func retryingOnInterrupt(_ call: () -> Int32) -> Int32 {
  while true {
    let result = call()
    if result != -1 || errno != EINTR { return result }
  }
}
