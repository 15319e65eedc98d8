import Glibc
import Testing

@testable import TrainingReports

struct DetectionScoresTests {
  private func box(_ x: Double, _ side: Double = 10) -> ObjectBox {
    ObjectBox(x: x, y: 0, width: side, height: side)
  }

  /// Three objects in two pictures; hits at 0.9 and 0.7, false finds at 0.8 and 0.6.
  private var scores: DetectionScores {
    var scores = DetectionScores()
    scores.add(found: [(box(1), 0.7), (box(50), 0.8)], objects: [box(0), box(100)], pixels: 1_000_000)
    scores.add(found: [(box(200), 0.6), (box(20), 0.9)], objects: [box(20)])
    return scores
  }

  @Test func figures() {
    let scores = scores
    #expect(scores.objectCount == 3 && scores.pictureCount == 2 && scores.megapixels == 1)
    // Precision 1 at recall 1/3, then 2/3 at recall 2/3.
    #expect(abs(scores.averagePrecision - (1.0 / 3 + 1.0 / 3 * 2 / 3)) < 1e-12)
    #expect(scores.recall(atFalseFinds: 0) == 1.0 / 3 && scores.recall(atFalseFinds: 1) == 2.0 / 3)
    #expect(scores.point(atScore: 0.75) == .init(falseFinds: 1, recall: 1.0 / 3, score: 0.8))
    #expect(scores.score(atFalseFinds: 1) == 0.6 && scores.score(atFalseFinds: 2) == 0)
    #expect(scores.misses == [.init(picture: 0, box: box(100))])
  }

  /// Each object is found once; the second find of it is false, however good.
  @Test func objectsAreFoundOnce() {
    var scores = DetectionScores()
    scores.add(found: [(box(0), 0.5), (box(1), 0.6)], objects: [box(0)])
    #expect(scores.findings.map(\.isHit) == [true, false] && scores.findings.map(\.score) == [0.6, 0.5])
  }

  @Test func whatIsIgnoredCountsNeitherWay() {
    var scores = DetectionScores()
    scores.add(
      found: [(box(0), 0.9), (box(31, 4), 0.8), (box(60), 0.7)], objects: [], ignored: [box(2), box(30, 8)])
    #expect(scores.findings.map(\.score) == [0.7] && scores.objectCount == 0)
    #expect(scores.averagePrecision == 0 && scores.recall(atFalseFinds: 5) == 0)
  }

  @Test func partsBySize() {
    var scores = scores
    scores.add(found: [(box(0, 100), 0.95)], objects: [box(0, 100)])
    let large = scores.part(ofSizes: 50..<200)
    #expect(large.objectCount == 1 && large.averagePrecision == 1)
    #expect(scores.part(ofSizes: 0..<50).objectCount == 3)
  }

  @Test func reportOfNothingAndOfSomething() {
    let empty = DetectionReport(DetectionScores()).text(heading: "nothing")
    #expect(empty.contains("0 pictures, 0 objects"))
    let text = DetectionReport(scores, threshold: 0.65).text(heading: "m.keras on pictures")
    #expect(text.contains("average precision: 55.6 %"))
    #expect(text.contains("recall at a score of 0.65: 66.7 %, with 1 false finds"))
    #expect(text.contains("under 24"))
  }

  @Test func calibrationFindsTheSlopeAndOffset() throws {
    // Scores say sigmoid(x); hits are as likely as sigmoid(2 x - 1).
    var findings: [(score: Double, isHit: Bool)] = []
    for step in -30...30 {
      let logit = Double(step) / 10
      let score = 1 / (1 + exp(-logit))
      let share = 1 / (1 + exp(-(2 * logit - 1)))
      for index in 0..<200 { findings.append((score, (Double(index) + 0.5) / 200 < share)) }
    }
    let fitted = try #require(ScoreCalibration(findings))
    #expect(abs(fitted.slope - 2) < 0.05 && abs(fitted.offset + 1) < 0.05)
    #expect(ScoreCalibration([(0.5, true), (0.6, true)]) == nil)
    #expect(ScoreCalibration([]) == nil)
    // Higher scores that are right less often cannot be calibrated.
    #expect(ScoreCalibration((0..<100).map { (Double($0) / 100, $0 < 50) }) == nil)
  }
}
