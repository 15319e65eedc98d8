import SeededNoise
import SystemIO
import Testing

@testable import NetworkEngine
@testable import NetworkModel

/// The gradient of every layer against finite differences of the loss.
struct TrainingGradientTests {
  /// A layer's row in the table of tests: a network around it, small enough for a difference per weight.
  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var input: [Int]
    var layers: [(kind: String, operation: NetworkModel.Operation, inputs: [Int])]
    var channelsFirst = false
    /// Layers that are other ones called again, by their places.
    var again: [Int: Int] = [:]

    /// A chain.
    init(_ name: String, input: [Int] = [6, 7, 3], _ operations: [NetworkModel.Operation]) {
      testDescription = name
      self.input = input
      layers = operations.enumerated().map { ("Test", $0.element, [$0.offset]) }
    }

    func graph(_ noise: inout Noise) throws -> ModelGraph {
      var list = [Layer(name: "input", kind: "InputLayer", operation: .input, inputs: [], weightsPath: "")]
      for (index, layer) in layers.enumerated() {
        let place = (again[index] ?? index) + 1
        list.append(
          Layer(
            name: "layer\(place)", kind: layer.kind, operation: layer.operation, inputs: layer.inputs,
            weightsPath: "layers/\(place)"))
      }
      var graph = try ModelGraph(
        name: "test", layers: list, output: layers.count, inputShape: input, channelsFirst: channelsFirst)
      for index in graph.layers.indices {
        for weight in graph.layers[index].weights.indices {
          let count = graph.layers[index].weights[weight].shape.reduce(1, *)
          var values = noise.values(count, scale: 0.5)
          let name = graph.layers[index].weights[weight].name
          if name.hasSuffix("variance") || name == "gamma" || name == "scale" {
            values = values.map { abs($0) + 0.5 }
          }
          graph.layers[index].weights[weight].values = values
        }
        if let first = again[index - 1] { graph.layers[index].weights = graph.layers[first + 1].weights }
      }
      return graph
    }
  }

  static let relu = Activation.relu()
  static func conv(
    _ filters: Int, _ kernel: (Int, Int) = (3, 3), strides: (Int, Int) = (1, 1),
    dilation: (Int, Int) = (1, 1),
    same: Bool = true, groups: Int = 1, bias: Bool = true, then activation: Activation = .linear
  ) -> NetworkModel.Operation {
    .convolution(
      filters: filters,
      window: Window(
        kernel: .init(kernel.0, kernel.1), strides: .init(strides.0, strides.1),
        dilation: .init(dilation.0, dilation.1), same: same), groups: groups, bias: bias, activation)
  }
  static let end: [NetworkModel.Operation] = [
    .flatten(pixelsFirst: false), .dense(units: 4, bias: true, .softmax),
  ]
  static let window2 = Window(kernel: .init(2, 2), strides: .init(2, 2))
  static let window3 = Window(kernel: .init(3, 3), strides: .init(2, 2), same: true)
  static let norm = NetworkModel.Operation.batchNormalization(
    epsilon: 1e-3, momentum: 0.9, center: true, scale: true)

  static let cases: [Case] = {
    var cases: [Case] = []
    func add(
      _ name: String, input: [Int] = [6, 7, 3], end: [NetworkModel.Operation] = end,
      _ operations: NetworkModel.Operation...
    ) {
      cases.append(Case(name, input: input, operations + end))
    }
    add("convolution", conv(5), conv(6))
    add("convolution, strides", conv(5, (3, 2), strides: (2, 2)), conv(8, strides: (2, 1), same: false))
    add("convolution, dilation", conv(4), conv(5, dilation: (2, 2)))
    add("convolution, groups", conv(8), conv(4, groups: 2), conv(16, groups: 4, bias: false))
    add(
      "convolution, wide", input: [12, 12, 1], conv(16, (5, 5), same: false, then: relu),
      conv(16, same: true, then: relu))
    add(
      "first convolution, strides and dilation", input: [9, 8, 2], conv(5, (4, 3), strides: (2, 3)),
      conv(4, dilation: (2, 1)))
    add("first convolution, dilation", input: [9, 8, 1], conv(5, dilation: (2, 3)), conv(4))
    add("convolution with relu", conv(8, same: false, then: relu), conv(5, then: relu))
    add("convolution with leaky relu", conv(5, then: .relu(slope: 0.2)), .maximumPooling(window2))
    add(
      "depthwise", conv(4),
      .depthwiseConvolution(multiplier: 1, window: Window(kernel: .init(3, 3), same: true), bias: true, relu),
      .depthwiseConvolution(multiplier: 2, window: Window(kernel: .init(2, 3)), bias: false, .linear))
    add(
      "separable",
      .separableConvolution(
        filters: 6, multiplier: 2, window: Window(kernel: .init(3, 3), same: true), bias: true, relu))
    add(
      "dense", input: [10], end: [], .dense(units: 8, bias: true, .tanh), .dense(units: 5, bias: false, relu),
      end[1])
    add("batch normalization", conv(8, bias: false), norm)
    add(
      "batch normalization, relu", conv(6, bias: false), norm, .activation(relu), conv(4), norm,
      .activation(.relu(slope: 0.1)))
    add(
      "batch normalization, parts",
      .batchNormalization(epsilon: 1e-3, momentum: 0.9, center: false, scale: true), conv(4),
      .batchNormalization(epsilon: 1e-3, momentum: 0.9, center: true, scale: false), conv(3),
      .batchNormalization(epsilon: 1e-3, momentum: 0.9, center: false, scale: false))
    add(
      "batch normalization of rows", input: [9], end: [], .dense(units: 6, bias: false, .linear), norm,
      .activation(relu), end[1])
    add(
      "maximum pooling", conv(4, then: relu), .maximumPooling(window2), conv(4, then: .tanh),
      .maximumPooling(window3))
    add("average pooling", conv(4, then: relu), .averagePooling(window3), conv(3), .averagePooling(window2))
    add(
      "global average", end: [], conv(5, then: relu), .globalAveragePooling(keepingDimensions: false), end[1])
    add("global maximum", conv(5, then: relu), .globalMaximumPooling(keepingDimensions: true))
    add("global maximum, row", end: [], conv(9), .globalMaximumPooling(keepingDimensions: false), end[1])
    add("dropout", conv(8, then: relu), .maximumPooling(window2), .dropout(rate: 0.4))
    add(
      "dropout of rows", end: [], .flatten(pixelsFirst: false), .dense(units: 9, bias: true, .tanh),
      .dropout(rate: 0.3), .dense(units: 9, bias: true, relu), .dropout(rate: 0.5), end[1])
    add(
      "padding", conv(3), .zeroPadding(top: 1, bottom: 0, left: 2, right: 1), conv(4, same: false),
      .zeroPadding(top: 0, bottom: 1, left: 1, right: 1), .averagePooling(window2))
    add("rescaling", .affine(scale: [1 / 3], offset: [0.2]), conv(3), .affine(scale: [-2], offset: [1]))
    add("rescaling of channels", conv(3), .affine(scale: [1, 2, 0.5], offset: [0.1, 0, -1]))
    add("normalization", .normalization(perChannel: true, inverse: false), conv(3))
    add("inner softmax", conv(4), .activation(.softmax))
    for activation: Activation in [
      .elu(alpha: 0.7), .selu, .sigmoid, .hardSigmoid, .tanh, .silu, .hardSilu, .softplus, .exponential,
      .gelu(approximate: false), .gelu(approximate: true), .mish, .relu(maximum: 0.4),
      .relu(slope: 0.1, maximum: 0.3),
    ] {
      add("\(activation)", conv(4, then: activation))
    }
    // Branches: 1 and 2 are convolutions of the input.
    func branches(_ name: String, _ layers: [(NetworkModel.Operation, [Int])]) {
      var one = Case(name, [])
      one.layers = layers.map { ("Test", $0.0, $0.1) }
      cases.append(one)
    }
    branches(
      "add",
      [
        (conv(4, then: relu), [0]), (conv(4), [1]), (.add, [1, 2]), (.activation(relu), [3]),
        (.add, [4, 1, 2]),
        (conv(3), [5]), (end[0], [6]), (end[1], [7]),
      ])
    branches(
      "multiply",
      [
        (conv(4), [0]), (conv(4, then: .sigmoid), [0]), (.multiply, [1, 2]), (end[0], [3]), (end[1], [4]),
      ])
    branches(
      "concatenate",
      [
        (conv(3), [0]), (conv(9, then: relu), [0]), (.concatenate(), [1, 2]), (conv(4), [3]),
        (.concatenate(), [4, 0, 4]),
        (end[0], [5]), (end[1], [6]),
      ])
    branches(
      "concatenate rows",
      [
        (conv(3), [0]), (.globalAveragePooling(keepingDimensions: false), [1]), (end[0], [1]),
        (.concatenate(), [2, 3]), (end[1], [4]),
      ])
    branches(
      "broadcast",
      [
        (conv(4), [0]), (.globalAveragePooling(keepingDimensions: true), [1]),
        (.dense(units: 4, bias: true, .sigmoid), [2]), (.multiply, [1, 3]), (.arithmetic(.subtract), [4, 2]),
        (.reduction(.maximum, axes: [-1], keepingDimensions: true), [5]), (.arithmetic(.maximum), [5, 6]),
        (conv(1, then: .softplus), [1]), (.arithmetic(.divide), [7, 8]), (.add, [9, 3, 8]), (end[0], [10]),
        (end[1], [11]),
      ])
    branches(
      "powers and averages",
      [
        (conv(4, then: .softplus), [0]), (conv(4, then: .tanh), [0]), (.arithmetic(.power), [1, 2]),
        (.arithmetic(.average), [3, 1, 2]), (.arithmetic(.minimum), [4, 1]), (end[0], [5]), (end[1], [6]),
      ])
    let ramp = Constant(shape: [4], values: [0.5, -1, 2, 0.25])
    branches(
      "constants",
      [
        (.constant(ramp), []), (.constant(.init(shape: [], values: [1.5])), []), (conv(4), [0]),
        (.arithmetic(.multiply), [3, 1]), (.arithmetic(.subtract), [1, 4]), (.arithmetic(.multiply), [2, 5]),
        (.arithmetic(.maximum), [6, 2]), (.arithmetic(.divide), [7, 2]), (.add, [8, 3]), (end[0], [9]),
        (end[1], [10]),
      ])
    for (name, operation): (String, NetworkModel.Operation) in [
      ("mean of rows", .reduction(.mean, axes: [0], keepingDimensions: false)),
      ("sum of channels", .reduction(.sum, axes: [2], keepingDimensions: true)),
      ("minimum", .reduction(.minimum, axes: [1], keepingDimensions: true)),
      ("reshape", .reshape([7, -1])), ("transpose", .transpose(order: [2, 0, 1])),
      ("slice", .slice([Slice(start: 1, stop: -1), Slice(start: 2), Slice(stop: 3)])),
      ("index", .slice([Slice(start: -2, stop: -1, isIndex: true)])),
      ("center", .centerCrop(height: 3, width: 4)),
      ("nearest", .resize(.init(.times(.init(2, 3)), .nearest))),
      ("bilinear", .resize(.init(.pixels(.init(4, 11)), .bilinear))),
      ("layer normalization", .layerNormalization(axes: [-1], epsilon: 0.1, center: true, scale: true)),
      (
        "layer normalization of pictures",
        .layerNormalization(axes: [0, 1, 2], epsilon: 0.1, center: true, scale: true)
      ), ("root mean square", .rootMeanSquareNormalization(axes: [-1], epsilon: 0.1)),
      ("group normalization", .groupNormalization(groups: 2, epsilon: 0.1, center: true, scale: true)),
      ("instance normalization", .groupNormalization(groups: 0, epsilon: 0.1, center: true, scale: false)),
      ("unit normalization", .unitNormalization(axes: [-1], epsilon: 1e-12)),
      ("parametric relu", .parametricRelu(sharedAxes: [0, 1])),
      ("parametric relu of each", .parametricRelu(sharedAxes: [])), ("channel scale", .channelScale),
      ("dense of pixels", .dense(units: 5, bias: true, .tanh)),
      ("inner log softmax", .activation(.logSoftmax)),
      ("dropout of channels", .dropout(rate: 0.4, together: [0, 1])),
      ("dropout of pictures", .dropout(rate: 0.3, together: [0, 1, 2])),
    ] {
      add(name, conv(4, then: .tanh), operation)
    }
    for same in [false, true] {
      add(
        "transposed convolution, \(same ? "same" : "valid")", conv(4),
        .transposedConvolution(
          filters: 3, window: Window(kernel: .init(3, 2), strides: .init(2, 1), same: same),
          outputPadding: nil,
          bias: true, .tanh))
    }
    add(
      "rows of channels", conv(4), .reshape([-1, 4]), .dense(units: 6, bias: true, .tanh), norm,
      .activation(.softmax), .layerNormalization(axes: [-1], epsilon: 0.1, center: true, scale: true))
    for activation: Activation in [
      .thresholdedRelu(slope: 0.2, maximum: 0.8, threshold: 0.1), .celu(alpha: 0.7), .softsign,
      .softShrink(threshold: 0.2), .tanhShrink, .logSigmoid, .squareplus(b: 2), .sparsePlus,
      .absolute, .square, .clipped(minimum: -0.4, maximum: 0.5), .scaled(scale: 2, offset: 1),
    ] {
      add("\(activation)", conv(4, then: activation))
    }
    var planes = Case(
      "channels first, loops", input: [3, 6, 7],
      [
        conv(4), .groupNormalization(groups: 2, epsilon: 0.1, center: true, scale: true),
        .resize(.init(.times(.init(2, 1)), .bilinear)), .parametricRelu(sharedAxes: [1, 2]),
        .dropout(rate: 0.3, together: [1, 2]), .transpose(order: [0, 2, 1]), .flatten(pixelsFirst: true),
        end[1],
      ])
    planes.channelsFirst = true
    cases.append(planes)
    var first = Case("channels first", input: [3, 6, 7], [conv(5), norm, .maximumPooling(window2)] + end)
    first.channelsFirst = true
    cases.append(first)
    var twice = Case("layers called twice", [conv(4), norm, conv(4), norm] + end)
    twice.again = [3: 1]
    cases.append(twice)
    var turned = Case(
      "channels first, flattened pixels first", input: [3, 6, 7],
      [conv(5), .flatten(pixelsFirst: true), end[1]])
    turned.channelsFirst = true
    cases.append(turned)
    return cases
  }()

  @Test(arguments: cases)
  func gradientEqualsDifferences(_ test: Case) throws {
    var noise = Noise(11)
    let graph = try test.graph(&noise)
    let network = try TrainingNetwork(graph, .init(threads: 1))
    let count = 5
    let pictures = noise.values(count * network.inputCount)
    var targets = noise.values(count * network.outputCount).map { abs($0) }
    for row in 0..<count {
      let range = row * network.outputCount..<(row + 1) * network.outputCount
      let sum = targets[range].reduce(0, +)
      for index in range { targets[index] /= sum }
    }
    let weights: [Float] = [1, 0.5, 2, 1, 0.25]
    func loss() throws -> Double {
      try network.step(count: count, seed: 5) { input, target, weight in
        _ = input.update(fromContentsOf: pictures)
        _ = target.update(fromContentsOf: targets)
        _ = weight.update(fromContentsOf: weights)
      }.loss
    }
    let base = try loss()
    let gradients = try network.withGradients { Array($0) }
    #expect(!network.parameters.isEmpty)
    var (told, asked) = (0, 0)
    for parameter in network.parameters {
      // Some values of each, and a step that balances rounding against curvature.
      var known: [Double] = []
      var measured: [Double] = []
      let wanted = min(parameter.count, 12)
      for _ in 0..<(16 * wanted) where known.count < wanted {
        let place = parameter.offset + noise.below(parameter.count)
        func at(_ offset: Float) throws -> Double {
          let old = try network.withWeights { $0[place] }
          try network.withWeights { $0[place] = old + offset }
          let result = try loss()
          try network.withWeights { $0[place] = old }
          return result
        }
        // Where a kink lies near, differences of two widths disagree, or those to both sides: they show nothing.
        let (above, below) = (try at(1e-3), try at(-1e-3))
        let wide = try (at(4e-3) - at(-4e-3)) / 8e-3
        let narrow = (above - below) / 2e-3
        if abs(wide - narrow) > 2e-3 * max(0.05, abs(wide)) { continue }
        if abs(above + below - 2 * base) / 1e-3 > 3e-2 * max(0.1, abs(wide)) { continue }
        known.append(Double(gradients[place]))
        measured.append(wide)
      }
      told += known.count
      asked += wanted
      let scale = max(0.02, measured.map(abs).max() ?? 0)
      for (a, b) in zip(known, measured) {
        #expect(
          abs(a - b) < 1.5e-2 * scale, "\(parameter.layer) \(parameter.name): \(a), by differences \(b)")
      }
    }
    #expect(told * 2 >= asked, "\(told) of \(asked) values show anything")
  }
}
