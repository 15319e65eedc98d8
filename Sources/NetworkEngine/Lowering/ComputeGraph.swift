import COneDNN
import NetworkModel
import SystemIO

/// A model's graph made ready for planning: what does nothing at inference is gone; batch normalisation is folded
/// into the weights before it, activations and padding are joined to the layer that can do them on the way.
struct ComputeGraph {
  private(set) var nodes: [ComputeNode] = []
  /// Index of the node whose result is the network's.
  private(set) var output = 0
  let channelsFirst: Bool
  /// How many layers read each node's result; the network's own result counts as one more.
  private var readers: [Int] = []

  init(_ graph: ModelGraph) throws(Failure) {
    channelsFirst = graph.channelsFirst
    var calls = [Int](repeating: 0, count: graph.layers.count)
    for layer in graph.layers { for input in layer.inputs { calls[input] += 1 } }
    calls[graph.output] += 1

    // Where each layer's result is found.
    var place: [Int] = []
    for (index, layer) in graph.layers.enumerated() {
      for weight in layer.weights where weight.values.count != weight.shape.reduce(1, *) {
        throw Failure(.failed, step: "planning", subject: "layer \(layer.name)", cause: "weights are missing")
      }
      let inputs = layer.inputs.map { place[$0] }
      let inputShape = layer.inputs.first.map { graph.layers[$0].shape } ?? []
      place.append(try add(layer, inputs, inputShape, graph))
      // A layer joined to its input reads that no longer; its own readers do.
      readers[place[index]] += calls[index] - (inputs.contains(place[index]) ? 1 : 0)
    }
    output = place[graph.output]
  }

  /// For each node whether the result depends on it: a padding that was joined to all its readers is left behind.
  var needed: [Bool] {
    var needed = [Bool](repeating: false, count: nodes.count)
    needed[output] = true
    for index in nodes.indices.reversed() where needed[index] || isInput(index) {
      needed[index] = true
      for input in nodes[index].inputs { needed[input] = true }
    }
    return needed
  }

  private func isInput(_ index: Int) -> Bool {
    if case .input = nodes[index].kind { true } else { false }
  }

  /// Appends a node and returns its index.
  private mutating func append(_ node: ComputeNode) -> Int {
    nodes.append(node)
    readers.append(0)
    return nodes.count - 1
  }

  /// Appends what `layer` computes, or joins it to a node before it; returns the index of the node that then
  /// holds its result.
  private mutating func add(_ layer: Layer, _ inputs: [Int], _ inputShape: [Int], _ graph: ModelGraph)
    throws(Failure) -> Int
  {
    func values(_ name: String) -> [Float] { layer.weight(name)?.values ?? [] }
    func node(_ kind: ComputeNode.Kind) -> ComputeNode {
      ComputeNode(name: layer.name, kind: kind, inputs: inputs, shape: layer.shape)
    }
    switch layer.operation {
    case .input: return append(node(.input))
    case .identity, .dropout: return inputs[0]
    case .affine(let scale, let offset): return append(node(.affine(scale: scale, offset: offset)))
    case .normalization(_, let inverse):
      let deviation = values("variance").map { max($0.squareRoot(), 1e-7) }
      let mean = values("mean")
      let scale = inverse ? deviation : deviation.map { 1 / $0 }
      let offset = inverse ? mean : zip(mean, scale).map { -$0 * $1 }
      return append(node(.affine(scale: scale, offset: offset)))
    case .batchNormalization(let epsilon, _, _, _):
      return normalize(layer, inputs[0], epsilon: epsilon)
    case .convolution(let filters, let window, let groups, _, let activation):
      var joined = node(.elementwise)
      let (height, width, channels) = graph.picture(inputShape)
      let padding = absorbPadding(window, height, width, &joined.inputs)
      joined.kind = .convolution(
        .init(filters: filters, channels: channels, groups: groups, window: window, padding: padding))
      (joined.kernel, joined.bias) = (values("kernel"), values("bias"))
      return activate(append(joined), activation, layer)
    case .depthwiseConvolution(let multiplier, let window, _, let activation):
      let joined = depthwise(
        layer, inputs, graph.picture(inputShape), multiplier, window, values("kernel"), values("bias"))
      return activate(append(joined), activation, layer)
    case .separableConvolution(let filters, let multiplier, let window, _, let activation):
      var first = depthwise(
        layer, inputs, graph.picture(inputShape), multiplier, window, values("depthwise_kernel"), [])
      let picture = graph.picture(layer.shape)
      let between = graph.picture(inputShape).channels * multiplier
      first.shape = graph.shape(picture.height, picture.width, between)
      var second = node(
        .convolution(
          .init(
            filters: filters, channels: between, groups: 1, window: Window(kernel: .init(1, 1)),
            padding: .init())))
      second.inputs = [append(first)]
      (second.kernel, second.bias) = (values("pointwise_kernel"), values("bias"))
      return activate(append(second), activation, layer)
    case .dense(let units, _, let activation):
      var dense = node(.dense(units: units))
      (dense.kernel, dense.bias) = (values("kernel"), values("bias"))
      return activate(append(dense), activation, layer)
    case .activation(let activation): return activate(inputs[0], activation, layer)
    case .maximumPooling(let window):
      return append(node(.pooling(maximum: true, window, padding(window, graph.picture(inputShape)))))
    case .averagePooling(let window):
      return append(node(.pooling(maximum: false, window, padding(window, graph.picture(inputShape)))))
    case .globalMaximumPooling: return append(node(.globalPooling(maximum: true)))
    case .globalAveragePooling: return append(node(.globalPooling(maximum: false)))
    case .flatten(let pixelsFirst):
      return append(node(.flatten(channelsLast: pixelsFirst || !graph.channelsFirst)))
    case .zeroPadding(let top, let bottom, let left, let right):
      return append(node(.padding(.init(top: top, bottom: bottom, left: left, right: right))))
    case .add: return combine(node(.add))
    case .multiply: return combine(node(.multiply))
    case .concatenate: return inputs.count == 1 ? inputs[0] : append(node(.concatenate))
    }
  }

  /// A sum or product of more than two is made pair by pair.
  private mutating func combine(_ node: ComputeNode) -> Int {
    guard var result = node.inputs.first else { return append(node) }
    for other in node.inputs.dropFirst() {
      var pair = node
      pair.inputs = [result, other]
      result = append(pair)
    }
    return result
  }

  private func depthwise(
    _ layer: Layer, _ inputs: [Int], _ picture: (height: Int, width: Int, channels: Int), _ multiplier: Int,
    _ window: Window, _ kernel: [Float], _ bias: [Float]
  ) -> ComputeNode {
    var inputs = inputs
    let padding = absorbPadding(window, picture.height, picture.width, &inputs)
    return ComputeNode(
      name: layer.name,
      kind: .convolution(
        .init(
          filters: picture.channels * multiplier, channels: picture.channels, groups: picture.channels,
          window: window, padding: padding)),
      inputs: inputs, kernel: kernel, bias: bias, shape: layer.shape)
  }

  private func padding(_ window: Window, _ picture: (height: Int, width: Int, channels: Int))
    -> ComputeNode.Padding
  {
    let rows = Window.extent(
      picture.height, kernel: window.kernel.height, stride: window.strides.height,
      dilation: window.dilation.height, same: window.same)
    let columns = Window.extent(
      picture.width, kernel: window.kernel.width, stride: window.strides.width,
      dilation: window.dilation.width,
      same: window.same)
    return .init(
      top: rows?.before ?? 0, bottom: rows?.after ?? 0, left: columns?.before ?? 0, right: columns?.after ?? 0
    )
  }

  /// The padding of a convolution, with a zero padding before it that only it reads.
  private func absorbPadding(_ window: Window, _ height: Int, _ width: Int, _ inputs: inout [Int])
    -> ComputeNode.Padding
  {
    var padding = padding(window, (height, width, 0))
    if case .padding(let extra) = nodes[inputs[0]].kind, readers[inputs[0]] == 1 {
      padding.top += extra.top
      padding.bottom += extra.bottom
      padding.left += extra.left
      padding.right += extra.right
      inputs = nodes[inputs[0]].inputs
    }
    return padding
  }
}

extension ComputeGraph {
  /// Batch normalisation: into the weights before it if only it reads them, else a step of its own.
  private mutating func normalize(_ layer: Layer, _ input: Int, epsilon: Float) -> Int {
    func values(_ name: String, else standard: Float) -> [Float] {
      layer.weight(name)?.values
        ?? [Float](repeating: standard, count: layer.weight("moving_mean")?.values.count ?? 0)
    }
    let mean = values("moving_mean", else: 0)
    let variance = values("moving_variance", else: 1)
    let gamma = values("gamma", else: 1)
    let beta = values("beta", else: 0)
    let scale = zip(gamma, variance).map { $0 / ($1 + epsilon).squareRoot() }
    let offset = zip(beta, zip(mean, scale)).map { $0 - $1.0 * $1.1 }

    let hasWeights =
      switch nodes[input].kind {
      case .convolution, .dense: true
      default: false
      }
    guard hasWeights, nodes[input].post.isEmpty, readers[input] == 1 else {
      return append(
        ComputeNode(
          name: layer.name, kind: .affine(scale: scale, offset: offset), inputs: [input], shape: layer.shape))
    }
    let channels = scale.count
    nodes[input].kernel.withUnsafeMutableBufferPointer { kernel in
      for i in kernel.indices { kernel[i] *= scale[i % channels] }
    }
    let bias = nodes[input].bias.isEmpty ? [Float](repeating: 0, count: channels) : nodes[input].bias
    nodes[input].bias = zip(bias, zip(scale, offset)).map { $0 * $1.0 + $1.1 }
    return input
  }

  /// An activation: joined to the node before it if only it reads that, else a step of its own.
  private mutating func activate(_ input: Int, _ activation: Activation, _ layer: Layer) -> Int {
    if activation == .softmax {
      return append(ComputeNode(name: layer.name, kind: .softmax, inputs: [input], shape: layer.shape))
    }
    let functions = activation.elementwise
    if functions.isEmpty { return input }
    let joins =
      switch nodes[input].kind {
      case .convolution, .dense, .elementwise, .add, .multiply: true
      default: false
      }
    // A node of this same layer has no reader yet.
    if joins, readers[input] == (nodes[input].name == layer.name ? 0 : 1) {
      nodes[input].post += functions
      return input
    }
    return append(
      ComputeNode(
        name: layer.name, kind: .elementwise, inputs: [input], post: functions, shape: layer.shape))
  }
}

extension Activation {
  /// The elementwise functions that make up this activation, applied in turn.
  var elementwise: [ElementwiseFunction] {
    switch self {
    case .linear, .softmax: return []
    case .relu(let slope, nil): return [.init(algorithm: dnnl_eltwise_relu, alpha: slope)]
    case .relu(0, let maximum?): return [.init(algorithm: dnnl_eltwise_clip, alpha: 0, beta: maximum)]
    case .relu(let slope, let maximum?):
      return [
        .init(algorithm: dnnl_eltwise_relu, alpha: slope),
        .init(algorithm: dnnl_eltwise_clip, alpha: -.greatestFiniteMagnitude, beta: maximum),
      ]
    case .elu(let alpha): return [.init(algorithm: dnnl_eltwise_elu, alpha: alpha)]
    case .selu:
      return [
        .init(algorithm: dnnl_eltwise_elu, alpha: 1.673_263_242_354_377),
        .init(algorithm: dnnl_eltwise_linear, alpha: 1.050_700_987_355_480_5),
      ]
    case .sigmoid: return [.init(algorithm: dnnl_eltwise_logistic)]
    case .hardSigmoid:
      return [
        .init(algorithm: dnnl_eltwise_linear, alpha: 1 / 6, beta: 0.5),
        .init(algorithm: dnnl_eltwise_clip, alpha: 0, beta: 1),
      ]
    case .tanh: return [.init(algorithm: dnnl_eltwise_tanh)]
    case .silu: return [.init(algorithm: dnnl_eltwise_swish, alpha: 1)]
    case .hardSilu: return [.init(algorithm: dnnl_eltwise_hardswish, alpha: 1 / 6, beta: 0.5)]
    case .softplus: return [.init(algorithm: dnnl_eltwise_soft_relu, alpha: 1)]
    case .exponential: return [.init(algorithm: dnnl_eltwise_exp)]
    case .gelu(let approximate):
      return [.init(algorithm: approximate ? dnnl_eltwise_gelu_tanh : dnnl_eltwise_gelu_erf)]
    case .mish: return [.init(algorithm: dnnl_eltwise_mish)]
    }
  }
}
