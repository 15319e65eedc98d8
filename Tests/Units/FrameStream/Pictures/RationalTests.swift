import FrameStream
import Testing

@Suite struct RationalTests {
  static let bases = [Rational(1, 25), Rational(1, 90_000), Rational(1001, 30_000), Rational(1, 44_100)]

  @Test(arguments: bases) func ticksSurviveSeconds(base: Rational) {
    for ticks in [0, 1, -1, 7, 90_001, -123_457, 1 << 40] {
      #expect(base.ticks(base.seconds(ticks)) == ticks)
    }
  }

  @Test func secondsAreTheNearestDouble() {
    // 3003·(1/90000) would be one unit in the last place off.
    #expect(Rational(1, 90_000).seconds(3003) == 3003.0 / 90_000)
    #expect(Rational(1, 1000).ticks(0.0016) == 2)
  }

  @Test func timesBeyondADoubleAreNone() {
    #expect(Rational(1, 1_000_000).ticks(1e10) == nil)
    #expect(Rational(1, 25).ticks(.nan) == nil)
    #expect(Rational(0, 1).ticks(1) == nil)
  }
}
