import FaceInput
import FrameStream
import Glibc
import ModelFixtures
import SeededNoise
import SystemIO
import Testing

@testable import ExpressionNet
@testable import NetworkEngine
@testable import NetworkModel

/// The temperature of a model: kept in the file, and applied to what the network says.
struct TemperatureTests {
  private func applied(_ temperature: Double, to row: [Float]) throws -> [Float] {
    let temperature = try #require(SoftmaxTemperature(temperature))
    var row = row
    row.withUnsafeMutableBufferPointer { temperature.apply(to: $0) }
    return row
  }

  @Test func aClosedForm() throws {
    // 9 : 1 to the power of ln(7/3) ÷ ln 9 is 7 : 3.
    let result = try applied(log(9) / log(7.0 / 3), to: [0.9, 0.1])
    #expect(abs(result[0] - 0.7) < 1e-6 && abs(result[1] - 0.3) < 1e-6)
    #expect(try applied(1, to: [0.5, 0.25, 0.25]).distance(to: [0.5, 0.25, 0.25]) < 1e-6)
    #expect(try applied(0.5, to: [0.6, 0.2, 0.2]).distance(to: [9 / 11, 1 / 11, 1 / 11]) < 1e-6)
  }

  @Test func nothingOverflows() throws {
    for temperature in [1e-300, 0.05, 1, 20, 1e300] {
      for row: [Float] in [[1, 0, 0], [0, 0, 0], [.leastNonzeroMagnitude, 0, 0], [3e38, 1e-38, 1]] {
        let result = try applied(temperature, to: row)
        #expect(result.allSatisfy { (0...1).contains($0) }, "\(temperature), \(row): \(result)")
        #expect(abs(result.reduce(0, +) - 1) < 1e-5)
        #expect(result[0] == result.max())
      }
    }
    let row = try applied(2, to: [.nan, 0.5])
    #expect(row[0].isNaN && row[1] == 0.5)
    #expect(try applied(2, to: []).isEmpty)
    for wrong in [nil, 0, -1, .nan, .infinity] as [Double?] { #expect(SoftmaxTemperature(wrong) == nil) }
  }

  @Test func theClassifierAppliesIt() throws {
    var model = try ExpressionModel(graph: SmallModel.make().graph, classes: ["a", "b", "c"])
    var noise = Noise(2)
    let pixels = (0..<240).map { _ in UInt8(noise.below(256)) }
    let boxes = (0..<5).map { PixelRectangle(x: $0, y: 2 * $0, width: 6 + $0, height: 6 + $0) }
    func classify(_ model: ExpressionModel) throws -> [[Float]] {
      var options = ExpressionClassifier.Options()
      options.views = .single
      let classifier = try ExpressionClassifier(model, options)
      #expect(classifier.temperature?.value == model.information.temperatures[.single])
      return try pixels.withUnsafeBufferPointer { pixels in
        try classifier.classify(
          gray: PlaneView(pixels.baseAddress!, width: 12, height: 20, stride: 12), colorRange: .pc,
          boxes: boxes)
      }
    }
    let plain = try classify(model)
    for temperature in [0.4, 1.5, 6] {
      model.information.temperatures[.single] = temperature
      for (before, after) in zip(plain, try classify(model)) {
        let powers = before.map { pow(Double($0), 1 / temperature) }
        let expected = powers.map { Float($0 / powers.reduce(0, +)) }
        #expect(after.distance(to: expected) < 1e-5)
        #expect(after.firstIndex(of: after.max() ?? 0) == before.firstIndex(of: before.max() ?? 0))
      }
    }
  }
}
