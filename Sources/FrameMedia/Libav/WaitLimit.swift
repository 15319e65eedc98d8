import CFFmpeg
import SystemIO

/// Ends libav's waiting for an input: after a request to stop, or too long a silence.
final class WaitLimit {
  private let interruption: MediaInterruption
  /// Seconds that one call may take; nil for any. Where the input is one connection, seconds without a byte.
  private var patience: Double?
  private var input: UnsafeMutablePointer<AVFormatContext>?
  private var byteCount: Int64 = 0
  private var deadline = Double.infinity
  /// True once a call took too long. It stays so: libav may report it only in a later call.
  private(set) var isExceeded = false

  init(_ interruption: MediaInterruption, seconds: Double?) {
    self.interruption = interruption
    patience = seconds
  }

  /// Watches the bytes of an opened input: a slow sender is not a silent one. The connections of a playlist are not seen
  /// here. Nil before the input is closed.
  func follow(_ input: UnsafeMutablePointer<AVFormatContext>?) { self.input = input }

  /// Lets this kind of input take `factor` times as long.
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

/// Ends libav's waiting for a network to take something: after a request to stop, a reader that takes nothing is given
/// two seconds, as one at the end of a pipe is.
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
