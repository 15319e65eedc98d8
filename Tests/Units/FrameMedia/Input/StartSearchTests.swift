import FrameStream
import Testing

@testable import FrameMedia

/// The search for the first picture at or after a start.
struct StartSearchTests {
  private let seconds = Rational(1, 1)

  private func window(start: Double) -> TimeWindow {
    var options = MediaInputOptions()
    options.start = start
    return TimeWindow(options, origin: 0)
  }

  private func stepBack(_ search: inout StartSearch, from time: Int?) -> Int64? {
    search.stepBack(from: time, isAtEnd: false, window(start: 10), seconds, origin: 0)
  }

  @Test func aJumpThatEndsInTimeNeedsNoOther() {
    var search = StartSearch(hasSought: true)
    #expect(search.isInLeadIn)
    let step1 = stepBack(&search, from: 9)
    #expect(step1 == nil)
    search = StartSearch(hasSought: true)
    let step2 = stepBack(&search, from: 10)
    #expect(step2 == nil)
    search = StartSearch(hasSought: true)
    let step3 = stepBack(&search, from: nil)
    #expect(step3 == nil)
    search = StartSearch(hasSought: false)
    #expect(!search.isInLeadIn)
    let step4 = stepBack(&search, from: 11)
    #expect(step4 == nil)
  }

  /// A container may say that it begins before time: the steps end all the same.
  @Test func stepsBackEndWhereNoRecordingBegins() {
    var search = StartSearch(hasSought: true)
    var count = 0
    while search.stepBack(from: nil, isAtEnd: true, window(start: 10), seconds, origin: .min) != nil {
      search.restart()
      count += 1
    }
    #expect(count < 64)
  }

  @Test func stepsBackGrowUpToTheBeginning() {
    var search = StartSearch(hasSought: true)
    var targets: [Int64] = []
    while let target = search.stepBack(from: nil, isAtEnd: true, window(start: 10), seconds, origin: 0) {
      targets.append(target)
      search.restart()
    }
    #expect(targets == [8_000_000, 6_000_000, 2_000_000, 0])
  }

  @Test func aMissingPictureIsNoticed() {
    var search = StartSearch(hasSought: true)
    search.expectPicture(at: 12)
    search.expectPicture(at: 11)
    let misses = search.endLeadIn(at: 12)
    #expect(misses && !search.isInLeadIn)
    search = StartSearch(hasSought: true)
    search.expectPicture(at: 11)
    let missesAgain = search.endLeadIn(at: 11)
    #expect(!missesAgain)
  }
}
