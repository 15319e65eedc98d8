import SystemIO

/// Holds frames back to the pace of their times, and says which come too late to be worth writing.
struct RealtimePace {
  /// The clock's time at which a frame of time 0 is due; set by the first frame.
  private var origin: Double?
  /// When the last frame came, and since when none has been written.
  private var last = 0.0
  private var lateSince: Double?
  /// Since when more than one frame has been waiting for the reader whenever another came.
  private var waitingSince: Double?

  /// Seconds that a frame may be late, or that frames before it may have waited for the reader, before it is dropped.
  /// A few frames' length, so that a short pause of the machine costs none.
  private static let tolerance = 0.1
  /// Seconds per second by which the source's clock may be slower than ours.
  private static let drift = 0.001
  /// Seconds without a frame after which one is written, however late: then all that follow are that late.
  private static let patience = 2.0

  /// Waits until the frame of this time is due; true if that is already too long ago, or its reader is behind.
  /// - Parameters:
  ///   - isLive: the frames come at their own pace: none is held back, and one is due when it would have come had it
  ///     taken no longer than the fastest one.
  ///   - backlog: how many frames have been written and not read.
  mutating func isLate(
    time: Double, isLive: Bool, backlog: () -> Double, unless stop: Descriptor,
    now: Double = MonotonicClock.seconds()
  ) -> Bool {
    defer { last = now }
    guard let origin else {
      self.origin = now - time
      return false
    }
    let due: Double
    if isLive {
      let aged = min(origin + (now - last) * RealtimePace.drift, now - time)
      self.origin = aged
      due = aged + time
    } else {
      due = origin + time
      while due > MonotonicClock.seconds(), !stop.isReadable(within: due - MonotonicClock.seconds()) {}
    }
    waitingSince = backlog() > 1.5 ? waitingSince ?? now : nil
    let isBehind = waitingSince.map { now - $0 > RealtimePace.tolerance } ?? false
    guard isBehind || now - due > RealtimePace.tolerance else {
      lateSince = nil
      return false
    }
    let since = lateSince ?? now
    lateSince = since
    guard now - since > RealtimePace.patience else { return true }
    // The delay will not be made up for.
    lateSince = nil
    self.origin = now - time
    return false
  }
}
