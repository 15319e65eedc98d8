import Glibc

/// The system's clock that only goes forward, for lengths of time.
package enum MonotonicClock {
  /// Seconds since some moment in the past.
  package static func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
