import Foundation
import SeededNoise
import Testing

@testable import FaceTracking

/// The smoothed labels against all courses of the chain, tried one by one.
struct LabelChainTests {
  private let chain = LabelChain()

  private func evidence(_ answers: [[Float]], _ times: [Double]) -> [LabelEvidence] {
    var all: [LabelEvidence] = []
    for (answer, time) in zip(answers, times) {
      all.append(LabelEvidence(answer, at: time, after: all.last, chain))
    }
    return all
  }

  private func outlooks(_ evidence: [LabelEvidence], _ times: [Double]) -> [LabelOutlook] {
    var all = [LabelOutlook()]
    for index in (0..<times.count - 1).reversed() {
      all.append(
        LabelOutlook(times[index + 1] - times[index], before: evidence[index + 1], all[all.count - 1], chain))
    }
    return all.reversed()
  }

  @Test func labelsAreThoseOfTheBestCourse() throws {
    var random = Noise(5)
    let times = [0, 0.04, 0.08, 0.5, 0.54, 0.9, 1.3]
    for _ in 0..<20 {
      let answers = times.map { _ in random.values(3).map { abs($0) + 0.02 }.normalized() }
      let evidence = evidence(answers, times)
      let outlooks = outlooks(evidence, times)
      // Every course, its probability, and the sums for each class at each time.
      var best = (probability: -Double.infinity, course: [Int]())
      var sums = [[Double]](repeating: [0, 0, 0], count: times.count)
      for number in 0..<Int(pow(3, Double(times.count))) {
        let course = times.indices.map { number / Int(pow(3, Double($0))) % 3 }
        var probability = 1.0
        for (index, label) in course.enumerated() {
          probability *= Double(evidence[index].likelihood[label])
          guard index > 0 else { continue }
          let stay = Double(chain.stay(times[index] - times[index - 1]))
          probability *= (1 - stay) / 3 + (course[index - 1] == label ? stay : 0)
        }
        if probability > best.probability { best = (probability, course) }
        for (index, label) in course.enumerated() { sums[index][label] += probability }
      }
      for index in times.indices {
        let label = try #require(SmoothedLabel(.viterbi, evidence[index], seconds: 0, outlooks[index], chain))
        #expect(label.index == best.course[index])
        let expected = sums[index].map { Float($0 / sums[index].reduce(0, +)) }
        #expect(label.probabilities.distance(to: expected) < 1e-4)
      }
    }
  }

  @Test func aShortLapseIsBridgedAndAChangeIsNot() {
    func labels(_ answers: [Int]) -> [Int?] {
      let times = answers.indices.map { Double($0) / 25 }
      let rows = answers.map { answer in (0..<3).map { Float($0 == answer ? 0.6 : 0.2) } }
      let evidence = evidence(rows, times)
      return zip(evidence, outlooks(evidence, times)).map {
        SmoothedLabel(.viterbi, $0, seconds: 0, $1, chain)?.index
      }
    }
    let lapse = [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    #expect(labels(lapse).allSatisfy { $0 == 0 })
    let change = [Int](repeating: 0, count: 15) + [Int](repeating: 2, count: 15)
    #expect(labels(change) == change)
  }

  @Test func meanForgetsByTimeNotByFrames() throws {
    /// One answer of class 0, then class 1 for a second, at a rate.
    func share(_ rate: Int) throws -> Float {
      let times = (0...rate).map { Double($0) / Double(rate) }
      let rows = times.map { $0 == 0 ? [Float(1), 0] : [0, 1] }
      let last = try #require(evidence(rows, times).last)
      let label = try #require(SmoothedLabel(.exponential, last, seconds: 0, LabelOutlook(), chain))
      return label.probabilities[0]
    }
    let expected = Float(exp(-1 / chain.meanMemory))
    let shares = [try share(5), try share(50)]
    #expect(shares.allSatisfy { abs($0 - expected) < 1e-5 })
  }

  @Test func answersThatAreNoNumbersCountAsNone() throws {
    let evidence = evidence([[0.9, 0.1], [.nan, 1], []], [0, 0.1, 0.2])
    #expect(evidence[1].likelihood.isEmpty && evidence[2].likelihood.isEmpty)
    let label = try #require(SmoothedLabel(.viterbi, evidence[2], seconds: 0, LabelOutlook(), chain))
    #expect(label.index == 0)
    #expect(
      SmoothedLabel(.viterbi, LabelEvidence([], at: 0, after: nil, chain), seconds: 0, LabelOutlook(), chain)
        == nil)
  }
}
