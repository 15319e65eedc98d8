import NetworkModel
import SystemIO

/// A step of a network at inference, with the weights that it multiplies with, whatever was folded into them.
struct InferenceNode {
  /// The layer whose result this is, for messages and profiles.
  var name: String
  /// What a calibration calls it: its layer's name, with a number if a layer is several nodes; empty for a node that takes
  /// the place of others.
  var key = ""
  var kind: LoweredNode.Kind
  var inputs: [Int]
  /// In Keras's order of dimensions.
  var kernel: [Float] = []
  var bias: [Float] = []
  /// Elementwise functions of the result, in order.
  var post: [ElementwiseFunction] = []
  var shape: [Int]
}

/// A lowered graph made ready for inference: dropout is gone, batch normalization is folded into the weights before it,
/// activations and padding are joined to the node that can do them on the way.
struct InferenceGraph {
  private(set) var nodes: [InferenceNode] = []
  /// Indices of the nodes whose results are the network's.
  private(set) var outputs: [Int] = []
  let channelsFirst: Bool
  /// How many nodes read each node's result; each of the network's own counts as one more.
  private var readers: [Int] = []

  /// - Throws: ``Failure`` (`failed`) naming a layer whose weights are missing.
  init(_ graph: ModelGraph) throws(Failure) {
    channelsFirst = graph.channelsFirst
    for layer in graph.layers {
      for weight in layer.weights where weight.values.count != weight.shape.reduce(1, *) {
        throw Failure(.failed, step: "planning", subject: "layer \(layer.name)", cause: "weights are missing")
      }
    }
    let lowered = LoweredGraph(graph)
    let lowerReaders = lowered.readers
    /// For each lowered node, the node that holds its result here.
    var results: [Int] = []
    for (index, node) in lowered.nodes.enumerated() {
      let inputs = node.inputs.map { results[$0] }
      let result = add(node, inputs, graph.layers[node.layer])
      results.append(result)
      // A node joined to its input reads that no longer; its own readers do.
      readers[result] += lowerReaders[index] - (inputs.contains(result) ? 1 : 0)
    }
    outputs = lowered.outputs.map { results[$0] }
    var seen: [String: Int] = [:]
    for index in nodes.indices {
      let name = nodes[index].name
      let count = seen[name, default: 0] + 1
      seen[name] = count
      nodes[index].key = count == 1 ? name : "\(name)#\(count)"
    }
  }

  /// For each node whether the result depends on it: a padding that was joined to all its readers is left behind.
  var needed: [Bool] {
    var needed = [Bool](repeating: false, count: nodes.count)
    for output in outputs { needed[output] = true }
    for index in nodes.indices.reversed() where needed[index] || isInput(index) {
      needed[index] = true
      for input in nodes[index].inputs { needed[input] = true }
    }
    return needed
  }

  /// Puts others in the place of all nodes: the same network, computed in another way.
  mutating func replaceNodes(_ nodes: [InferenceNode], outputs: [Int]) {
    (self.nodes, self.outputs) = (nodes, outputs)
    readers = readersOfNeeded
  }

  private func isInput(_ index: Int) -> Bool {
    if case .input = nodes[index].kind { true } else { false }
  }

  /// Appends a node, or joins it to one before it; returns the index of the node that then holds its result.
  private mutating func add(_ lowered: LoweredNode, _ inputs: [Int], _ layer: Layer) -> Int {
    var node = InferenceNode(name: lowered.name, kind: lowered.kind, inputs: inputs, shape: lowered.shape)
    switch lowered.kind {
    case .dropout: return inputs[0]
    case .elementwise(let function): return join(function, to: inputs[0]) ?? append(node)
    case .batchNormalization(let epsilon, _):
      let (scale, offset) = layer.movingNormalization(epsilon: epsilon)
      if fold(scale, offset, into: inputs[0]) { return inputs[0] }
      node.kind = .affine(scale: scale, offset: offset)
    case .affine(let scale, let offset):
      if fold(scale, offset, into: inputs[0]) { return inputs[0] }
    case .convolution(var shape):
      // A zero padding that only the convolution reads.
      if case .padding(let extra) = nodes[inputs[0]].kind, readers[inputs[0]] == 1 {
        shape.padding = shape.padding + extra
        node.kind = .convolution(shape)
        node.inputs = nodes[inputs[0]].inputs
      }
      takeWeights(&node, lowered, layer)
    case .dense, .parameter, .transposedConvolution: takeWeights(&node, lowered, layer)
    default: break
    }
    return append(node)
  }

  private mutating func append(_ node: InferenceNode) -> Int {
    nodes.append(node)
    readers.append(0)
    return nodes.count - 1
  }

  private func takeWeights(_ node: inout InferenceNode, _ lowered: LoweredNode, _ layer: Layer) {
    node.kernel = layer.weight(lowered.kernelName)?.values ?? []
    if lowered.hasBias { node.bias = layer.weight("bias")?.values ?? [] }
  }

  /// Folds a scale and an offset for each channel into the weights of a node that nobody else reads.
  /// - Returns: False if the node has none.
  private mutating func fold(_ scale: [Float], _ offset: [Float], into input: Int) -> Bool {
    guard nodes[input].post.isEmpty, readers[input] == 1 else { return false }
    let channels: Int
    switch nodes[input].kind {
    case .convolution(let shape): channels = shape.filters
    case .dense(let units): channels = units
    case .affine(let first, let second):
      // One after the other: (x·a + b)·c + d.
      let count = max(scale.count, offset.count, first.count, second.count)
      let (a, b, c, d) = (
        spread(first, count), spread(second, count), spread(scale, count), spread(offset, count)
      )
      nodes[input].kind = .affine(
        scale: zip(a, c).map { $0 * $1 }, offset: zip(b, zip(c, d)).map { $0 * $1.0 + $1.1 })
      return true
    default: return false
    }
    let (scale, offset) = (spread(scale, channels), spread(offset, channels))
    nodes[input].kernel.withUnsafeMutableBufferPointer { kernel in
      for i in kernel.indices { kernel[i] *= scale[i % channels] }
    }
    let bias = nodes[input].bias.isEmpty ? [Float](repeating: 0, count: channels) : nodes[input].bias
    nodes[input].bias = zip(bias, zip(scale, offset)).map { $0 * $1.0 + $1.1 }
    return true
  }

  private func spread(_ values: [Float], _ count: Int) -> [Float] {
    values.count == 1 ? [Float](repeating: values[0], count: count) : values
  }

  /// The most functions that one node computes: oneDNN 2 takes 32 with a primitive, of which 8-bit numbers want one.
  private static let mostFunctions = 24

  /// Joins an elementwise function to a node that nobody else reads; nil if that computes none, or enough.
  private mutating func join(_ function: ElementwiseFunction, to input: Int) -> Int? {
    guard readers[input] == 1, nodes[input].post.count < Self.mostFunctions else { return nil }
    // A primitive of oneDNN 2 has one set of parameters for each algorithm: a second function of the same would run with
    // the first one's.
    var algorithms = nodes[input].post.map(\.algorithm)
    if case .elementwise(let own) = nodes[input].kind { algorithms.append(own.algorithm) }
    guard !algorithms.contains(function.algorithm) else { return nil }
    switch nodes[input].kind {
    case .convolution, .dense, .elementwise, .arithmetic: nodes[input].post.append(function)
    default: return nil
    }
    return input
  }
}

extension InferenceNode {
  /// True for a node that multiplies with weights.
  var hasWeights: Bool {
    switch kind {
    case .convolution, .dense: true
    default: false
    }
  }
}

extension InferenceGraph {
  /// For each node whether it multiplies with weights and its result reaches an output without being multiplied again, in a
  /// network that multiplies before: what it makes is the network's answer.
  var areLastProducts: [Bool] {
    var last = [Bool](repeating: false, count: nodes.count)
    // Whether an output is made of a node's result without another product.
    var leads = last
    for output in outputs { leads[output] = true }
    for index in nodes.indices.reversed() where leads[index] {
      if nodes[index].hasWeights {
        last[index] = true
      } else {
        for input in nodes[index].inputs { leads[input] = true }
      }
    }
    let needed = needed
    let hasOthers = nodes.indices.contains { needed[$0] && nodes[$0].hasWeights && !last[$0] }
    return hasOthers ? last : [Bool](repeating: false, count: nodes.count)
  }
}
