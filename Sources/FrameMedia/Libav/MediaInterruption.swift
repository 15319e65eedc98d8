import Glibc
import Synchronization

/// A request to stop, which any thread may make; it ends a read or a connection that waits.
package final class MediaInterruption: Sendable {
  private let requested = Atomic<Bool>(false)
  /// Becomes readable when the request is made, so that poll(2) wakes.
  let descriptor: Int32
  private let writeEnd: Int32

  /// No request yet.
  package init() {
    var ends: [Int32] = [-1, -1]
    // Without a pipe the request is still seen between two reads.
    if pipe(&ends) == 0 {
      for end in ends {
        _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        _ = fcntl(end, F_SETFL, O_NONBLOCK)
      }
    }
    (descriptor, writeEnd) = (ends[0], ends[1])
  }

  deinit {
    if descriptor >= 0 {
      close(descriptor)
      close(writeEnd)
    }
  }

  /// True once ``request()`` was called.
  package var isRequested: Bool { requested.load(ordering: .relaxed) }

  /// Asks for the end. Makes only an atomic store and a write(2), so a signal handler may call it.
  package func request() {
    requested.store(true, ordering: .relaxed)
    var one: UInt8 = 1
    if writeEnd >= 0 { _ = write(writeEnd, &one, 1) }
  }
}
