import NetworkModel
import SystemIO

/// A model's graph as steps, for inference and training alike. Nothing is joined yet, and no weight is touched.
struct LoweredGraph {
  private(set) var nodes: [LoweredNode] = []
  /// Indices of the nodes whose results are the network's.
  private(set) var outputs: [Int] = []
  /// The first of them, for networks that have one.
  var output: Int { outputs[0] }
  private let isForTraining: Bool

  /// - Parameter isForTraining: Whether weights that training changes must stay apart from statistics.
  init(_ graph: ModelGraph, isForTraining: Bool = false) {
    self.isForTraining = isForTraining
    /// For each layer, the node that holds its result.
    var results: [Int] = []
    for index in graph.layers.indices {
      results.append(add(index, of: graph, inputs: graph.layers[index].inputs.map { results[$0] }))
    }
    outputs = graph.outputs.map { results[$0] }
  }

  /// How many nodes read each node's result; each of the network's own counts as one more.
  var readers: [Int] {
    var readers = [Int](repeating: 0, count: nodes.count)
    for node in nodes { for input in node.inputs { readers[input] += 1 } }
    for output in outputs { readers[output] += 1 }
    return readers
  }

  /// Gives a constant a shape with as many values.
  mutating func setShape(_ shape: [Int], ofConstant index: Int) { nodes[index].shape = shape }

  mutating func append(_ node: LoweredNode) -> Int {
    nodes.append(node)
    return nodes.count - 1
  }

  /// Appends what a layer computes; returns the index of the node that holds its result.
  mutating func add(_ index: Int, of graph: ModelGraph, inputs: [Int]) -> Int {
    let layer = graph.layers[index]
    func node(_ kind: LoweredNode.Kind) -> LoweredNode {
      LoweredNode(name: layer.name, layer: index, kind: kind, inputs: inputs, shape: layer.shape)
    }
    func picture() -> (height: Int, width: Int, channels: Int) {
      graph.picture(layer.inputs.first.map { graph.layers[$0].shape } ?? [])
    }
    func padding(_ window: Window) -> Padding {
      window.padding(height: picture().height, width: picture().width)
    }
    func product(_ kind: LoweredNode.Kind) -> LoweredNode {
      var product = node(kind)
      product.hasBias = layer.weight("bias") != nil
      return product
    }
    func convolution(_ filters: Int, groups: Int, _ window: Window) -> LoweredNode {
      product(
        .convolution(
          .init(
            filters: filters, channels: picture().channels, groups: groups, window: window,
            padding: padding(window))))
    }
    if layer.shape.count == 2, let result = addAsPicture(index, of: graph, inputs) { return result }
    switch layer.operation {
    case .input: return append(node(.input))
    case .identity: return inputs[0]
    case .dropout(let rate, let together):
      let sides = (try? ModelGraph.axes(together, rank: layer.shape.count)) ?? []
      return rate > 0 ? append(node(.dropout(rate: rate, together: sides))) : inputs[0]
    case .affine(let scale, let offset): return append(node(.affine(scale: scale, offset: offset)))
    case .normalization(_, let inverse):
      let deviation = (layer.weight("variance")?.values ?? []).map { max($0.squareRoot(), 1e-7) }
      let mean = layer.weight("mean")?.values ?? []
      let scale = inverse ? deviation : deviation.map { 1 / $0 }
      return append(
        node(.affine(scale: scale, offset: inverse ? mean : zip(mean, scale).map { -$0 * $1 })))
    case .batchNormalization(let epsilon, _, _, _)
    where isForTraining && layer.isInferenceOnly && layer.isTrainable:
      return addFixedNormalization(index, of: graph, inputs[0], epsilon)
    case .batchNormalization(let epsilon, let momentum, _, _):
      return append(node(.batchNormalization(epsilon: epsilon, momentum: momentum)))
    case .convolution(let filters, let window, let groups, _, let activation):
      return activate(append(convolution(filters, groups: groups, window)), activation, layer, index)
    case .depthwiseConvolution(let multiplier, let window, _, let activation):
      let channels = picture().channels
      return activate(
        append(convolution(channels * multiplier, groups: channels, window)), activation, layer, index)
    case .separableConvolution(let filters, let multiplier, let window, _, let activation):
      let channels = picture().channels
      var first = convolution(channels * multiplier, groups: channels, window)
      let result = graph.picture(layer.shape)
      first.shape = graph.shape(result.height, result.width, channels * multiplier)
      (first.kernelName, first.hasBias) = ("depthwise_kernel", false)
      var second = product(
        .convolution(
          .init(
            filters: filters, channels: channels * multiplier, groups: 1,
            window: Window(kernel: .init(1, 1)), padding: .init())))
      second.inputs = [append(first)]
      second.kernelName = "pointwise_kernel"
      return activate(append(second), activation, layer, index)
    case .dense(let units, _, let activation):
      if layer.shape.count == 3 {
        // Pixel by pixel.
        let window = Window(kernel: .init(1, 1))
        return activate(append(convolution(units, groups: 1, window)), activation, layer, index)
      }
      return activate(append(product(.dense(units: units))), activation, layer, index)
    case .activation(let activation): return activate(inputs[0], activation, layer, index)
    case .maximumPooling(let window):
      return append(node(.pooling(maximum: true, window, padding(window))))
    case .averagePooling(let window):
      return append(node(.pooling(maximum: false, window, padding(window))))
    case .globalMaximumPooling: return append(node(.globalPooling(maximum: true)))
    case .globalAveragePooling: return append(node(.globalPooling(maximum: false)))
    case .flatten(let pixelsFirst):
      if graph.layers[layer.inputs[0]].shape.count == 2 { return append(node(.reshape)) }
      return append(node(.flatten(channelsLast: pixelsFirst || !graph.channelsFirst)))
    case .zeroPadding(let top, let bottom, let left, let right):
      return append(node(.padding(.init(top: top, bottom: bottom, left: left, right: right))))
    case .concatenate(let axis):
      let rank = layer.shape.count
      let side = axis.flatMap { try? ModelGraph.axis($0, rank: rank) } ?? graph.channelAxis(rank: rank)
      return inputs.count == 1 ? inputs[0] : append(node(.concatenate(axis: side)))
    case .constant(let constant): return append(node(.constant(constant.values)))
    case .arithmetic(let kind): return combine(kind, index, of: graph, inputs)
    case .reduction, .reshape, .transpose, .slice, .centerCrop, .resize:
      return addArrangement(index, of: graph, inputs[0])
    case .transposedConvolution, .layerNormalization, .rootMeanSquareNormalization, .groupNormalization,
      .unitNormalization, .parametricRelu, .channelScale:
      return addComposed(index, of: graph, inputs[0])
    }
  }

  mutating func activate(_ input: Int, _ activation: Activation, _ layer: Layer, _ index: Int) -> Int {
    func node(_ kind: LoweredNode.Kind, _ input: Int) -> LoweredNode {
      LoweredNode(name: layer.name, layer: index, kind: kind, inputs: [input], shape: layer.shape)
    }
    if activation == .softmax { return append(node(.softmax, input)) }
    if let own = ScalarFunction(activation) { return append(node(.scalar(own), input)) }
    if activation == .logSoftmax { return logSoftmax(input, layer, index) }
    return activation.functions.reduce(input) { append(node(.elementwise($1), $0)) }
  }
}

extension Layer {
  /// A batch normalization by its moving statistics, as a scale and an offset for each channel.
  func movingNormalization(epsilon: Float) -> (scale: [Float], offset: [Float]) {
    let mean = weight("moving_mean")?.values ?? []
    func values(_ name: String, else standard: Float) -> [Float] {
      weight(name)?.values ?? [Float](repeating: standard, count: mean.count)
    }
    let scale = zip(values("gamma", else: 1), values("moving_variance", else: 1))
      .map { $0 / ($1 + epsilon).squareRoot() }
    return (scale, zip(values("beta", else: 0), zip(mean, scale)).map { $0 - $1.0 * $1.1 })
  }
}
