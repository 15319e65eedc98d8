import Glibc
import SeededNoise
import SystemIO
import Testing

@testable import NetworkEngine
@testable import NetworkModel

/// The loss of a network with teachers.
struct DistillationTests {
  private static let count = 4
  private static let classes = 5

  private static func graph() throws -> ModelGraph {
    var graph = try ModelGraph(
      name: "test", inputShape: [3, 4, 1],
      sequence: [
        ("flatten", .flatten(pixelsFirst: false)), ("dense", .dense(units: 6, bias: true, .tanh)),
        ("last", .dense(units: classes, bias: true, .softmax)),
      ])
    var noise = Noise(3)
    for (index, layer) in graph.layers.enumerated() {
      for weight in layer.weights {
        try graph.setWeight(
          weight.name, ofLayer: index, to: noise.values(weight.shape.reduce(1, *), scale: 0.8))
      }
    }
    return graph
  }

  /// Pictures, and rows that add up to 1, one of them with a zero.
  private static func data() -> (pictures: [Float], targets: [Float], teachers: [Float]) {
    var noise = Noise(4)
    func rows() -> [Float] {
      (0..<count).flatMap { row in
        var values = noise.values(classes).map { abs($0) + 0.05 }
        if row == 1 { values[2] = 0 }
        let sum = values.reduce(0, +)
        return values.map { $0 / sum }
      }
    }
    return (noise.values(count * 12), rows(), rows())
  }

  private func network(_ distillation: Distillation?) throws -> TrainingNetwork {
    var options = TrainingNetwork.Options(threads: 1)
    options.objective = .classification(distillation)
    return try TrainingNetwork(Self.graph(), options)
  }

  private let weights: [Float] = [1, 0.5, 2, 0.25]

  private func loss(_ network: TrainingNetwork, targets: [Float], teachers: [Float]?) throws -> Double {
    let pictures = Self.data().pictures
    guard let teachers else {
      return try network.step(count: Self.count, seed: 1) { (input, target, weight) throws(Failure) in
        _ = input.update(fromContentsOf: pictures)
        _ = target.update(fromContentsOf: targets)
        _ = weight.update(fromContentsOf: weights)
      }.loss
    }
    var seen: [Float] = []
    let result = try network.step(count: Self.count, seed: 1) { (input, target, weight) throws(Failure) in
      _ = input.update(fromContentsOf: pictures)
      _ = target.update(fromContentsOf: targets)
      _ = weight.update(fromContentsOf: weights)
    } teach: { (input, probabilities) throws(Failure) in
      seen = Array(input)
      _ = probabilities.update(fromContentsOf: teachers)
    }
    #expect(seen == pictures)
    return result.loss
  }

  @Test(arguments: [(1, 1), (4, 0.9), (0.5, 0.3), (2, 0)] as [(Float, Float)])
  func gradientsEqualDifferences(_ temperature: Float, _ weight: Float) throws {
    let network = try network(Distillation(temperature: temperature, weight: weight))
    let (_, targets, teachers) = Self.data()
    _ = try loss(network, targets: targets, teachers: teachers)
    let gradients = try network.withGradients { Array($0) }
    for parameter in network.parameters {
      for place in parameter.offset..<(parameter.offset + parameter.count) {
        func at(_ offset: Float) throws -> Double {
          let old = try network.withWeights { $0[place] }
          try network.withWeights { $0[place] = old + offset }
          defer { try? network.withWeights { $0[place] = old } }
          return try loss(network, targets: targets, teachers: teachers)
        }
        let slope = try (at(4e-3) - at(-4e-3)) / 8e-3
        #expect(
          abs(slope - Double(gradients[place])) < 2e-3 * max(0.2, abs(slope)),
          "\(parameter.layer) \(parameter.name): \(gradients[place]), by differences \(slope)")
      }
    }
  }

  /// At temperature 1 it is the cross-entropy of targets that are mixed, but for the entropy of what the teachers say.
  @Test func atTemperatureOneTargetsAreMixed() throws {
    let (_, targets, teachers) = Self.data()
    let taught = try network(Distillation(temperature: 1, weight: 0.75))
    let plain = try network(nil)
    let mixed = zip(targets, teachers).map { 0.25 * $0 + 0.75 * $1 }
    let (with, without) = (
      try loss(taught, targets: targets, teachers: teachers), try loss(plain, targets: mixed, teachers: nil)
    )
    var entropy = 0.0
    for (place, q) in teachers.enumerated() where q > 0 {
      entropy -= Double(q * logf(q) * weights[place / Self.classes]) / Double(Self.count)
    }
    #expect(abs(with + 0.75 * entropy - without) < 1e-5)
    let (a, b) = (try taught.withGradients { Array($0) }, try plain.withGradients { Array($0) })
    #expect(a.distance(to: b) < 1e-6)
  }

  @Test func whatMakesNoSenseIsRefused() throws {
    let (_, targets, teachers) = Self.data()
    for (temperature, weight) in [(0, 0.5), (-1, 0.5), (.nan, 0.5), (.infinity, 0.5), (1, 1.5), (1, -0.1)]
      as [(Float, Float)]
    {
      #expect(throws: Failure.self) { try Distillation(temperature: temperature, weight: weight) }
    }
    let plain = try network(nil)
    #expect(throws: Failure.self) { try loss(plain, targets: targets, teachers: teachers) }
    let taught = try network(Distillation(temperature: 2, weight: 0.5))
    #expect(throws: Failure.self) { try loss(taught, targets: targets, teachers: nil) }
  }
}
