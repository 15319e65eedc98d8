import SystemIO
import Testing

@testable import StreamSource

/// Which frames fm-decode drops, with clocks that a test makes up.
struct RealtimePaceTests {
  private func late(_ pace: inout RealtimePace, at now: Double, _ time: Double, backlog: Double = 0) -> Bool {
    pace.isLate(
      time: time, isLive: true, backlog: { backlog }, unless: Descriptor.standardInput, now: 1000 + now)
  }

  /// A camera whose clock is off by half a second an hour, for a day.
  @Test(arguments: [1.000139, 0.999861]) func clocksThatDriftCostNothing(_ rate: Double) {
    var pace = RealtimePace()
    var dropped = 0
    for second in 0..<86_400 where late(&pace, at: Double(second) * rate, Double(second)) { dropped += 1 }
    #expect(dropped == 0)
  }

  @Test func lateFramesAreDropped() {
    var pace = RealtimePace()
    #expect(!late(&pace, at: 0, 0))
    #expect(!late(&pace, at: 0.09, 0.04))
    #expect(late(&pace, at: 0.3, 0.08))
    #expect(!late(&pace, at: 0.31, 0.28))
  }

  /// What stays late, as after a time stamp that was wrong, is given out all the same.
  @Test func dropsDoNotLastForEver() {
    var pace = RealtimePace()
    #expect(!late(&pace, at: 0, 0))
    let results = (1..<100).map { late(&pace, at: 5 + Double($0) * 0.1, Double($0) * 0.1) }
    let first = results.firstIndex(of: false) ?? -1
    #expect((20...22).contains(first))
    #expect(results[first...].allSatisfy { !$0 })
  }

  @Test func framesThatWaitForTheReaderDelayNoOthers() {
    var pace = RealtimePace()
    let backlogs = [0, 1, 3, 0, 2, 2, 2, 2, 2, 1, 0.0]
    let results = backlogs.enumerated().map {
      late(&pace, at: Double($0) * 0.04, Double($0) * 0.04, backlog: $1)
    }
    #expect(results == [false, false, false, false, false, false, false, true, true, false, false])
  }
}
