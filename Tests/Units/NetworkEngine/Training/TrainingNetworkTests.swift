import SeededNoise
import SystemIO
import Testing

@testable import NetworkEngine
@testable import NetworkModel

/// What a training step promises beside its gradients.
struct TrainingNetworkTests {
  static let operations: [NetworkModel.Operation] = [
    .convolution(
      filters: 8, window: Window(kernel: .init(3, 3), same: true), groups: 1, bias: false, .linear),
    .batchNormalization(epsilon: 1e-3, momentum: 0.75, center: true, scale: true),
    .activation(.relu()), .maximumPooling(Window(kernel: .init(2, 2), strides: .init(2, 2))),
    .dropout(rate: 0.5), .flatten(pixelsFirst: false), .dense(units: 3, bias: true, .softmax),
  ]

  static func graph(_ operations: [NetworkModel.Operation] = operations, frozen: Set<Int> = []) throws
    -> ModelGraph
  {
    var noise = Noise(4)
    var layers = [Layer(name: "input", kind: "InputLayer", operation: .input, inputs: [], weightsPath: "")]
    for (index, operation) in operations.enumerated() {
      var layer = Layer(
        name: "layer\(index)", kind: "Test", operation: operation, inputs: [index],
        weightsPath: "layers/\(index)")
      layer.isTrainable = !frozen.contains(index)
      layers.append(layer)
    }
    var graph = try ModelGraph(name: "test", layers: layers, output: operations.count, inputShape: [8, 8, 1])
    for index in graph.layers.indices {
      for weight in graph.layers[index].weights {
        let values = noise.values(weight.shape.reduce(1, *), scale: 0.3)
        try graph.setWeight(
          weight.name, ofLayer: index,
          to: weight.name == "moving_variance" || weight.name == "gamma"
            ? values.map { abs($0) + 0.5 } : values)
      }
    }
    return graph
  }

  private func step(_ network: TrainingNetwork, count: Int = 6, seed: UInt64 = 1, shift: Float = 0) throws
    -> TrainingNetwork.StepResult
  {
    try network.step(count: count, seed: seed) { input, targets, _ in
      var noise = Noise(9)
      for i in input.indices { input[i] = noise.value() + shift }
      targets.update(repeating: 0)
      for row in 0..<count { targets[row * 3 + row % 3] = 1 }
    }
  }

  @Test func parametersAreKerasOnes() throws {
    let network = try TrainingNetwork(Self.graph())
    #expect(
      network.parameters.map { "\($0.layer) \($0.name)" } == [
        "layer0 kernel", "layer1 gamma", "layer1 beta", "layer6 kernel", "layer6 bias",
      ])
    #expect(network.parameters.map(\.count) == [72, 8, 8, 384, 3])
    #expect(network.statistics.map(\.name) == ["moving_mean", "moving_variance"])
    #expect(network.inputCount == 64 && network.outputCount == 3)
  }

  @Test func sameSeedGivesSameBits() throws {
    let first = try TrainingNetwork(Self.graph(), .init(threads: 2))
    let second = try TrainingNetwork(Self.graph(), .init(threads: 2))
    let results = try [step(first), step(second), step(first), step(first, seed: 2)]
    #expect(results[0] == results[1] && results[0] == results[2])
    #expect(results[0].loss != results[3].loss)
    _ = try step(first)
    #expect(try first.withGradients { Array($0) } == second.withGradients { Array($0) })
  }

  static let withoutStatistics: [NetworkModel.Operation] = [
    .convolution(
      filters: 16, window: Window(kernel: .init(3, 3), same: true), groups: 1, bias: true, .relu()),
    .convolution(filters: 32, window: Window(kernel: .init(3, 3)), groups: 1, bias: true, .tanh),
    .maximumPooling(Window(kernel: .init(2, 2), strides: .init(2, 2))),
    .dropout(rate: 0.5), .flatten(pixelsFirst: false), .dense(units: 3, bias: true, .softmax),
  ]

  /// Statistics of pictures whose channels fill blocks or do not, and of rows.
  static let withStatistics: [NetworkModel.Operation] = [
    .convolution(
      filters: 32, window: Window(kernel: .init(3, 3), same: true), groups: 1, bias: false, .linear), norm,
    .activation(.relu()),
    .convolution(filters: 20, window: Window(kernel: .init(3, 3)), groups: 1, bias: false, .linear), norm,
    .depthwiseConvolution(
      multiplier: 1, window: Window(kernel: .init(5, 5), same: true), bias: false, .linear), norm,
    .flatten(pixelsFirst: false), .dense(units: 12, bias: false, .linear), norm,
    .dense(units: 3, bias: true, .softmax),
  ]
  private static let norm = NetworkModel.Operation.batchNormalization(
    epsilon: 1e-3, momentum: 0.9, center: true, scale: true)

  /// Sums over the batch are added up in parts that follow from the batch alone, one of 30 among them that does not
  /// divide evenly.
  @Test(arguments: [1, 6, 30, 64], [withoutStatistics, withStatistics])
  func threadsDoNotMatter(count: Int, operations: [NetworkModel.Operation]) throws {
    let graph = try Self.graph(operations)
    let precisions: [Precision] = try ProcessorAbilities.here().hasFastBFloat16 ? [.f32, .bf16] : [.f32]
    for precision in precisions {
      var expected: [Float]?
      for threads in [1, 2, 7] {
        let network = try TrainingNetwork(graph, .init(threads: threads, precision: precision))
        _ = try step(network, count: count)
        let gradients = try network.withGradients { Array($0) } + network.withStatistics { Array($0) }
        #expect(gradients.contains { $0 != 0 })
        #expect(gradients == expected ?? gradients, "\(threads) threads, \(precision)")
        expected = gradients
      }
    }
  }

  /// A product so large that the library shares out its sums: its parts wait for each other.
  @Test func largeProductsRunOnSeveralThreads() throws {
    var graph = try ModelGraph(
      name: "large",
      layers: [
        Layer(name: "input", kind: "InputLayer", operation: .input, inputs: [], weightsPath: ""),
        Layer(
          name: "flat", kind: "Test", operation: .flatten(pixelsFirst: false), inputs: [0], weightsPath: "a"),
        Layer(
          name: "dense", kind: "Test", operation: .dense(units: 136, bias: true, .tanh), inputs: [1],
          weightsPath: "b"),
        Layer(
          name: "end", kind: "Test", operation: .dense(units: 3, bias: true, .softmax), inputs: [2],
          weightsPath: "c"),
      ], output: 3, inputShape: [128, 128, 1])
    for (index, layer) in graph.layers.enumerated() {
      for weight in layer.weights {
        let values = [Float](repeating: 0.001, count: weight.shape.reduce(1, *))
        try graph.setWeight(weight.name, ofLayer: index, to: values)
      }
    }
    var losses: [Double] = []
    for threads in [1, 3] {
      let network = try TrainingNetwork(graph, .init(threads: threads))
      losses.append(
        try network.step(count: 128, seed: 1) { input, targets, _ in
          for index in input.indices { input[index] = Float(index % 7) }
          targets.update(repeating: 1 / 3)
        }.loss)
    }
    #expect(abs(losses[0] - losses[1]) < 1e-5)
  }

  /// Times are of each layer, there and back, and are forgotten when they have been read.
  @Test func stepsAreTimedByLayer() throws {
    let network = try TrainingNetwork(Self.graph(Self.withoutStatistics))
    _ = try step(network)
    #expect(try network.takeTimes().isEmpty)
    network.isTimed = true
    for _ in 0..<2 { _ = try step(network) }
    let times = try network.takeTimes()
    #expect(times.allSatisfy { $0.seconds >= 0 && $0.floor >= 0 })
    #expect(times.reduce(0) { $0 + $1.seconds } > 0)
    let second = times.filter { $0.layer == "layer1" }
    #expect(second.map(\.isBackward) == [false, true])
    // The gradients of kernel and input: twice the products.
    #expect(second.count == 2 && abs(second[1].floor / second[0].floor - 2) < 1e-9)
    // The first layer's input has no gradient.
    let first = times.filter { $0.layer == "layer0" }
    #expect(first.count == 2 && abs(first[1].floor / first[0].floor - 1) < 1e-9)
    #expect(try network.takeTimes().allSatisfy { $0.seconds == 0 })
  }

  /// A last batch that is not full, and a full one again.
  @Test func countMayChange() throws {
    let network = try TrainingNetwork(Self.graph(), .init(threads: 2))
    let full = try step(network)
    let alone = try TrainingNetwork(Self.graph(), .init(threads: 2))
    let part = try step(network, count: 5)
    #expect(try step(alone, count: 5) == part)
    #expect(part.count == 5 && part.loss != full.loss)
    #expect(try step(network) == full)
  }

  /// moving·momentum + batch·(1 - momentum), the variance that of the batch itself.
  @Test func statisticsMoveAsInKeras() throws {
    let graph = try Self.graph(Array(Self.operations[1...3]) + Self.operations[5...])
    let network = try TrainingNetwork(graph)
    var values: [Float] = []
    _ = try network.step(count: 3, seed: 0) { input, targets, _ in
      var noise = Noise(2)
      for i in input.indices { input[i] = noise.value() * 3 + 1 }
      values = Array(input)
      targets.update(repeating: 0.5)
    }
    let mean = values.reduce(0, +) / Float(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(values.count)
    let layer = network.graph().layers[1]
    let before = graph.layers[1]
    for (name, batch) in [("moving_mean", mean), ("moving_variance", variance)] {
      let old = try #require(before.weight(name)?.values.first)
      let new = try #require(layer.weight(name)?.values.first)
      #expect(abs(new - (old * 0.75 + batch * 0.25)) < 1e-4, "\(name)")
    }
  }

  @Test func frozenLayersStay() throws {
    let graph = try Self.graph(frozen: [0, 1])
    let network = try TrainingNetwork(graph)
    #expect(network.parameters.map(\.layer) == ["layer6", "layer6"])
    _ = try step(network)
    #expect(network.graph().layers[2].weights.map(\.values) == graph.layers[2].weights.map(\.values))
    #expect(try network.withGradients { $0.contains { $0 != 0 } })
    #expect(throws: Failure.self) { try TrainingNetwork(Self.graph(frozen: [0, 1, 6])) }
  }

  /// With neither dropout nor batch statistics training's forward is that of inference.
  @Test func probabilitiesEqualInference() throws {
    let graph = try Self.graph([Self.operations[0], .activation(.elu(alpha: 1))] + Self.operations[5...])
    let network = try TrainingNetwork(graph)
    var input: [Float] = []
    _ = try network.step(count: 2, seed: 0) { pictures, _, _ in
      var noise = Noise(7)
      for i in pictures.indices { pictures[i] = noise.value() }
      input = Array(pictures)
    }
    let expected = try Network(network.graph()).predict(input)
    #expect(try network.withOutput { Array($0) }.distance(to: expected) < 1e-5)
  }

  @Test func dropoutKeepsItsShare() throws {
    let count = 40_000
    let mask = DropoutMask(rate: 0.3, stream: 2)
    var values = [Float](repeating: 1, count: count)
    values.withUnsafeMutableBytes { bytes in
      mask.apply(
        seed: 3, from: bytes.baseAddress!, to: bytes.baseAddress!, byteCount: bytes.count, .float32, 1)
    }
    let kept = values.filter { $0 != 0 }
    #expect(abs(Float(kept.count) / Float(count) - 0.7) < 0.01)
    #expect(kept.allSatisfy { $0 == 1 / 0.7 })
    var again = [Float](repeating: 1, count: count)
    again.withUnsafeMutableBytes { bytes in
      mask.apply(
        seed: 3, from: bytes.baseAddress!, to: bytes.baseAddress!, byteCount: bytes.count, .float32, 2)
    }
    #expect(values == again)
  }

  @Test func lossThatIsNoNumberIsSaid() throws {
    let network = try TrainingNetwork(Self.graph())
    let result = try step(network, shift: .nan)
    #expect(result.loss.isNaN)
    #expect(
      try TrainingNetwork(Self.graph()).step(count: 1, seed: 0) { input, _, _ in
        input.update(repeating: .infinity)
      }.loss.isNaN)
  }

  @Test func anythingElseIsRefused() throws {
    #expect(throws: Failure.self) {
      try TrainingNetwork(Self.graph([.flatten(pixelsFirst: false), .dense(units: 3, bias: true, .sigmoid)]))
    }
    let network = try TrainingNetwork(Self.graph())
    #expect(throws: Failure.self) { try network.prepare(count: 0) }
    #expect(throws: Failure.self) { try network.load(Self.graph(Array(Self.operations[5...]))) }
    #expect(throws: Failure(.usage, step: "a", cause: "b")) {
      try network.step(count: 1, seed: 0) { (_, _, _) throws(Failure) in
        throw Failure(.usage, step: "a", cause: "b")
      }
    }
  }

  /// bfloat16 close to 32 bits where the machine has it, else a word about it.
  @Test func bfloat16() throws {
    guard try ProcessorAbilities.here().hasFastBFloat16 else {
      #expect(throws: Failure.self) { try TrainingNetwork(Self.graph(), .init(precision: .bf16)) }
      return
    }
    // Which values are dropped follows their order in memory, which the two need not have in common.
    let operations = Self.operations.filter { if case .dropout = $0 { false } else { true } }
    let whole = try step(TrainingNetwork(Self.graph(operations)))
    let half = try step(TrainingNetwork(Self.graph(operations), .init(precision: .bf16)))
    #expect(abs(whole.loss - half.loss) < 0.02 * whole.loss)
  }
}
