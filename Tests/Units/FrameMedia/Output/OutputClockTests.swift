import FrameStream
import Testing

@testable import FrameMedia

/// The pictures' times in the units of an encoder.
struct OutputClockTests {
  private func clock(_ timeBase: Rational, frameRate: Rational? = Rational(25, 1)) -> OutputClock {
    let video = VideoDescription(
      width: 2, height: 2, pixelFormat: .gray, timeBase: Rational(1, 1000), frameRate: frameRate,
      colorRange: .pc)
    return OutputClock(video, timeBase: timeBase)
  }

  @Test func timesAreConverted() {
    var clock = clock(Rational(1, 90_000))
    #expect(clock.usualDuration == 3600)
    let first = clock.place(pts: 100, duration: nil)
    #expect(first?.time == 9000 && first?.duration == 0 && clock.endTime == 12_600)
    let second = clock.place(pts: 120, duration: 10)
    #expect(second?.time == 10_800 && second?.duration == 900 && clock.endTime == 11_700)
    #expect(clock.firstTime == 9000 && clock.usualDuration == 1800)
    #expect(clock.remarks == [] && clock.loss("x") == nil)
  }

  @Test func whatFallsTogetherOrGoesBackIsLeftOutAndCounted() {
    var clock = clock(Rational(1, 25))
    for pts in [0, 40, 42, 30, 80] { _ = clock.place(pts: pts, duration: nil) }
    #expect(
      clock.remarks == [
        "1 frames are left out: their times are not later than those before",
        "1 frames fell on the time of the one before in the output's clock and are left out",
      ])
    #expect(clock.loss("x") == nil)
    let placed = [0, 1, 2].compactMap { clock.place(pts: $0, duration: nil)?.time }
    #expect(placed == [])
    #expect(clock.loss("x")?.cause == "the times of 4 of 8 are not later than those before")
  }
}
