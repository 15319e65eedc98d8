import COneDNN
import SeededNoise
import SystemIO
import Testing

@testable import NetworkEngine
@testable import NetworkModel

/// Convolutions that are computed together give what they give alone, whoever else reads between them.
struct SeparableNetworkTests {
  /// A pointwise and a depthwise convolution after `input`; returns the index of the last layer.
  private static func pair(
    _ layers: inout [Layer], _ input: Int, _ filters: Int, _ first: Activation, _ second: Activation
  ) -> Int {
    func add(_ operation: Operation, _ input: Int) -> Int {
      layers.append(
        Layer(
          name: "l\(layers.count)", kind: "Test", operation: operation, inputs: [input],
          weightsPath: "l\(layers.count)"))
      return layers.count - 1
    }
    let wide = add(
      .convolution(
        filters: filters, window: Window(kernel: .init(1, 1)), groups: 1, bias: filters > 4, first), input)
    return add(
      .depthwiseConvolution(
        multiplier: 1, window: Window(kernel: .init(3, 3), same: true), bias: filters > 1, second), wide)
  }

  /// A body, and small heads on it of which two could share a vector, as an output each.
  private static func graph(heads: [Int], betweenIsRead: Bool, _ noise: inout Noise) throws -> ModelGraph {
    var layers = [Layer(name: "input", kind: "Input", operation: .input, inputs: [], weightsPath: "")]
    let body = pair(&layers, pair(&layers, 0, 32, .linear, .relu()), 16, .relu(), .linear)
    var outputs = heads.map { pair(&layers, body, $0, .linear, .linear) }
    outputs.append(pair(&layers, body, 3, .relu(), .linear))
    outputs.append(pair(&layers, body, 5, .linear, .tanh))
    if betweenIsRead { outputs.append(3) }
    var graph = try ModelGraph(name: "test", layers: layers, output: body, inputShape: [9, 21, 5])
    graph.outputs = outputs
    for index in graph.layers.indices {
      for weight in graph.layers[index].weights.indices {
        graph.setValues(
          noise.values(graph.layers[index].weights[weight].shape.reduce(1, *), scale: 0.5), ofLayer: index,
          weight: weight)
      }
    }
    return graph
  }

  private static func results(_ network: Network, _ picture: [Float]) throws -> [[Float]] {
    var values: [[Float]] = []
    try network.predict(batch: picture.count / network.inputCount) { (input) throws(Failure) in
      _ = input.update(fromContentsOf: picture)
    } results: { (results) throws(Failure) in
      for index in 0..<results.count { values.append(Array(results[index])) }
    }
    return values
  }

  @Test(arguments: [[1, 1, 4, 10], [7], [12, 12], [16, 2, 15]], [false, true])
  func togetherAsAlone(_ heads: [Int], _ betweenIsRead: Bool) throws {
    var noise = Noise(31)
    let graph = try Self.graph(heads: heads, betweenIsRead: betweenIsRead, &noise)
    let picture = noise.values(2 * graph.inputShape.reduce(1, *))
    let network = try Network(graph, threads: 1)
    let steps = try network.steps(batch: 1)
    if SeparableConvolutions.isFast {
      #expect(steps.filter { $0.implementation == "loop" }.count >= (betweenIsRead ? 1 : 2))
    }
    let found = try Self.results(network, picture)
    // What lies between is read, and so everything is computed alone.
    var open = graph
    open.outputs += open.layers.indices.filter {
      if case .convolution = open.layers[$0].operation { true } else { false }
    }
    let alone = try Network(open, threads: 1)
    #expect(try alone.steps(batch: 1).allSatisfy { $0.implementation != "loop" })
    let expected = try Self.results(alone, picture)
    for (index, values) in found.enumerated() {
      #expect(values.count == expected[index].count)
      #expect(values.distance(to: expected[index]) < 1e-5, "output \(index)")
    }
    // Neither threads nor the other pictures of a batch matter.
    let threaded = try Self.results(Network(graph, threads: 2), picture)
    #expect(threaded == found)
    let one = try Self.results(network, Array(picture.suffix(picture.count / 2)))
    for (index, values) in one.enumerated() { #expect(values == Array(found[index].suffix(values.count))) }
  }

  /// In 8-bit integers the inner pairs multiply bytes, heads do not, and everything is close to f32.
  @Test(arguments: [[1, 1, 4, 10], [12, 12]], [false, true])
  func inBytes(_ heads: [Int], _ betweenIsRead: Bool) throws {
    var noise = Noise(32)
    var layers = [Layer(name: "input", kind: "Input", operation: .input, inputs: [], weightsPath: "")]
    let first = Self.pair(&layers, 0, 32, .linear, .relu())
    let body = Self.pair(&layers, Self.pair(&layers, first, 16, .relu(), .relu()), 48, .linear, .relu())
    var outputs = heads.map { Self.pair(&layers, body, $0, .linear, .linear) }
    if betweenIsRead { outputs.append(first) }
    var graph = try ModelGraph(name: "test", layers: layers, output: body, inputShape: [9, 21, 8])
    graph.outputs = outputs
    for index in graph.layers.indices {
      for weight in graph.layers[index].weights.indices {
        let count = graph.layers[index].weights[weight].shape.reduce(1, *)
        graph.setValues(noise.values(count, scale: 0.5), ofLayer: index, weight: weight)
      }
    }
    let picture = noise.values(2 * graph.inputShape.reduce(1, *)).map(abs)
    let calibrator = try Calibrator(graph, threads: 1)
    try calibrator.observe(picture)
    let calibration = calibrator.calibration
    let network = try Network(graph, threads: 1, precision: .int8, calibration: calibration)
    let steps = try network.steps(batch: 1)
    if SeparableConvolutions.multipliesIntegersFast, try ProcessorAbilities.here().hasIntegerDotProduct {
      // The pairs of the body, but for one that is an output itself; the heads are one more loop, or two.
      let pairs = betweenIsRead ? 2 : 3
      #expect(steps.count { $0.implementation == "loop" && $0.multipliesIntegers } == pairs, "\(steps)")
      #expect(steps.contains { $0.implementation == "loop" && !$0.multipliesIntegers })
      #expect(steps.count(where: \.multipliesIntegers) == pairs)
    }
    let found = try Self.results(network, picture)
    let expected = try Self.results(Network(graph, threads: 1), picture)
    for (index, values) in found.enumerated() {
      let scale = expected[index].reduce(0) { max($0, abs($1)) }
      #expect(values.count == expected[index].count)
      #expect(values.distance(to: expected[index]) < 0.05 * scale, "output \(index)")
      #expect((values != expected[index]) == (index < heads.count), "output \(index)")
    }
    // Neither threads nor the other pictures of a batch matter.
    let threaded = try Self.results(
      Network(graph, threads: 2, precision: .int8, calibration: calibration), picture)
    #expect(threaded == found)
    let one = try Self.results(network, Array(picture.suffix(picture.count / 2)))
    for (index, values) in one.enumerated() { #expect(values == Array(found[index].suffix(values.count))) }
  }
}
