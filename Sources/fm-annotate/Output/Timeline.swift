import FrameStream
import SystemIO

/// Lays the times of streams that follow each other end to end, and begins at 0.
struct Timeline {
  /// The units of the output's pictures; nil before the first stream with pictures.
  private(set) var outputBase: Rational?
  private var current = StreamHeader()
  /// Seconds to add to the current stream's times; final when ``settleOrigin(picture:sound:)`` has been called.
  private(set) var shift = 0.0
  /// Where the last picture, or the sound beside it, ends, in seconds.
  private var end = 0.0
  private var lastStart: Double?
  private var hasSeveral = false
  /// Whether it is known where the current stream's times begin.
  private(set) var hasOrigin: Bool

  /// A stream that begins less than this after 0, in seconds, is where its source has it.
  private static let nearStart = 0.5
  /// Sound that begins less than this before 0 is its encoder's delay.
  private static let longestPriming = 0.1

  /// - Parameter keepsStart: Whether the first stream's times stay as they are: a cut that began at an hour, or a
  ///   clock's time.
  init(keepsStart: Bool = false) { hasOrigin = keepsStart }

  /// A stream begins.
  /// - Parameter soundEnd: where the sound of those before ends in the output, in seconds; nil if there is none.
  mutating func begin(_ header: StreamHeader, soundEnd: Double? = nil) {
    current = header
    // An input that could not be opened: it has no times.
    if header.video == nil { return }
    if outputBase == nil {
      outputBase = Self.units(header)
    } else {
      hasSeveral = true
      hasOrigin = false
      end = max(end, soundEnd ?? end)
      shift = end
    }
    lastStart = nil
  }

  /// The units of a stream's times, finer for a single picture: a film may follow it, and its pictures keep their times.
  private static func units(_ header: StreamHeader) -> Rational {
    let base = header.timeBase
    guard header.video?.frames == 1, base.value > finestTick else { return base }
    let (finer, isTooLarge) = base.denominator.multipliedReportingOverflow(by: 1000)
    return isTooLarge ? base : Rational(base.numerator, finer)
  }

  /// Ticks of more than a millisecond may move a picture away from its sound.
  private static let finestTick = 0.001

  /// Says where the current stream's times begin: the earlier of its first picture and its first sound goes to 0, or in a
  /// later stream to where the one before ends. A first stream that begins near 0 stays where it is.
  /// - Parameters:
  ///   - picture: the first picture's time in the video's units; nil if there is none so far.
  ///   - sound: when the first sound begins, in seconds; nil if there is none so far.
  mutating func settleOrigin(picture: Int?, sound: Double?) {
    guard !hasOrigin else { return }
    let picture = picture.map { current.timeBase.seconds($0) }
    guard let start = [picture, sound].compactMap(\.self).min() else { return }
    hasOrigin = true
    if hasSeveral {
      shift -= start
      return
    }
    let isPriming = start >= -Self.longestPriming && (picture ?? 0) >= 0
    if start > Self.nearStart || start < 0 && !isPriming {
      // Whole ticks of the pictures, so that sound keeps its place beside them.
      let tick = current.timeBase.value
      shift = -(start / tick).rounded(.down) * tick
    }
  }

  /// A frame's time and duration in the output's time base.
  mutating func frame(pts: Int, duration: Int?) throws(Failure) -> (pts: Int, duration: Int?) {
    let base = current.timeBase
    let start = base.seconds(pts)
    let length = duration.map { base.seconds($0) } ?? lastStart.map { start - $0 } ?? 0.04
    lastStart = start
    end = max(end, start + shift + max(length, 0))
    return (
      try convert(pts, base, outputBase ?? base, shift),
      try duration.map { (length) throws(Failure) in try convert(length, base, outputBase ?? base, 0) }
    )
  }

  /// A packet's times, in its track's time base.
  func packet(of track: Track, pts: Int?, dts: Int?) throws(Failure) -> (pts: Int?, dts: Int?) {
    let base = track.timeBase
    return (
      try pts.map { (time) throws(Failure) in try convert(time, base, base, shift) },
      try dts.map { (time) throws(Failure) in try convert(time, base, base, shift) }
    )
  }

  private func convert(_ value: Int, _ from: Rational, _ to: Rational, _ shift: Double) throws(Failure) -> Int
  {
    if from == to, shift == 0 { return value }
    guard let result = to.ticks(from.seconds(value) + shift) else {
      throw Failure(.badInput, step: "bad time", cause: "\(value) is out of range")
    }
    return result
  }
}
