import CFFmpeg
import FrameStream

/// The pictures' times: the container's where it has any, otherwise counted from durations.
struct PictureClock {
  private let tick: Int64
  /// Whether libav makes times up, for it reads no container: decode times are none of pictures then, and times that
  /// only some pictures have do not count from the first.
  private let isContainerless: Bool
  private let countsOnRate: Bool
  private(set) var current = 0
  private var previousDuration: Int64?
  private var isCounting = false
  /// True right after the first time that had to be made up.
  private(set) var justStartedCounting = false

  /// - Parameter isContainerless: whether a codec's bits are read without a container.
  init(timeBase: Rational, frameRate: Rational?, isContainerless: Bool) {
    self.isContainerless = isContainerless
    countsOnRate = frameRate != nil
    let rate = frameRate ?? Rational(25, 1)
    tick = max(1, av_rescale_q(1, Rational(rate.denominator, rate.numerator).native, timeBase.native))
  }

  /// What made-up times are counted from.
  var basis: String { countsOnRate ? "the nominal frame rate" : "25 frames a second" }

  mutating func time(of frame: UnsafePointer<AVFrame>) -> Int {
    justStartedCounting = false
    let own = isCounting ? fm_no_timestamp : frame.pointee.pts
    let stamp = isContainerless ? own : frame.pointee.best_effort_timestamp
    if stamp != fm_no_timestamp {
      current = Int(stamp)
    } else {
      justStartedCounting = !isCounting
      isCounting = true
      if let previousDuration { current = current &+ Int(previousDuration) }
    }
    let duration = fm_frame_duration(frame)
    previousDuration = duration > 0 ? duration : tick
    return current
  }
}
