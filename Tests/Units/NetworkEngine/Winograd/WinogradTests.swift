import SeededNoise
import Testing

@testable import NetworkEngine
@testable import NetworkModel

/// Networks with a convolution that goes by tiles, against the same with that kernel in the corner of an 8x8 one, which
/// oneDNN computes directly.
@Suite struct WinogradConvolutionTests {
  static let channels = 48
  static let filters = 64
  static let kernel = 6

  /// A 1x1 convolution, so that the tiled one's input has a gradient; the one in question; and an end.
  static func graph(isDirect: Bool, channelsFirst: Bool = false, _ activation: Activation = .relu()) throws
    -> ModelGraph
  {
    let side = isDirect ? 8 : kernel
    let extra = side - kernel
    let operations: [NetworkModel.Operation] = [
      .input,
      .convolution(
        filters: channels, window: Window(kernel: .init(1, 1)), groups: 1, bias: true, .tanh),
      .zeroPadding(top: 2, bottom: 1 + extra, left: 1, right: 2 + extra),
      .convolution(
        filters: filters, window: Window(kernel: .init(side, side)), groups: 1, bias: true, activation),
      .maximumPooling(Window(kernel: .init(2, 2), strides: .init(2, 2))),
      .globalAveragePooling(keepingDimensions: false), .dense(units: 3, bias: true, .softmax),
    ]
    let layers = operations.enumerated().map { index, operation in
      Layer(
        name: "layer\(index)", kind: "Test", operation: operation, inputs: index == 0 ? [] : [index - 1],
        weightsPath: "layers/\(index)")
    }
    var graph = try ModelGraph(
      name: "test", layers: layers, output: layers.count - 1,
      inputShape: channelsFirst ? [3, 19, 21] : [19, 21, 3], channelsFirst: channelsFirst)
    var noise = Noise(4)
    for index in graph.layers.indices {
      for weight in graph.layers[index].weights.indices {
        let shape = graph.layers[index].weights[weight].shape
        if index == 3, shape.count == 4 {
          let core = noise.values(kernel * kernel * channels * filters, scale: 0.1)
          graph.layers[index].weights[weight].values = framed(core, side)
        } else {
          graph.layers[index].weights[weight].values = noise.values(shape.reduce(1, *), scale: 0.5)
        }
      }
    }
    return graph
  }

  /// A kernel with zeros below it and to its right.
  static func framed(_ core: [Float], _ side: Int) -> [Float] {
    let size = channels * filters
    return (0..<side * side).flatMap { place -> [Float] in
      let (y, x) = (place / side, place % side)
      guard y < kernel, x < kernel else { return [Float](repeating: 0, count: size) }
      return Array(core[(y * kernel + x) * size..<(y * kernel + x + 1) * size])
    }
  }

  static func goesByTiles(_ network: Network) throws -> Bool {
    try network.steps(batch: 1).contains { $0.layer.hasSuffix("(tiles)") }
  }

  @Test(arguments: [false, true]) func resultsEqualTheDirectOnes(channelsFirst: Bool) throws {
    for activation: Activation in [.linear, .relu(), .relu(slope: 0.2), .elu(alpha: 1), .relu(maximum: 0.3)] {
      let tiled = try Network(Self.graph(isDirect: false, channelsFirst: channelsFirst, activation))
      let direct = try Network(Self.graph(isDirect: true, channelsFirst: channelsFirst, activation))
      #expect(try Self.goesByTiles(tiled))
      #expect(try !Self.goesByTiles(direct))
      var noise = Noise(8)
      let pictures = noise.values(5 * tiled.inputCount)
      let results = try tiled.predict(pictures)
      #expect(try results.distance(to: direct.predict(pictures)) < 1e-5)
      // One at a time: the same bits.
      let alone = try (0..<5).flatMap {
        try tiled.predict(Array(pictures[$0 * tiled.inputCount..<($0 + 1) * tiled.inputCount]))
      }
      #expect(alone == results)
    }
  }

  @Test func threadsDoNotMatter() throws {
    let graph = try Self.graph(isDirect: false)
    var noise = Noise(8)
    let one = try Network(graph, threads: 1)
    let pictures = noise.values(3 * one.inputCount)
    let expected = try one.predict(pictures)
    for threads in [2, 3, 5] { #expect(try Network(graph, threads: threads).predict(pictures) == expected) }
  }

  @Test func threadsDoNotMatterInTraining() throws {
    let graph = try Self.graph(isDirect: false)
    let one = try Self.gradients(graph, count: 19, threads: 1)
    for threads in [2, 7] {
      let more = try Self.gradients(graph, count: 19, threads: threads)
      #expect(more.loss == one.loss && more.gradients == one.gradients, "\(threads) threads")
    }
  }

  /// What tiles take is bounded, whatever a file asks for.
  @Test func sizesAreLimited() {
    func isTiled(_ channels: Int, kernel: Int, output: Int) -> Bool {
      let shape = ConvolutionShape(
        filters: channels, channels: channels, groups: 1, window: Window(kernel: .init(kernel, kernel)),
        padding: .init())
      let side = output + kernel - 1
      return WinogradTiles(shape, input: (side, side), output: (output, output)) != nil
    }
    // The kernel's 64 matrices.
    #expect(isTiled(1024, kernel: 3, output: 30))
    #expect(!isTiled(1040, kernel: 3, output: 30))
    // A picture's tiles.
    #expect(isTiled(64, kernel: 7, output: 256))
    #expect(!isTiled(64, kernel: 7, output: 258))
  }

  /// Larger tiles, which are less exact, only in training and where they save much.
  @Test func sidesFollowTheCost() {
    func tiles(_ kernel: Int, output: Int, channels: Int, sides: [Int]) -> WinogradTiles? {
      let shape = ConvolutionShape(
        filters: 2 * channels, channels: channels, groups: 1, window: Window(kernel: .init(kernel, kernel)),
        padding: .init())
      let side = output + kernel - 1
      return WinogradTiles(
        shape, input: (side, side), output: (output, output), pictures: 32, sides: sides)
    }
    let large = tiles(6, output: 15, channels: 128, sides: [8, 10])
    #expect(large?.side == 10 && large?.count == 9 && large?.picturesAtOnce == 32)
    let exact = tiles(6, output: 15, channels: 128, sides: [8])
    #expect(exact?.side == 8 && exact?.count == 25 && exact?.picturesAtOnce == 11)
    #expect(tiles(3, output: 6, channels: 128, sides: [8, 10])?.side == 8)
  }

  /// The gradients of a step, by layer and name.
  static func gradients(
    _ graph: ModelGraph, count: Int, threads: Int, _ precision: Precision = .f32
  ) throws -> (loss: Double, gradients: [[Float]], steps: [String]) {
    let network = try TrainingNetwork(graph, .init(threads: threads, precision: precision))
    var noise = Noise(6)
    let pictures = noise.values(count * network.inputCount)
    let loss = try network.step(count: count, seed: 1) { input, targets, _ in
      _ = input.update(fromContentsOf: pictures)
      targets.update(repeating: 0)
      for row in 0..<count { targets[row * 3 + row % 3] = 1 }
    }.loss
    let all = try network.withGradients { Array($0) }
    let parts = network.parameters.map { Array(all[$0.offset..<$0.offset + $0.count]) }
    return (loss, parts, try network.steps(count: count).map { $0.layer })
  }

  /// 19 pictures: a whole group and a rest.
  @Test(arguments: [1, 8, 19]) func gradientsEqualTheDirectOnes(count: Int) throws {
    let tiled = try Self.gradients(Self.graph(isDirect: false), count: count, threads: 2)
    let direct = try Self.gradients(Self.graph(isDirect: true), count: count, threads: 2)
    #expect(tiled.steps.contains { $0.hasSuffix("(tiles)") })
    #expect(!direct.steps.contains { $0.hasSuffix("(tiles)") })
    #expect(abs(tiled.loss - direct.loss) < 1e-5)
    #expect(tiled.gradients.count == direct.gradients.count)
    for (a, b) in zip(tiled.gradients, direct.gradients) {
      // Of the framed kernel, the part within the frame.
      let known = b.count > a.count ? Self.core(b) : b
      let largest = known.map(abs).max() ?? 0
      #expect(largest > 0)
      #expect(a.distance(to: known) < 1e-3 * largest)
    }
  }

  /// Tiles leave floats, a direct convolution beside them bfloat16.
  @Test(.enabled(if: try ProcessorAbilities.here().hasFastBFloat16), arguments: [[2, 3], [3, 2]])
  func branchesOfTwoTypesJoin(branches: [Int]) throws {
    let channels = 128
    func convolution(_ filters: Int, _ side: Int) -> NetworkModel.Operation {
      .convolution(
        filters: filters, window: Window(kernel: .init(side, side), same: true), groups: 1, bias: true,
        .tanh)
    }
    let operations: [(NetworkModel.Operation, [Int])] = [
      (.input, []), (convolution(channels, 1), [0]), (convolution(channels, 6), [1]),
      (convolution(32, 1), [1]), (.concatenate(), branches),
      (.globalAveragePooling(keepingDimensions: false), [4]), (.dense(units: 3, bias: true, .softmax), [5]),
    ]
    let layers = operations.enumerated().map { index, layer in
      Layer(
        name: "layer\(index)", kind: "Test", operation: layer.0, inputs: layer.1,
        weightsPath: "layers/\(index)")
    }
    var graph = try ModelGraph(
      name: "test", layers: layers, output: layers.count - 1, inputShape: [15, 15, 3])
    var noise = Noise(5)
    for index in graph.layers.indices {
      for weight in graph.layers[index].weights.indices {
        let count = graph.layers[index].weights[weight].shape.reduce(1, *)
        graph.layers[index].weights[weight].values = noise.values(count, scale: index == 2 ? 0.02 : 0.3)
      }
    }
    let (exact, short) = (
      try Self.gradients(graph, count: 8, threads: 2), try Self.gradients(graph, count: 8, threads: 2, .bf16)
    )
    #expect(short.steps.contains { $0 == "layer2 (tiles)" })
    #expect(!short.steps.contains { $0 == "layer3 (tiles)" })
    #expect(abs(exact.loss - short.loss) < 0.02)
    for (a, b) in zip(exact.gradients, short.gradients) {
      #expect(a.distance(to: b) < 0.1 * (a.map(abs).max() ?? 0))
    }
  }

  static func core(_ framed: [Float]) -> [Float] {
    let size = channels * filters
    return (0..<kernel * kernel).flatMap { place in
      let row = place / kernel * 8 + place % kernel
      return Array(framed[row * size..<(row + 1) * size])
    }
  }

  @Test(arguments: [1, 2]) func trainingRepeatsBitForBit(threads: Int) throws {
    let graph = try Self.graph(isDirect: false)
    let (one, other) = (
      try Self.gradients(graph, count: 19, threads: threads),
      try Self.gradients(graph, count: 19, threads: threads)
    )
    #expect(one.loss == other.loss)
    #expect(one.gradients == other.gradients)
  }
}
