import NetworkModel
import NetworkTraining
import SystemIO

/// A network that looks at a gray picture of any size and answers with a map at stride 8: for each cell the logit of an
/// object, how far its center is, and the logarithm of its size.
///
/// Convolutions with batch normalization and rectifiers: 5x5 with stride 2; 3x3 with stride 2; a residual 3x3; 3x3 with
/// stride 2; residual 3x3 ones; a residual 5x5 of each channel with a 1x1 of all; 1x1; and 1x1 to the four values. A cell
/// sees about 90 pixels each way.
package struct DetectorArchitecture: Sendable, Equatable {
  /// Filters at strides 2, 4 and 8.
  package var filters = [12, 20, 40]
  /// Residual 3x3 convolutions at stride 8.
  package var residuals = 2

  /// Pixels from one cell to the next.
  package static let stride = 8
  /// What pixels are multiplied by, and what is added, before the network sees them: middle gray becomes 0.
  package static let preprocessing = Preprocessing(scale: 1 / 64, offset: -2)
  /// The logit that each cell begins with: objects are rare.
  private static let firstLogit: Float = -3

  /// The network of 47,592 parameters that the shipped detector has.
  package init() {}

  /// The network with fresh weights, for pictures of any size; its shapes are those of a square.
  /// - Parameters:
  ///   - side: Pixels of that square.
  ///   - seed: Of the weights.
  /// - Throws: ``Failure`` (`usage`) for numbers of filters that make no network.
  package func graph(side: Int, seed: UInt64) throws(Failure) -> ModelGraph {
    guard filters.count == 3, filters.allSatisfy({ (1...1024).contains($0) }), (0...64).contains(residuals)
    else {
      throw Failure(
        .usage, step: "the detector's network",
        cause: "it has three numbers of filters, each from 1 to 1024, at strides 2, 4 and 8")
    }
    var layers = Layers()
    let first = layers.block(0, filters[0], kernel: 5, stride: 2)
    let second = layers.block(first, filters[1], kernel: 3, stride: 2)
    let residual = layers.sum(second, layers.block(second, filters[1], kernel: 3))
    var last = layers.block(residual, filters[2], kernel: 3, stride: 2)
    for _ in 0..<residuals { last = layers.sum(last, layers.block(last, filters[2], kernel: 3)) }
    let wide = layers.normalized(
      layers.add(
        "depthwise_conv2d",
        .depthwiseConvolution(multiplier: 1, window: Layers.window(5, 1), bias: false, .linear), [last]))
    last = layers.sum(last, layers.block(wide, filters[2], kernel: 1))
    last = layers.block(last, filters[2], kernel: 1)
    let output = layers.add(
      "conv2d",
      .convolution(filters: 4, window: Layers.window(1, 1), groups: 1, bias: true, .linear), [last])
    do throws(Failure) {
      var graph = try ModelGraph(
        name: "detector", layers: layers.layers, output: output, inputShape: [side, side, 1])
      graph.hasFreeSize = true
      try graph.initializeWeights(nil, seed: seed)
      try graph.setWeight("bias", ofLayer: output, to: [Self.firstLogit, 0, 0, 0])
      return graph
    } catch {
      throw Failure(.usage, step: "the detector's network", subject: error.subject, cause: error.cause)
    }
  }
}

/// Layers in the order in which they are made, the input first.
private struct Layers {
  private(set) var layers = [
    Layer(name: "input", kind: "InputLayer", operation: .input, inputs: [], weightsPath: "")
  ]
  private var names = LayerNames()

  static func window(_ kernel: Int, _ stride: Int) -> Window {
    Window(kernel: .init(kernel, kernel), strides: .init(stride, stride), same: true)
  }

  mutating func add(_ base: String, _ operation: Operation, _ inputs: [Int]) -> Int {
    let name = names.next(base)
    layers.append(
      Layer(
        name: name, kind: operation.kerasClass ?? "Activation", operation: operation, inputs: inputs,
        weightsPath: "layers/" + name))
    return layers.count - 1
  }

  /// Batch normalization and a rectifier.
  mutating func normalized(_ input: Int) -> Int {
    let normalization = add(
      "batch_normalization",
      .batchNormalization(epsilon: 1e-3, momentum: 0.98, center: true, scale: true), [input])
    return add("re_lu", .activation(.relu()), [normalization])
  }

  /// A convolution without bias, which the normalization after it has.
  mutating func block(_ input: Int, _ filters: Int, kernel: Int, stride: Int = 1) -> Int {
    normalized(
      add(
        "conv2d",
        .convolution(
          filters: filters, window: Self.window(kernel, stride), groups: 1, bias: false, .linear), [input]))
  }

  mutating func sum(_ first: Int, _ second: Int) -> Int { add("add", .add, [first, second]) }
}
