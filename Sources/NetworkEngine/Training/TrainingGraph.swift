import COneDNN
import NetworkModel
import SystemIO

/// A step of a network in training. Unlike at inference nothing is folded into weights; a rectifier is joined to the
/// layer before it, whose gradient needs only the result, and padding to the convolution after it.
struct TrainingNode {
  enum Kind {
    case input
    /// x·scale + offset, one value each or one a channel; not trained.
    case affine(scale: [Float], offset: [Float])
    case convolution(ComputeNode.Convolution)
    case dense(units: Int)
    case batchNormalization(epsilon: Float, momentum: Float)
    case elementwise(ElementwiseFunction)
    case pooling(maximum: Bool, Window, ComputeNode.Padding)
    case globalPooling(maximum: Bool)
    case softmax
    case flatten(channelsLast: Bool)
    case padding(ComputeNode.Padding)
    case add
    case multiply
    case concatenate
    case dropout(rate: Float)
  }

  /// The layer whose result this is, for messages.
  var name: String
  /// The layer's identity in the table of parameters.
  var identity: String
  var kind: Kind
  var inputs: [Int]
  var shape: [Int]
  /// What the kernel is called: a separable convolution has two.
  var kernelName = "kernel"
  var hasBias = false
  /// The slope below 0 of a rectifier joined to this node.
  var relu: Float?
  /// True if something before this node, or the node itself, is trained.
  var needsGradient = false
  /// How many nodes read the result.
  var readers = 0
  /// False for a node that was joined to another.
  var isPresent = true
}

/// A model's graph made ready for training, up to the values that softmax turns into probabilities.
struct TrainingGraph {
  private(set) var nodes: [TrainingNode] = []
  /// The node whose results are the logits.
  private(set) var logits = 0
  let channelsFirst: Bool

  /// - Throws: ``Failure`` (`badInput`) naming a layer that cannot be trained.
  init(_ graph: ModelGraph, _ table: ParameterTable) throws(Failure) {
    channelsFirst = graph.channelsFirst
    var place: [Int] = []
    for layer in graph.layers {
      let inputs = layer.inputs.map { place[$0] }
      let inputShape = layer.inputs.first.map { graph.layers[$0].shape } ?? []
      place.append(try add(layer, inputs, inputShape, graph))
    }
    let last = place[graph.output]
    guard case .softmax = nodes[last].kind, nodes[last].shape.count == 1 else {
      throw Failure(
        .badInput, step: "preparing training", subject: "layer \(graph.layers[graph.output].name)",
        cause: "the model does not end in a softmax over its classes")
    }
    logits = nodes[last].inputs[0]
    keepNeeded()
    countReaders()
    join()
    countReaders()
    for index in nodes.indices where nodes[index].isPresent {
      let isTrained = table.places[nodes[index].identity]?.values.contains { $0.parameter != nil } ?? false
      nodes[index].needsGradient = isTrained || nodes[index].inputs.contains { nodes[$0].needsGradient }
    }
    guard nodes[logits].needsGradient else {
      throw Failure(.badInput, step: "preparing training", cause: "no layer of the model is trainable")
    }
  }

  /// Leaves out what the logits do not depend on.
  private mutating func keepNeeded() {
    var needed = [Bool](repeating: false, count: nodes.count)
    needed[logits] = true
    for index in nodes.indices.reversed() {
      if case .input = nodes[index].kind { needed[index] = true }
      if needed[index] { for input in nodes[index].inputs { needed[input] = true } }
      nodes[index].isPresent = needed[index]
    }
  }

  private mutating func countReaders() {
    for index in nodes.indices { nodes[index].readers = 0 }
    for node in nodes where node.isPresent { for input in node.inputs { nodes[input].readers += 1 } }
    nodes[logits].readers += 1
  }

  private mutating func join() {
    var place = Array(nodes.indices)
    for index in nodes.indices where nodes[index].isPresent {
      nodes[index].inputs = nodes[index].inputs.map { place[$0] }
      guard let input = nodes[index].inputs.first, nodes[input].readers == 1 else { continue }
      switch (nodes[index].kind, nodes[input].kind) {
      case (.elementwise(let function), .convolution), (.elementwise(let function), .dense),
        (.elementwise(let function), .batchNormalization):
        guard function.algorithm == dnnl_eltwise_relu, function.alpha >= 0, nodes[input].relu == nil else {
          continue
        }
        if case .batchNormalization = nodes[input].kind, function.alpha > 0 { continue }
        nodes[input].relu = function.alpha
        nodes[input].readers = nodes[index].readers
        nodes[index].isPresent = false
        place[index] = input
      case (.convolution(var convolution), .padding(let extra)):
        convolution.padding.top += extra.top
        convolution.padding.bottom += extra.bottom
        convolution.padding.left += extra.left
        convolution.padding.right += extra.right
        nodes[index].kind = .convolution(convolution)
        nodes[index].inputs = nodes[input].inputs
        nodes[input].isPresent = false
      default: break
      }
    }
    logits = place[logits]
  }
}

extension TrainingGraph {
  private mutating func append(_ node: TrainingNode) -> Int {
    nodes.append(node)
    return nodes.count - 1
  }

  /// Appends what `layer` computes; returns the index of the node that holds its result.
  private mutating func add(_ layer: Layer, _ inputs: [Int], _ inputShape: [Int], _ graph: ModelGraph)
    throws(Failure) -> Int
  {
    func node(_ kind: TrainingNode.Kind) -> TrainingNode {
      TrainingNode(
        name: layer.name, identity: layer.identity, kind: kind, inputs: inputs,
        shape: layer.shape, hasBias: layer.weight("bias") != nil)
    }
    func picture() -> (height: Int, width: Int, channels: Int) { graph.picture(inputShape) }
    func convolution(_ filters: Int, _ groups: Int, _ window: Window) -> TrainingNode.Kind {
      .convolution(
        .init(
          filters: filters, channels: picture().channels, groups: groups, window: window,
          padding: Self.padding(window, picture())))
    }
    switch layer.operation {
    case .input: return append(node(.input))
    case .identity:
      if ["SpatialDropout2D", "AlphaDropout", "GaussianDropout", "GaussianNoise", "ActivityRegularization"]
        .contains(layer.kind)
      {
        throw Failure(
          .badInput, step: "preparing training", subject: "layer \(layer.name)",
          cause: "\(layer.kind) cannot be trained with (only run)")
      }
      return inputs[0]
    case .dropout(let rate): return rate > 0 ? append(node(.dropout(rate: rate))) : inputs[0]
    case .affine(let scale, let offset): return append(node(.affine(scale: scale, offset: offset)))
    case .normalization(_, let inverse):
      let deviation = (layer.weight("variance")?.values ?? []).map { max($0.squareRoot(), 1e-7) }
      let mean = layer.weight("mean")?.values ?? []
      let scale = inverse ? deviation : deviation.map { 1 / $0 }
      return append(
        node(.affine(scale: scale, offset: inverse ? mean : zip(mean, scale).map { -$0 * $1 })))
    case .batchNormalization(let epsilon, let momentum, _, _):
      return append(
        layer.isTrainable
          ? node(.batchNormalization(epsilon: epsilon, momentum: momentum))
          : node(Self.frozenNormalization(layer, epsilon)))
    case .convolution(let filters, let window, let groups, _, let activation):
      return activate(append(node(convolution(filters, groups, window))), activation, layer)
    case .depthwiseConvolution(let multiplier, let window, _, let activation):
      let channels = picture().channels
      return activate(
        append(node(convolution(channels * multiplier, channels, window))), activation, layer)
    case .separableConvolution(let filters, let multiplier, let window, _, let activation):
      let channels = picture().channels
      var first = node(convolution(channels * multiplier, channels, window))
      let result = graph.picture(layer.shape)
      first.shape = graph.shape(result.height, result.width, channels * multiplier)
      (first.kernelName, first.hasBias) = ("depthwise_kernel", false)
      var second = node(
        .convolution(
          .init(
            filters: filters, channels: channels * multiplier, groups: 1,
            window: Window(kernel: .init(1, 1)), padding: .init())))
      second.inputs = [append(first)]
      second.kernelName = "pointwise_kernel"
      return activate(append(second), activation, layer)
    case .dense(let units, _, let activation):
      return activate(append(node(.dense(units: units))), activation, layer)
    case .activation(let activation): return activate(inputs[0], activation, layer)
    case .maximumPooling(let window):
      return append(node(.pooling(maximum: true, window, Self.padding(window, picture()))))
    case .averagePooling(let window):
      return append(node(.pooling(maximum: false, window, Self.padding(window, picture()))))
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
  private mutating func combine(_ node: TrainingNode) -> Int {
    guard var result = node.inputs.first else { return append(node) }
    for other in node.inputs.dropFirst() {
      var pair = node
      pair.inputs = [result, other]
      result = append(pair)
    }
    return result
  }

  private mutating func activate(_ input: Int, _ activation: Activation, _ layer: Layer) -> Int {
    func node(_ kind: TrainingNode.Kind, _ input: Int) -> TrainingNode {
      TrainingNode(name: layer.name, identity: "", kind: kind, inputs: [input], shape: layer.shape)
    }
    if activation == .softmax { return append(node(.softmax, input)) }
    return activation.elementwise.reduce(input) { append(node(.elementwise($1), $0)) }
  }

  /// Keras: a layer that is not trainable normalises with its moving statistics.
  private static func frozenNormalization(_ layer: Layer, _ epsilon: Float) -> TrainingNode.Kind {
    let variance = layer.weight("moving_variance")?.values ?? []
    let mean = layer.weight("moving_mean")?.values ?? []
    let gamma = layer.weight("gamma")?.values ?? [Float](repeating: 1, count: variance.count)
    let beta = layer.weight("beta")?.values ?? [Float](repeating: 0, count: variance.count)
    let scale = zip(gamma, variance).map { $0 / ($1 + epsilon).squareRoot() }
    return .affine(
      scale: scale, offset: zip(beta, zip(mean, scale)).map { $0 - $1.0 * $1.1 })
  }

  private static func padding(_ window: Window, _ picture: (height: Int, width: Int, channels: Int))
    -> ComputeNode.Padding
  {
    let rows = Window.extent(
      picture.height, kernel: window.kernel.height, stride: window.strides.height,
      dilation: window.dilation.height, same: window.same)
    let columns = Window.extent(
      picture.width, kernel: window.kernel.width, stride: window.strides.width,
      dilation: window.dilation.width, same: window.same)
    return .init(
      top: rows?.before ?? 0, bottom: rows?.after ?? 0, left: columns?.before ?? 0,
      right: columns?.after ?? 0)
  }
}
