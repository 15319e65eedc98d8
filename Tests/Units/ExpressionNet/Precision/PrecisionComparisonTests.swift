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
    let labels = (0..<8).map { row in (0..<3).max { answers[row * 3 + $0] < answers[row * 3 + $1] }! }
    let comparison = try PrecisionComparison(graph, [.int8], calibration: calibrator.calibration)
    try comparison.compare(input, labels: labels.enumerated().map { $0.offset < 4 ? $0.element : 99 })
    let accuracy = try #require(try comparison.accuracy())
    #expect(accuracy.pictures == 8)
    #expect(accuracy.found[.f32] == 0.5)
    #expect((accuracy.agreement[.int8] ?? 0) > 0.7)
  }
}
