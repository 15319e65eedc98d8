import Foundation
import SeededNoise
import Testing

@testable import FaceTracking

/// The smoothed labels against all courses of the chain, tried one by one.
struct LabelChainTests {
  private let chain = LabelChain()

  private func history(
    _ answers: [[Float]], _ times: [Double], _ smoothing: LabelSmoothing = .viterbi
  ) -> LabelHistory {
    var history = LabelHistory(smoothing, chain)
    for (answer, time) in zip(answers, times) { history.add(answer, at: time) }
    return history
  }

  private func labels(_ history: LabelHistory, _ times: [Double]) -> [SmoothedLabel?] {
    var history = history
    return times.indices.map { history.label(after: $0, at: times[$0]) }
  }

  @Test func labelsAreThoseOfTheBestCourse() throws {
    var random = Noise(5)
    let times = [0, 0.04, 0.08, 0.5, 0.54, 0.9, 1.3]
    for _ in 0..<20 {
      let answers = times.map { _ in
        let values = random.values(3).map { abs($0) + 0.02 }
        return values.map { $0 / values.reduce(0, +) }
      }
      let found = labels(history(answers, times), times)
      /// How likely an answer is for a class: one soon after another counts less.
      func likelihood(_ index: Int, _ label: Int) -> Double {
        let gap = index > 0 ? times[index] - times[index - 1] : chain.errorMemory
        return Double(pow(max(answers[index][label], chain.floor), chain.weight(gap)))
      }
      // Every course, its probability, and the sums for each class at each time.
      var best = (probability: -Double.infinity, course: [Int]())
      var sums = [[Double]](repeating: [0, 0, 0], count: times.count)
      for number in 0..<Int(pow(3, Double(times.count))) {
        let course = times.indices.map { number / Int(pow(3, Double($0))) % 3 }
        var probability = 1.0
        for (index, label) in course.enumerated() {
          probability *= likelihood(index, label)
          guard index > 0 else { continue }
          let stay = Double(chain.stay(times[index] - times[index - 1]))
          probability *= (1 - stay) / 3 + (course[index - 1] == label ? stay : 0)
        }
        if probability > best.probability { best = (probability, course) }
        for (index, label) in course.enumerated() { sums[index][label] += probability }
      }
      for index in times.indices {
        let label = try #require(found[index])
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
      return self.labels(history(rows, times), times).map { $0?.index }
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
      let last = labels(history(rows, times, .exponential), times).last
      return try #require(last??.probabilities[0])
    }
    let expected = Float(exp(-1 / chain.meanMemory))
    let shares = [try share(5), try share(50)]
    #expect(shares.allSatisfy { abs($0 - expected) < 1e-5 })
  }

  @Test func answersThatAreNoNumbersCountAsNone() throws {
    let times = [0, 0.1, 0.2]
    for smoothing in [LabelSmoothing.viterbi, .exponential] {
      let found = labels(history([[0.9, 0.1], [.nan, 1], []], times, smoothing), times)
      #expect(found.map { $0?.index } == [0, 0, 0])
      // Nothing was said yet.
      let late = labels(history([[], [.infinity], [0.1, 0.9]], times, smoothing), times)
      #expect(late.map { $0?.index } == [nil, nil, 1])
      #expect(labels(history([[], []], times, smoothing), times).allSatisfy { $0 == nil })
    }
    #expect(labels(history([[0.9, 0.1]], times, .none), [0]) == [nil])
  }

  /// Sightings without an answer lie between two answers, as when fm-classify leaves faces out.
  @Test func anAnswerCountsByTheTimeSinceTheOneBefore() throws {
    for smoothing in [LabelSmoothing.viterbi, .exponential] {
      let sparse = labels(
        history([[0.9, 0.1], [], [], [0.1, 0.9]], [0, 0.03, 0.06, 0.09], smoothing), [0, 0, 0, 0.09])
      let alone = labels(history([[0.9, 0.1], [0.1, 0.9]], [0, 0.09], smoothing), [0, 0.09])
      let found = try #require(sparse[3]?.probabilities)
      let expected = try #require(alone[1]?.probabilities)
      #expect(found.distance(to: expected) < 1e-4, "\(smoothing)")
    }
  }

  /// As fm-classify --top 2 writes it: a class has no score until it is among the best.
  @Test func aNewClassDoesNotBeginAgain() throws {
    let times = (0..<40).map { Double($0) / 25 }
    let rows = times.indices.map { index -> [Float] in
      if index < 20 { return [0.7, 0.3] }
      return index == 20 ? [0.3, 0.1, 0.6] : [0.7, 0.2, 0.1]
    }
    for smoothing in [LabelSmoothing.viterbi, .exponential] {
      for forgotten in [0, 10] {
        var history = history(Array(rows[..<20]), Array(times[..<20]), smoothing)
        history.removeFirst(forgotten)
        for index in 20..<40 { history.add(rows[index], at: times[index]) }
        for index in forgotten..<40 {
          let found = history.label(after: index - forgotten, at: times[index])
          let label = try #require(found)
          #expect(label.index == 0, "\(smoothing) \(index)")
          #expect(label.probabilities.count == 3 && abs(label.probabilities.reduce(0, +) - 1) < 1e-4)
        }
      }
    }
    // What is known of all classes from the beginning is the same if they come one after another.
    let whole = labels(history([[0.69, 0.3, 0.01], [0.5, 0.2, 0.3]], [0, 0.1]), [0, 0.1])
    let widened = labels(history([[0.69, 0.3], [0.5, 0.2, 0.3]], [0, 0.1]), [0, 0.1])
    for (a, b) in zip(whole, widened) {
      let (a, b) = (try #require(a), try #require(b))
      #expect(a.index == b.index && a.probabilities.distance(to: b.probabilities) < 1e-3)
    }
  }

  /// The backward sums of rows far back are kept.
  @Test func aLongHistoryIsNotGoneThroughAgainForEveryLabel() {
    var random = Noise(3)
    var history = LabelHistory(.viterbi, chain)
    var count = 0
    let time = ContinuousClock().measure {
      for index in 0..<20_000 {
        let share = 0.5 + random.value() / 3
        history.add([share, 1 - share], at: Double(index) / 10)
        count += 1
        // Looks ahead 1,000 seconds.
        if count > 10_000 {
          let label = history.label(after: 0, at: Double(index - 10_000) / 10)
          #expect(label != nil)
          history.removeFirst(1)
        }
      }
    }
    // Each of 10,000 labels would take a pass over 10,000 rows.
    #expect(time < .seconds(20))
  }
}
