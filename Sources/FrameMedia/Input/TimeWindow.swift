import CFFmpeg
import FrameStream

/// Which part of the media is wanted, in microseconds on the container's clock.
struct TimeWindow {
  enum Position {
    case before
    case within
    case after
  }

  private(set) var start = Int64.min
  private var end = Int64.max
  /// Set when the first picture after the end has been seen.
  var videoHasEnded = false

  init(_ options: MediaInputOptions, origin: Int64) {
    let first = origin &+ TimeWindow.microseconds(options.start ?? 0)
    if options.start != nil { start = first }
    if let duration = options.duration { end = first &+ TimeWindow.microseconds(duration) }
  }

  private static func microseconds(_ seconds: Double) -> Int64 {
    seconds.isFinite ? Int64(max(0, min(seconds, 1e12)) * 1e6) : 0
  }

  /// Where a time lies; packets without any count as within.
  func position(of time: Int?, _ timeBase: Rational) -> Position {
    guard let time, start != .min || end != .max else { return .within }
    // As ffmpeg's trim filter: the limits are rounded to the stream's own ticks.
    let microsecond = AVRational(num: 1, den: 1_000_000)
    if start != .min, Int64(time) < av_rescale_q(start, microsecond, timeBase.native) { return .before }
    if end != .max, Int64(time) >= av_rescale_q(end, microsecond, timeBase.native) { return .after }
    return .within
  }

  /// More than a second after the end, so that nothing before the end is to be expected.
  func isFarBeyond(_ time: Int, _ timeBase: Rational) -> Bool {
    end != .max && Double(time) * timeBase.value > Double(end) / 1e6 + 1
  }
}
