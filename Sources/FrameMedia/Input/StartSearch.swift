import CFFmpeg
import FrameStream

/// The search for the first picture at or after a start that lies within the media.
///
/// Formats without an index (MPEG-TS) say only roughly where key frames are, so a jump may end too late: then reading
/// steps back, further each time. Pictures between the jump and the start, the lead-in, are decoded and not given out.
struct StartSearch {
  /// Reading began at a position that was sought, and no picture from there has been seen.
  private var isSeeking: Bool
  /// Between a jump and the first wanted picture a decoder may lack what its pictures refer to; nobody sees them.
  private(set) var isInLeadIn: Bool
  /// The earliest time of a lead-in packet whose picture is wanted.
  private var earliestWanted: Int?
  /// Seconds before the start where decoding begins next, should it have begun too late.
  private var nextStepBack = 2.0

  /// - Parameter hasSought: whether reading begins after a jump.
  init(hasSought: Bool) {
    isSeeking = hasSought
    isInLeadIn = hasSought
  }

  /// Where to seek, in microseconds, because the first picture after the jump comes too late; nil if it does not.
  /// - Parameters:
  ///   - time: the picture's time; nil if it has none.
  ///   - isAtEnd: whether the input ended without any picture.
  ///   - origin: the container's first time in microseconds.
  mutating func stepBack(
    from time: Int?, isAtEnd: Bool, _ window: TimeWindow, _ timeBase: Rational, origin: Int64
  ) -> Int64? {
    guard isSeeking else { return nil }
    isSeeking = false
    if !isAtEnd {
      guard let time, window.position(of: time, timeBase) != .before else { return nil }
      let start = av_rescale_q(window.start, AVRational(num: 1, den: 1_000_000), timeBase.native)
      guard time > start else { return nil }
    }
    let target = window.start &- Int64(nextStepBack * 1e6)
    // Whether the step before this one went to the beginning.
    let last = nextStepBack > 2 ? window.start &- Int64(nextStepBack / 2 * 1e6) : window.start
    // Beyond that no recording is as long, whatever the container says of its beginning.
    guard last > origin, nextStepBack < 1e12 else { return nil }
    nextStepBack *= 2
    return max(target, origin)
  }

  /// Reading restarts at the position that ``stepBack(from:isAtEnd:_:_:origin:)`` gave.
  mutating func restart() {
    isSeeking = true
    earliestWanted = nil
  }

  /// Takes note of the time of a lead-in packet that is within the window: its picture must come.
  mutating func expectPicture(at time: Int) {
    earliestWanted = min(earliestWanted ?? time, time)
  }

  /// Ends the lead-in without a picture.
  mutating func abandonLeadIn() { isInLeadIn = false }

  /// Ends the lead-in with the first wanted picture.
  /// - Returns: whether a picture before it, which was wanted too, is missing.
  mutating func endLeadIn(at time: Int?) -> Bool {
    isInLeadIn = false
    guard let earliestWanted, let time else { return false }
    return time > earliestWanted
  }
}
