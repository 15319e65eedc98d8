import SeededNoise
import SystemIO
import Testing

@testable import NetworkEngine
@testable import NetworkModel

/// Layers of 8-bit integers against plain arithmetic of the same rounded numbers, and what they depend on.
struct IntegerTests {
  /// A network of the given layers in a row, with random weights.
  private static func graph(_ shape: [Int], _ operations: [Operation], _ noise: inout Noise) throws
    -> ModelGraph
  {
    var graph = try ModelGraph(
      name: "test", inputShape: shape,
      sequence: operations.enumerated().map { ("layer\($0.offset)", $0.element) })
    for (index, layer) in graph.layers.enumerated() {
      for weight in layer.weights {
        var values = noise.values(weight.shape.reduce(1, *), scale: 0.5)
        if weight.name.hasSuffix("variance") { values = values.map { abs($0) + 0.1 } }
        try graph.setWeight(weight.name, ofLayer: index, to: values)
      }
    }
    return graph
  }

  /// Ranges as a run over `input` shows them.
  private static func calibration(_ graph: ModelGraph, _ input: [Float]) throws -> Calibration {
    let calibrator = try Calibrator(graph, threads: 2)
    try calibrator.observe(input)
    return calibrator.calibration
  }

  private static func rounded(_ values: [Float], _ step: Float, _ range: ClosedRange<Float>) -> [Float] {
    values.map { min(max(($0 / step).rounded(.toNearestOrEven), range.lowerBound), range.upperBound) * step }
  }

  /// One convolution: activations and weights rounded here, the sum in plain loops.
  @Test(arguments: 0..<24) func convolution(_ seed: Int) throws {
    var noise = Noise(UInt64(seed + 1000))
    let channels = [4, 8, 16, 17, 32][noise.below(5)]
    let filters = [1, 5, 8, 16, 24][noise.below(5)]
    let isSigned = seed % 3 == 0
    let window = Window(
      kernel: .init(1 + noise.below(4), 1 + noise.below(4)),
      strides: .init(1 + noise.below(2), 1 + noise.below(2)), same: seed % 2 == 0)
    let activation: Activation = [.relu(), .linear, .elu(alpha: 1)][seed % 3]
    let graph = try Self.graph(
      [11, 9, channels],
      [.convolution(filters: filters, window: window, groups: 1, bias: seed % 4 > 0, activation)], &noise)
    let input = noise.values(2 * 11 * 9 * channels).map { isSigned ? $0 : abs($0) }
    let calibration = try Self.calibration(graph, input)
    let network = try Network(graph, threads: 2, precision: .int8, calibration: calibration)
    #expect(try network.steps(batch: 2).contains(where: \.multipliesIntegers), "no integers used")
    let result = try network.predict(input)

    let range = try #require(calibration.ranges["input"])
    let hasDotProduct = try ProcessorAbilities.here().hasIntegerDotProduct
    let step = range.limit / (isSigned || !hasDotProduct ? 127 : 255)
    let seen = Self.rounded(input, step, isSigned ? -128...127 : 0...255)
    let kernel = graph.layers[1].weight("kernel")!.values
    var largest = [Float](repeating: 0, count: filters)
    for (index, value) in kernel.enumerated() {
      largest[index % filters] = max(largest[index % filters], abs(value))
    }
    // Signed activations on a processor without VNNI: oneDNN halves the weights, and rounds once more.
    let roundsTwice = isSigned && !hasDotProduct
    let integers = kernel.enumerated().map { index, value in
      let step = largest[index % filters] / 127
      return (value / step).rounded(.toNearestOrEven) * step
    }
    let size = 11 * 9 * channels
    let expected = (0..<2).flatMap { index in
      PlainPicture(11, 9, channels, Array(seen[(index * size)..<((index + 1) * size)]))
        .convolution(
          window, filters: filters, groups: 1, kernel: integers,
          bias: graph.layers[1].weight("bias")?.values ?? []
        )
        .map { value in
          switch activation {
          case .relu: max(value, 0)
          case .elu: value > 0 ? value : expm1(value)
          default: value
          }
        }.values
    }
    let scale = expected.reduce(0) { max($0, abs($1)) }
    let limit: Float = roundsTwice ? 0.02 : 2e-5
    #expect(result.distance(to: expected) < limit * scale, "\(result.distance(to: expected)) of \(scale)")
  }

  private func expm1(_ value: Float) -> Float { Float(IntegerTests.exponential(Double(value)) - 1) }

  private static func exponential(_ value: Double) -> Double {
    var (term, sum) = (1.0, 1.0)
    for index in 1..<40 {
      term *= value / Double(index)
      sum += term
    }
    return sum
  }

  /// Chains with 8-bit numbers from layer to layer, padding, every kind of reader: close to f32.
  @Test(arguments: 0..<6) func chainsAreCloseToFloat(_ kind: Int) throws {
    var noise = Noise(UInt64(kind + 50))
    let same = Window(kernel: .init(3, 3), same: true)
    let pool = Window(kernel: .init(2, 2), strides: .init(2, 2))
    func convolution(_ filters: Int, _ activation: Activation = .relu()) -> Operation {
      .convolution(filters: filters, window: same, groups: 1, bias: true, activation)
    }
    let chains: [[Operation]] = [
      [
        convolution(16), .maximumPooling(pool), convolution(16), .flatten(pixelsFirst: true),
        .dense(units: 32, bias: true, .relu()), .dense(units: 7, bias: true, .softmax),
      ],
      [
        convolution(16, .elu(alpha: 1)), convolution(24, .linear), .averagePooling(pool), convolution(8),
        .globalAveragePooling(keepingDimensions: false), .dense(units: 5, bias: true, .softmax),
      ],
      [
        convolution(16, .linear),
        .batchNormalization(epsilon: 1e-3, momentum: 0.99, center: true, scale: true),
        .activation(.relu()), .zeroPadding(top: 1, bottom: 2, left: 0, right: 1), .maximumPooling(pool),
        convolution(12, .silu), .globalMaximumPooling(keepingDimensions: false),
        .dense(units: 6, bias: false, .softmax),
      ],
      [
        .depthwiseConvolution(multiplier: 1, window: same, bias: true, .relu()), convolution(16),
        .separableConvolution(filters: 16, multiplier: 1, window: same, bias: true, .relu()),
        .flatten(pixelsFirst: false), .dense(units: 4, bias: true, .softmax),
      ],
      [
        .convolution(filters: 12, window: same, groups: 3, bias: true, .relu(slope: 0.1)), convolution(9),
        .flatten(pixelsFirst: true), .dense(units: 4, bias: true, .softmax),
      ],
      [
        convolution(10, .relu(slope: 0, maximum: 6)), convolution(10, .sigmoid), convolution(10, .tanh),
        .globalAveragePooling(keepingDimensions: true), .flatten(pixelsFirst: true),
        .dense(units: 4, bias: true, .linear),
      ],
    ]
    let graph = try Self.graph([12, 10, 6], chains[kind], &noise)
    let input = noise.values(3 * 12 * 10 * 6)
    let calibration = try Self.calibration(graph, input)
    let exact = try Network(graph, threads: 2).predict(input)
    let network = try Network(graph, threads: 2, precision: .int8, calibration: calibration)
    #expect(
      try network.steps(batch: 3).contains {
        $0.multipliesIntegers
      })
    let result = try network.predict(input)
    let scale = exact.reduce(0) { max($0, abs($1)) }
    #expect(result.distance(to: exact) < 0.15 * scale, "\(result.distance(to: exact)) of \(scale)")
  }

  /// Sums and concatenations of branches.
  @Test func branchesAreCloseToFloat() throws {
    var noise = Noise(77)
    let same = Window(kernel: .init(3, 3), same: true)
    func layer(_ name: String, _ operation: Operation, _ inputs: [Int]) -> Layer {
      Layer(name: name, kind: "Test", operation: operation, inputs: inputs, weightsPath: name)
    }
    let convolution = Operation.convolution(filters: 8, window: same, groups: 1, bias: true, .relu())
    var graph = try ModelGraph(
      name: "branches",
      layers: [
        layer("input", .input, []), layer("a", convolution, [0]), layer("b", convolution, [1]),
        layer("sum", .add, [1, 2]), layer("c", convolution, [3]), layer("d", convolution, [3]),
        layer("joined", .concatenate(), [4, 5]), layer("e", convolution, [6]),
        layer("pooled", .globalAveragePooling(keepingDimensions: false), [7]),
        layer("answer", .dense(units: 5, bias: true, .softmax), [8]),
      ], output: 9, inputShape: [10, 10, 4])
    for (index, layer) in graph.layers.enumerated() {
      for weight in layer.weights {
        try graph.setWeight(
          weight.name, ofLayer: index, to: noise.values(weight.shape.reduce(1, *), scale: 0.3))
      }
    }
    let input = noise.values(2 * 400).map(abs)
    let calibration = try Self.calibration(graph, input)
    let exact = try Network(graph, threads: 2).predict(input)
    let network = try Network(graph, threads: 2, precision: .int8, calibration: calibration)
    let integers = try network.steps(batch: 2).filter(\.multipliesIntegers).map(\.layer)
    #expect(integers == ["a", "b", "c", "d", "e"])
    #expect(try network.predict(input).distance(to: exact) < 0.05)
  }

  /// A face's result does not depend on how many others are computed with it, nor on the threads.
  @Test(arguments: [Precision.f32, .int8]) func resultsDoNotDependOnTheBatch(_ precision: Precision) throws {
    var noise = Noise(5)
    let same = Window(kernel: .init(3, 3), same: true)
    let pool = Window(kernel: .init(2, 2), strides: .init(2, 2))
    let graph = try Self.graph(
      [24, 24, 1],
      [
        .convolution(filters: 24, window: same, groups: 1, bias: true, .relu()), .maximumPooling(pool),
        .convolution(filters: 40, window: same, groups: 1, bias: true, .relu()), .maximumPooling(pool),
        .flatten(pixelsFirst: true), .dense(units: 48, bias: true, .relu()),
        .dense(units: 7, bias: true, .softmax),
      ], &noise)
    let size = 24 * 24
    let input = noise.values(17 * size)
    let calibration = try Self.calibration(graph, input)
    let network = try Network(graph, threads: 2, precision: precision, calibration: calibration)
    let alone = try (0..<17).flatMap { try network.predict(Array(input[($0 * size)..<(($0 + 1) * size)])) }
    for threads in [1, 2, 3] {
      let other = try Network(graph, threads: threads, precision: precision, calibration: calibration)
      for batch in [1, 2, 7, 8, 9, 16, 17] {
        #expect(
          try other.predict(Array(input[..<(batch * size)])) == Array(alone[..<(batch * 7)]),
          "\(batch) pictures, \(threads) threads")
      }
    }
  }

  @Test func channelsOfZerosAndHugeWeightsAreSafe() throws {
    var noise = Noise(9)
    let window = Window(kernel: .init(3, 3))
    var graph = try Self.graph(
      [8, 8, 4],
      [
        .convolution(filters: 4, window: window, groups: 1, bias: true, .relu()),
        .convolution(filters: 4, window: window, groups: 1, bias: true, .relu()),
      ], &noise)
    var kernel = noise.values(3 * 3 * 4 * 4)
    for index in kernel.indices where index % 4 == 1 { kernel[index] = 0 }
    for index in kernel.indices where index % 4 == 2 {
      kernel[index] = Float(sign: .plus, exponent: -140, significand: 1)
    }
    try graph.setWeight("kernel", ofLayer: 1, to: kernel)
    let input = noise.values(256)
    let calibration = try Self.calibration(graph, input)
    let result = try Network(graph, precision: .int8, calibration: calibration).predict(input)
    #expect(result.allSatisfy { $0.isFinite })
    kernel[0] = .nan
    kernel[3] = .greatestFiniteMagnitude
    try graph.setWeight("kernel", ofLayer: 1, to: kernel)
    _ = try Network(graph, precision: .int8, calibration: calibration).predict(input)
  }

  @Test(
    .enabled(
      if: (try? ProcessorAbilities.here().hasBFloat16) ?? false, "this processor has no AVX-512 for bfloat16")
  )
  func bfloat16IsCloseToFloat() throws {
    var noise = Noise(21)
    let same = Window(kernel: .init(3, 3), same: true)
    let pool = Window(kernel: .init(2, 2), strides: .init(2, 2))
    let graph = try Self.graph(
      [24, 24, 1],
      [
        .affine(scale: [0.5], offset: [0.1]),
        .convolution(filters: 16, window: same, groups: 1, bias: true, .relu()), .maximumPooling(pool),
        .separableConvolution(filters: 24, multiplier: 1, window: same, bias: true, .elu(alpha: 1)),
        .batchNormalization(epsilon: 1e-3, momentum: 0.99, center: true, scale: true), .averagePooling(pool),
        .flatten(pixelsFirst: true), .dense(units: 32, bias: true, .relu()),
        .dense(units: 7, bias: true, .softmax),
      ], &noise)
    let input = noise.values(3 * 24 * 24)
    let exact = try Network(graph, threads: 2).predict(input)
    let result = try Network(graph, threads: 2, precision: .bf16).predict(input)
    #expect(result.distance(to: exact) < 2e-2)
  }
}
