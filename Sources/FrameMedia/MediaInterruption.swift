import CFFmpeg
import Glibc
import Synchronization
import SystemIO

/// What libav asks, while it waits, whether to go on: a request to stop ends the wait, or too long a silence.
final class WaitLimit {
  private let interruption: MediaInterruption
  /// Seconds that one call may take; nil for any. Where the input is one connection, seconds without a byte.
  private var patience: Double?
  private var input: UnsafeMutablePointer<AVFormatContext>?
  private var byteCount: Int64 = 0
  private var deadline = Double.infinity
  /// True once a call took too long. It stays so: libav may tell of it only in a later call.
  private(set) var isExceeded = false

  init(_ interruption: MediaInterruption, seconds: Double?) {
    self.interruption = interruption
    patience = seconds
  }

  /// Whose bytes count once it is open: a slow sender is not a silent one. Playlists have connections that are not seen
  /// here. Nil before the input is closed.
  func follow(_ input: UnsafeMutablePointer<AVFormatContext>?) { self.input = input }

  /// What the input is may take so many times as long.
  func stretch(by factor: Double) { patience = patience.map { $0 * factor } }

  /// A call that may wait begins.
  func start() {
    if let patience { deadline = MonotonicClock.seconds() + patience }
  }

  /// True if libav is to give up.
  var isOver: Bool {
    if interruption.isRequested { return true }
    if deadline < .infinity, !isExceeded {
      if let received = input?.pointee.pb?.pointee.bytes_read, received != byteCount {
        byteCount = received
        start()
      }
      if MonotonicClock.seconds() > deadline { isExceeded = true }
    }
    return isExceeded
  }
}

/// What libav asks, while it waits for a network to take something, whether to go on: after a request to stop, a reader
/// that takes nothing is given two seconds, as one at the end of a pipe is.
final class SendLimit {
  private let interruption: MediaInterruption?
  /// Since when one call has been waiting after the request; nil if none has.
  private var since: Double?

  init(_ interruption: MediaInterruption?) { self.interruption = interruption }

  /// A call that may wait begins.
  func start() {
    // Once given up, a connection stays so: closing it must not wait again.
    if !isOver { since = nil }
  }

  /// True if libav is to give up.
  var isOver: Bool {
    guard let interruption, interruption.isRequested else { return false }
    let now = MonotonicClock.seconds()
    guard let since else {
      self.since = now
      return false
    }
    return now - since > 2
  }
}

/// A request to stop, which any thread may make; it ends a read or a connection that waits.
package final class MediaInterruption: Sendable {
  private let requested = Atomic<Bool>(false)
  /// Becomes readable when the request is made, so that poll(2) wakes.
  let descriptor: Int32
  private let writeEnd: Int32

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
