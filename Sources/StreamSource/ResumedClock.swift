import FrameStream
import SystemIO

/// Continues the times of a stream with those of an input that was opened again.
struct ResumedClock {
  /// Seconds that are added to the present input's times.
  private var shift = 0.0
  private var isWaitingForOrigin = false
  /// The last record's time in seconds, and the monotonic clock then.
  private var last: (time: Double, wall: Double)?
  private var first: Double?

  /// When `duration` seconds of the stream will have passed, with those since its last record, on the monotonic clock.
  func end(after duration: Double) -> Double {
    guard let first, let last else { return MonotonicClock.seconds() + duration }
    return last.wall + duration - (last.time - first)
  }

  /// Another input follows, whose times begin anywhere.
  mutating func restart() { isWaitingForOrigin = last != nil }

  /// A time of the present input in the stream's units.
  mutating func ticks(_ value: Int, from source: Rational, to target: Rational) -> Int {
    let shifted = time(source.seconds(value))
    if source == target, shift == 0 { return value }
    return target.ticks(shifted) ?? value
  }

  /// A length of time in the stream's units.
  static func length(_ value: Int, from source: Rational, to target: Rational) -> Int {
    source == target ? value : target.ticks(source.seconds(value)) ?? value
  }

  /// A time of the present input, in seconds, as a time of the stream.
  private mutating func time(_ seconds: Double) -> Double {
    if isWaitingForOrigin, let last {
      isWaitingForOrigin = false
      // What was missed takes the time that it took.
      shift = last.time + max(0.001, MonotonicClock.seconds() - last.wall) - seconds
    }
    let result = seconds + shift
    last = (max(result, last?.time ?? result), MonotonicClock.seconds())
    first = first ?? result
    return result
  }
}
