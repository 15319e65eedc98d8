import CFFmpeg
import FrameStream
import SystemIO

/// The times of an output's pictures, in the encoder's units; those that do not rise are left out and counted.
struct OutputClock {
  private let source: AVRational
  private let target: AVRational
  /// A picture's duration by the frame rate; 0 if there is none.
  private let nominalDuration: Int64
  private var lastTime: Int64?
  /// The time of the first picture.
  private(set) var firstTime: Int64?
  /// Where the last picture ends.
  private(set) var endTime: Int64 = 0
  /// The distance of the last two pictures.
  private var lastDistance: Int64 = 0
  /// The last picture's time in the source's units.
  private var lastSourceTime = 0
  private var frameCount = 0
  /// Pictures whose times do not rise in the source already.
  private var misplacedCount = 0
  /// Pictures that fall on the time of the one before in these units only.
  private var collisionCount = 0

  /// - Parameter timeBase: the encoder's units.
  init(_ video: VideoDescription, timeBase: Rational) {
    source = (video.timeBase.isPositive ? video.timeBase : Rational(1, 25)).native
    target = timeBase.native
    if let rate = video.frameRate, rate.isPositive {
      nominalDuration = av_rescale_q(1, Rational(rate.denominator, rate.numerator).native, target)
    } else {
      nominalDuration = 0
    }
  }

  /// The duration of a picture that has none: the distance of the last two pictures.
  var usualDuration: Int64 { lastDistance > 0 ? lastDistance : nominalDuration }

  /// Converts a picture's time and duration (0 if unknown) into the encoder's units; nil if it is left out.
  mutating func place(pts: Int, duration: Int?) -> (time: Int64, duration: Int64)? {
    frameCount += 1
    let time = av_rescale_q(Int64(pts), source, target)
    if let lastTime {
      guard time > lastTime else {
        if pts <= lastSourceTime { misplacedCount += 1 } else { collisionCount += 1 }
        return nil
      }
      lastDistance = time &- lastTime
    }
    lastTime = time
    lastSourceTime = pts
    firstTime = firstTime ?? time
    let length = duration.map { av_rescale_q(Int64($0), source, target) } ?? 0
    endTime = time &+ max(length > 0 ? length : usualDuration, 1)
    return (time, length)
  }

  /// What to say of pictures that were left out, though the output counts as whole.
  var remarks: [String] {
    var remarks: [String] = []
    if misplacedCount > 0, !lacksMany {
      remarks.append(
        "\(misplacedCount) frames are left out: their times are not later than those before")
    }
    if collisionCount > 0 {
      remarks.append(
        "\(collisionCount) frames fell on the time of the one before in the output's clock and are left out")
    }
    return remarks
  }

  private var lacksMany: Bool { misplacedCount > max(3, frameCount / 100) }

  /// Why an output that lacks many of its pictures is not whole; nil if it lacks few.
  func loss(_ name: String) -> Failure? {
    guard lacksMany else { return nil }
    return Failure(
      .badInput, step: "frames left out", subject: name,
      cause: "the times of \(misplacedCount) of \(frameCount) are not later than those before")
  }
}
