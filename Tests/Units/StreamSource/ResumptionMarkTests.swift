import Testing

@testable import StreamSource

/// Where a file that was lost is taken up again.
struct ResumptionMarkTests {
  /// The pictures' times that are new, in order.
  private func news(_ mark: inout ResumptionMark, _ times: [Double]) -> [Double] {
    var result: [Double] = []
    for time in times where mark.isNew(time) { result.append(time) }
    return result
  }

  private func news(
    _ mark: inout ResumptionMark, _ times: [Double], ofTrack track: Int, isSound: Bool = true
  ) -> [Double] {
    var result: [Double] = []
    for time in times where mark.isNew(time, ofTrack: track, isSound: isSound) { result.append(time) }
    return result
  }

  @Test func nothingComesTwice() {
    var mark = ResumptionMark()
    #expect(mark.start == nil)
    // Pictures may come out of order before anything is lost.
    let before = news(&mark, [0, 0.04, 0.08, 0.04])
    _ = news(&mark, [0.06], ofTrack: 1)
    #expect(before == [0, 0.04, 0.08, 0.04])
    mark.breakOff()
    #expect(mark.start == 0.06)
    let pictures = news(&mark, [0.04, 0.08, 0.12])
    let sound = news(&mark, [0.06, 0.08], ofTrack: 1)
    let other = news(&mark, [0.02], ofTrack: 2)
    #expect(pictures == [0.12] && sound == [0.08] && other == [0.02])
  }

  @Test func subtitlesAndSoundThatHasEndedHoldNothingBack() {
    var mark = ResumptionMark()
    _ = news(&mark, [1], ofTrack: 1, isSound: false)
    _ = news(&mark, [2], ofTrack: 2)
    _ = news(&mark, [60])
    mark.breakOff()
    #expect(mark.start == 60)
  }
}
