import NetworkEngine
import NetworkModel
import SeededNoise
import SystemIO
import Testing

@testable import ExpressionNet

struct PrecisionComparisonTests {
  @Test func comparisonCountsWhatIsFound() throws {
    var graph = try ModelGraph(
      name: "test", inputShape: [4, 4, 1],
      sequence: [
        ("flatten", .flatten(pixelsFirst: false)), ("dense", .dense(units: 3, bias: false, .softmax)),
      ])
    try graph.setWeight("kernel", ofLayer: 2, to: (0..<48).map { Float($0) / 48 })
    let calibrator = try Calibrator(graph)
    var noise = Noise(3)
    let input = noise.values(8 * 16)
    try calibrator.observe(input)
    #expect(calibrator.pictures == 8)
    #expect(throws: Failure.self) { try calibrator.observe([1, 2, 3]) }
    let answers = try Network(graph).predict(input)
    func best(_ row: (Int) -> Float) -> Int { (0..<3).max { row($0) < row($1) }! }
    let labels = (0..<8).map { picture in best { answers[picture * 3 + $0] } }
    // In the place of each mirror image another picture, whose answer is the surer one.
    let other = input.map { -2 * $0 }
    let views = (0..<8).flatMap { picture in
      [input, other].flatMap { $0[(picture * 16)..<(picture * 16 + 16)] }
    }
    let otherAnswers = try Network(graph).predict(other)
    let means = (0..<8).map { picture in
      best { answers[picture * 3 + $0] + otherAnswers[picture * 3 + $0] }
    }
    let comparison = try PrecisionComparison(graph, [.int8], calibration: calibrator.calibration)
    #expect(try comparison.accuracies().isEmpty)
    let given = labels.enumerated().map { $0.offset < 4 ? $0.element : 99 }
    try comparison.compare(views, labels: given)
    let accuracies = try comparison.accuracies()
    let accuracy = try #require(accuracies[.single])
    #expect(accuracy.pictures == 8)
    #expect(accuracy.found[.f32] == 0.5)
    #expect((accuracy.agreement[.int8] ?? 0) > 0.7)
    let right = zip(means, given).count { $0 == $1 }
    #expect(right < 4 && accuracies[.flip]?.found[.f32] == Double(right) / 8)
  }
}
