import SystemIO

/// Gives frames out at the pace of their times, by the clock on the wall.
struct RealtimePace {
  /// The clock's time at which a frame of time 0 is due; set by the first frame.
  private var origin: Double?
  /// A frame that is later than this, in seconds, is dropped. A few frames' length, so that a short pause of
  /// the machine costs none.
  private let tolerance = 0.1

  /// Waits until the frame of this time is due; true if that is already too long ago.
  mutating func isLate(time: Double, unless stop: Descriptor) -> Bool {
    let now = MonotonicClock.seconds()
    guard let origin else {
      self.origin = now - time
      return false
    }
    let due = origin + time
    while due > MonotonicClock.seconds(), !stop.isReadable(within: due - MonotonicClock.seconds()) {}
    return now - due > tolerance
  }
}
