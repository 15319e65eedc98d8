import FrameStream
import Testing

@testable import StreamSource

/// Times of an input that was opened again and counts in other units.
struct ResumedClockTests {
  private let thousandths = Rational(1, 1000)
  private let ninetieths = Rational(1, 90_000)

  @Test func unitsAreThoseOfTheStream() {
    var clock = ResumedClock()
    #expect(clock.ticks(1500, from: thousandths, to: thousandths) == 1500)
    #expect(clock.ticks(180_000, from: ninetieths, to: thousandths) == 2000)
    #expect(ResumedClock.length(40, from: thousandths, to: thousandths) == 40)
    #expect(ResumedClock.length(3600, from: ninetieths, to: thousandths) == 40)
    #expect(
      ResumedClock.length(.max, from: Rational(1, 1), to: ninetieths) == .max, "out of range: as it was")
  }

  @Test func timesGoOnBehindThoseBefore() {
    var clock = ResumedClock()
    _ = clock.ticks(10_000, from: thousandths, to: thousandths)
    clock.restart()
    // What begins anywhere follows by the time that was missed, which here is next to nothing.
    let first = clock.ticks(90_000_000, from: ninetieths, to: thousandths)
    let second = clock.ticks(90_003_600, from: ninetieths, to: thousandths)
    #expect(first > 10_000 && (39...41).contains(second - first))
  }
}
