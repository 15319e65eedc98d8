import Foundation
import SeededNoise
import SystemIO
import Testing

@testable import NetworkEngine
@testable import NetworkModel

/// Every layer through oneDNN against plain loops, on random data and awkward sizes.
struct LayerTests {
  /// A network of an input and the given layers, each fed by the one before, with random weights.
  private static func graph(_ shape: [Int], _ operations: [NetworkModel.Operation], _ noise: inout Noise)
    throws
    -> ModelGraph
  {
    var layers = [Layer(name: "input", kind: "InputLayer", operation: .input, inputs: [], weightsPath: "")]
    for (index, operation) in operations.enumerated() {
      layers.append(
        Layer(
          name: "layer\(index)", kind: "Test", operation: operation, inputs: [index],
          weightsPath: "layers/\(index)"))
    }
    var graph = try ModelGraph(name: "test", layers: layers, output: operations.count, inputShape: shape)
    for index in graph.layers.indices {
      for weight in graph.layers[index].weights.indices {
        let count = graph.layers[index].weights[weight].shape.reduce(1, *)
        var values = noise.values(count, scale: 0.5)
        if graph.layers[index].weights[weight].name.hasSuffix("variance") {
          values = values.map { abs($0) + 0.1 }
        }
        graph.layers[index].weights[weight].values = values
      }
    }
    return graph
  }

  private static func values(_ graph: ModelGraph, _ layer: Int, _ name: String) -> [Float] {
    graph.layers[layer].weight(name)?.values ?? []
  }

  /// More functions in a row than a primitive takes, after a layer that takes them along and alone.
  @Test(arguments: Precision.allCases)
  func aLongChainOfActivations(_ precision: Precision) throws {
    var noise = Noise(7)
    let chain = (0..<70).map { Operation.activation(.relu(slope: $0 % 2 == 0 ? 0.5 : 2)) }
    let graph = try Self.graph([6], [.dense(units: 5, bias: true, .linear)] + chain, &noise)
    let alone = try Self.graph([6], chain, &noise)
    let input = noise.values(6)
    var ranges: [String: ActivationRange] = [:]
    for layer in graph.layers { ranges[layer.name] = ActivationRange(minimum: -9, maximum: 9, limit: 9) }
    let calibration = precision == .int8 ? Calibration(pictures: 1, ranges: ranges) : nil
    let expected = try Network(Self.graph([6], [.dense(units: 5, bias: true, .linear)], &noise)).outputCount
    #expect(
      try Network(graph, precision: precision, calibration: calibration).predict(input).count == expected)
    let plain = input.map { value in
      value >= 0 ? value : (0..<70).reduce(value) { $0 * ($1 % 2 == 0 ? 0.5 : 2) }
    }
    if precision == .f32 { #expect(try Network(alone).predict(input).distance(to: plain) < 1e-5) }
  }

  @Test(arguments: 0..<40)
  func convolution(_ seed: Int) throws {
    var noise = Noise(UInt64(seed))
    let groups = [1, 1, 1, 2, 3][noise.below(5)]
    let channels = groups * [1, 2, 3, 5, 8, 16][noise.below(6)]
    let filters = groups * (1 + noise.below(20))
    let same = seed % 2 == 0
    let dilation = Window.Pair(1 + noise.below(2), 1 + noise.below(2))
    // Keras has no strides and dilation at once.
    let strides = dilation == .init(1, 1) ? Window.Pair(1 + noise.below(3), 1 + noise.below(3)) : .init(1, 1)
    let window = Window(
      kernel: .init(1 + noise.below(5), 1 + noise.below(5)), strides: strides, dilation: dilation, same: same)
    let (height, width) = (9 + noise.below(9), 9 + noise.below(9))
    let graph = try Self.graph(
      [height, width, channels],
      [.convolution(filters: filters, window: window, groups: groups, bias: seed % 3 > 0, .relu())], &noise)
    for batch in [1, 3] {
      let input = noise.values(batch * height * width * channels)
      let result = try Network(graph, threads: 2).predict(input)
      let size = height * width * channels
      let expected = (0..<batch).flatMap { index in
        PlainPicture(height, width, channels, Array(input[(index * size)..<((index + 1) * size)]))
          .convolution(
            window, filters: filters, groups: groups, kernel: Self.values(graph, 1, "kernel"),
            bias: Self.values(graph, 1, "bias")
          ).values.map { max($0, 0) }
      }
      #expect(result.distance(to: expected) < 1e-4, "\(window) \(height)x\(width)x\(channels) -> \(filters)")
    }
  }

  @Test(arguments: 0..<16)
  func depthwiseAndSeparable(_ seed: Int) throws {
    var noise = Noise(UInt64(seed) + 1000)
    let (height, width, channels) = (7 + noise.below(6), 7 + noise.below(6), 1 + noise.below(17))
    let multiplier = 1 + noise.below(3)
    let window = Window(
      kernel: .init(1 + noise.below(4), 1 + noise.below(4)),
      strides: .init(1 + noise.below(2), 1 + noise.below(2)), same: seed % 2 == 0)
    let input = noise.values(height * width * channels)
    let picture = PlainPicture(height, width, channels, input)

    let depthwise = try Self.graph(
      [height, width, channels],
      [.depthwiseConvolution(multiplier: multiplier, window: window, bias: true, .linear)], &noise)
    let expected = picture.depthwise(
      window, multiplier: multiplier, kernel: Self.values(depthwise, 1, "kernel"),
      bias: Self.values(depthwise, 1, "bias"))
    #expect(try Network(depthwise).predict(input).distance(to: expected.values) < 1e-4)

    let separable = try Self.graph(
      [height, width, channels],
      [.separableConvolution(filters: 6, multiplier: multiplier, window: window, bias: true, .relu())], &noise
    )
    let between = picture.depthwise(
      window, multiplier: multiplier, kernel: Self.values(separable, 1, "depthwise_kernel"), bias: [])
    let both = between.convolution(
      Window(kernel: .init(1, 1)), filters: 6, groups: 1,
      kernel: Self.values(separable, 1, "pointwise_kernel"),
      bias: Self.values(separable, 1, "bias")
    ).map { max($0, 0) }
    #expect(try Network(separable).predict(input).distance(to: both.values) < 1e-4)
  }

  @Test(arguments: 0..<24)
  func pooling(_ seed: Int) throws {
    var noise = Noise(UInt64(seed) + 2000)
    let (height, width, channels) = (5 + noise.below(8), 5 + noise.below(8), 1 + noise.below(20))
    let window = Window(
      kernel: .init(1 + noise.below(3), 1 + noise.below(3)),
      strides: .init(1 + noise.below(3), 1 + noise.below(3)), same: seed % 2 == 0)
    let maximum = seed % 4 < 2
    let graph = try Self.graph(
      [height, width, channels], [maximum ? .maximumPooling(window) : .averagePooling(window)], &noise)
    let input = noise.values(height * width * channels)
    let expected = PlainPicture(height, width, channels, input).pooling(window, maximum: maximum)
    #expect(try Network(graph).predict(input).distance(to: expected.values) < 1e-5, "\(window)")
  }

  /// Flatten's order is Keras's (channels fastest) whatever layout the layer before it chose.
  @Test(arguments: [1, 2, 5])
  func flattenThenDense(_ batch: Int) throws {
    var noise = Noise(7)
    let window = Window(kernel: .init(3, 3))
    let graph = try Self.graph(
      [9, 8, 1],
      [
        .convolution(filters: 24, window: window, groups: 1, bias: true, .linear),
        .flatten(pixelsFirst: false),
        .dense(units: 5, bias: true, .softmax),
      ], &noise)
    let input = noise.values(batch * 72)
    let result = try Network(graph).predict(input)
    let expected = (0..<batch).flatMap { index in
      let picture = PlainPicture(9, 8, 1, Array(input[(index * 72)..<((index + 1) * 72)])).convolution(
        window, filters: 24, groups: 1, kernel: Self.values(graph, 1, "kernel"),
        bias: Self.values(graph, 1, "bias"))
      return Plain.softmax(
        Plain.dense(
          picture.values, units: 5, kernel: Self.values(graph, 3, "kernel"),
          bias: Self.values(graph, 3, "bias")))
    }
    #expect(result.distance(to: expected) < 1e-5)
  }

  /// Flatten as the last layer: the row itself is in Keras's order.
  @Test func flattenAlone() throws {
    var noise = Noise(8)
    let window = Window(kernel: .init(2, 2))
    let graph = try Self.graph(
      [4, 5, 2],
      [
        .convolution(filters: 16, window: window, groups: 1, bias: false, .linear),
        .flatten(pixelsFirst: false),
      ],
      &noise)
    let input = noise.values(40)
    let expected = PlainPicture(4, 5, 2, input).convolution(
      window, filters: 16, groups: 1, kernel: Self.values(graph, 1, "kernel"), bias: [])
    #expect(try Network(graph).predict(input).distance(to: expected.values) < 1e-5)
  }

  /// Folded into a convolution, and as a step of its own after pooling.
  @Test(arguments: [true, false])
  func batchNormalization(_ folded: Bool) throws {
    var noise = Noise(9)
    let window = Window(kernel: .init(3, 3), same: true)
    let convolution = NetworkModel.Operation.convolution(
      filters: 11, window: window, groups: 1, bias: folded, .linear)
    let pool = NetworkModel.Operation.maximumPooling(Window(kernel: .init(1, 1)))
    let normalization = NetworkModel.Operation.batchNormalization(
      epsilon: 0.01, momentum: 0.99, center: true, scale: true)
    let graph = try Self.graph(
      [6, 7, 3], [convolution] + (folded ? [] : [pool]) + [normalization, .activation(.relu())], &noise)
    let at = folded ? 2 : 3
    let input = noise.values(126)
    var expected = PlainPicture(6, 7, 3, input).convolution(
      window, filters: 11, groups: 1, kernel: Self.values(graph, 1, "kernel"),
      bias: Self.values(graph, 1, "bias"))
    for i in expected.values.indices {
      let c = i % 11
      let deviation = (Self.values(graph, at, "moving_variance")[c] + 0.01).squareRoot()
      let normal = (expected.values[i] - Self.values(graph, at, "moving_mean")[c]) / deviation
      expected.values[i] = max(
        normal * Self.values(graph, at, "gamma")[c] + Self.values(graph, at, "beta")[c], 0)
    }
    let network = try Network(graph)
    #expect(try network.predict(input).distance(to: expected.values) < 1e-4)
    #expect(try network.steps(batch: 1).contains { $0.layer == "layer1" } == !folded)
  }

  @Test func rescalingIsPixelTimesScalePlusOffset() throws {
    var noise = Noise(10)
    let graph = try Self.graph([2, 2, 1], [.affine(scale: [1 / 127.5], offset: [-1])], &noise)
    #expect(try Network(graph).predict([0, 127.5, 255, 51]).distance(to: [-1, 0, 1, -0.6]) < 1e-6)
    let color = try Self.graph([1, 2, 3], [.affine(scale: [1, 2, 3], offset: [0, 10, 20])], &noise)
    #expect(try Network(color).predict([1, 1, 1, 2, 2, 2]).distance(to: [1, 12, 23, 2, 14, 26]) < 1e-6)
  }

  /// Two functions of one algorithm, each with its own numbers, after a layer that could do either on the way.
  @Test(arguments: [
    [Activation.elu(alpha: 1), .elu(alpha: 0.5)], [.relu(slope: 0.5), .relu(slope: 0.25)],
    [.scaled(scale: 2, offset: 1), .scaled(scale: -1, offset: 0.5), .scaled(scale: 3, offset: -1)],
    [.selu, .scaled(scale: 2, offset: 1)], [.relu(maximum: 0.4), .clipped(minimum: 0.1, maximum: 0.3)],
  ])
  func functionsInARow(_ functions: [Activation]) throws {
    var noise = Noise(21)
    let convolution = NetworkModel.Operation.convolution(
      filters: 9, window: Window(kernel: .init(3, 3)), groups: 1, bias: true, .linear)
    let graph = try Self.graph([6, 6, 3], [convolution] + functions.map { .activation($0) }, &noise)
    let input = noise.values(108)
    let plain = PlainPicture(6, 6, 3, input).convolution(
      Window(kernel: .init(3, 3)), filters: 9, groups: 1, kernel: Self.values(graph, 1, "kernel"),
      bias: Self.values(graph, 1, "bias"))
    let expected = functions.reduce(plain.values) { values, function in
      values.map { x in
        switch function {
        case .elu(let alpha): x > 0 ? x : alpha * (exp(x) - 1)
        case .relu(let slope, let maximum): min(x > 0 ? x : slope * x, maximum ?? .infinity)
        case .scaled(let scale, let offset): x * scale + offset
        case .selu: 1.050_700_98 * (x > 0 ? x : 1.673_263_2 * (exp(x) - 1))
        case .clipped(let minimum, let maximum): min(max(x, minimum), maximum)
        default: .nan
        }
      }
    }
    #expect(try Network(graph).predict(input).distance(to: expected) < 1e-4)
  }

  /// Results do not depend on the batch that a picture is in, nor on batches planned before.
  @Test func batchesAgree() throws {
    var noise = Noise(11)
    let graph = try Self.graph(
      [12, 12, 1],
      [
        .convolution(filters: 8, window: Window(kernel: .init(3, 3)), groups: 1, bias: true, .relu()),
        .maximumPooling(Window(kernel: .init(2, 2), strides: .init(2, 2))), .flatten(pixelsFirst: false),
        .dense(units: 4, bias: true, .softmax),
      ], &noise)
    let network = try Network(graph)
    let pictures = (0..<5).map { _ in noise.values(144) }
    let single = try pictures.map { try network.predict($0) }
    let together = try network.predict(pictures.flatMap { $0 })
    #expect(together.distance(to: single.flatMap { $0 }) < 1e-6)
    #expect(try network.predict(pictures[2]) == single[2])
  }

  @Test func shapesThatDoNotFitAreNamed() {
    var noise = Noise(12)
    #expect {
      _ = try Self.graph(
        [4, 4, 1],
        [.convolution(filters: 1, window: Window(kernel: .init(5, 5)), groups: 1, bias: false, .linear)],
        &noise)
    } throws: {
      ($0 as? Failure)?.description == "layer layer0: shape: a 5x5 window does not fit into 4x4"
    }
    #expect(throws: Failure.self) { _ = try Self.graph([1 << 20, 1 << 20, 1 << 20], [.identity], &noise) }
    #expect(throws: Failure.self) {
      _ = try Self.graph([1 << 20], [.dense(units: 1 << 20, bias: false, .linear)], &noise)
    }
  }
}
