import CLayers
import COneDNN
import CProcessor
import NetworkModel

/// Which convolutions of a graph are computed together: a pointwise one, and a depthwise one of 3x3 that alone reads it.
/// What lies between them then never leaves the nearest caches, of which networks for small devices make much.
struct SeparableConvolutions {
  /// For each depthwise convolution its pointwise one.
  private(set) var pointwise: [Int: Int] = [:]
  /// The pointwise ones, which are not computed alone.
  private(set) var joined: Set<Int> = []

  /// Of a graph whose nodes have other readers than what is named here.
  init(_ graph: InferenceGraph) {
    guard !graph.channelsFirst else { return }
    let readers = graph.readersOfNeeded
    for (index, node) in graph.nodes.enumerated() where readers[index] > 0 {
      guard let first = node.inputs.first, readers[first] == 1, Self.isDepthwise(node),
        Self.isPointwise(graph.nodes[first]), node.shape[2] % Int(CS_LANES) == 0
      else { continue }
      pointwise[index] = first
      joined.insert(first)
    }
  }

  /// None.
  init() {}

  /// The loop is faster than the library with AVX-512 only.
  static var isFast: Bool { cp_preferred_level() == CP_AVX512 }

  /// So is that on bytes, where the processor multiplies them.
  static var multipliesIntegersFast: Bool { cs_integer_is_fast(cp_preferred_level()) != 0 }

  /// True if a pointwise convolution can read its source as bytes, if that is 8-bit.
  static func mayTakeBytes(_ node: InferenceNode) -> Bool {
    guard case .convolution(let shape) = node.kind else { return false }
    return shape.channels % Int(CS_BYTES) == 0 && shape.channels <= Int(CS_MOST_CHANNELS)
  }

  /// A convolution of 1x1, with nothing or a rectifier after it.
  static func isPointwise(_ node: InferenceNode) -> Bool {
    guard case .convolution(let shape) = node.kind, node.isRectified != nil else { return false }
    return shape.groups == 1 && shape.window.kernel == .init(1, 1) && shape.window.strides == .init(1, 1)
      && shape.padding == Padding()
  }

  /// A convolution of 3x3 for each channel by itself, with a pixel of zeros around the picture.
  static func isDepthwise(_ node: InferenceNode) -> Bool {
    guard case .convolution(let shape) = node.kind, node.isRectified != nil else { return false }
    return shape.groups == shape.channels && shape.filters == shape.channels
      && shape.window.kernel == .init(3, 3)
      && shape.window.strides == .init(1, 1) && shape.window.dilation == .init(1, 1)
      && shape.padding == Padding(top: 1, bottom: 1, left: 1, right: 1)
  }
}

extension InferenceNode {
  /// Whether a rectifier is applied to its result; nil if something else is.
  var isRectified: Bool? {
    guard let function = post.first else { return false }
    return post.count == 1 && function.algorithm == dnnl_eltwise_relu && function.alpha == 0 ? true : nil
  }
}

extension InferenceGraph {
  /// How many nodes that are needed read each one that is; each of the network's outputs counts as one more.
  var readersOfNeeded: [Int] {
    var readers = [Int](repeating: 0, count: nodes.count)
    for (index, isNeeded) in needed.enumerated() where isNeeded {
      for input in nodes[index].inputs { readers[input] += 1 }
    }
    for output in outputs { readers[output] += 1 }
    return readers
  }

  /// The same network in which small heads on one picture, each a pointwise and a depthwise convolution, are one of each,
  /// whose results are parts: few filters leave most of a vector's lanes empty.
  func joiningHeads() -> InferenceGraph {
    guard !channelsFirst else { return self }
    let readers = readersOfNeeded
    /// Pairs by the picture that they read.
    var heads: [Int: [(first: Int, second: Int)]] = [:]
    for (index, node) in nodes.enumerated() where readers[index] > 0 {
      guard let first = node.inputs.first, readers[first] == 1, SeparableConvolutions.isDepthwise(node),
        SeparableConvolutions.isPointwise(nodes[first]), node.shape[2] < Int(CS_LANES)
      else { continue }
      heads[nodes[first].inputs[0], default: []].append((first, index))
    }
    /// Groups by the first of their nodes.
    var groups: [Int: [(first: Int, second: Int)]] = [:]
    for pairs in heads.values {
      var rest = pairs[...]
      while let one = rest.popFirst() {
        var (group, count) = ([one], nodes[one.second].shape[2])
        rest.removeAll { other in
          let own = nodes[other.second].shape[2]
          guard count + own <= Int(CS_LANES),
            nodes[other.first].isRectified == nodes[one.first].isRectified,
            nodes[other.second].isRectified == nodes[one.second].isRectified
          else { return false }
          group.append(other)
          count += own
          return true
        }
        groups[group.map(\.first).min() ?? one.first] = group
      }
    }
    return groups.isEmpty ? self : replacing(groups)
  }

  private func replacing(_ groups: [Int: [(first: Int, second: Int)]]) -> InferenceGraph {
    var result = self
    var added: [InferenceNode] = []
    var places = [Int](repeating: -1, count: nodes.count)
    let replaced = Set(groups.values.joined().flatMap { [$0.first, $0.second] })
    func append(_ node: InferenceNode) -> Int {
      added.append(node)
      return added.count - 1
    }
    for (index, node) in nodes.enumerated() {
      if let group = groups[index] {
        let (first, second) = (joined(group.map { nodes[$0.first] }), joined(group.map { nodes[$0.second] }))
        var (wide, deep) = (first, second)
        wide.inputs = [places[node.inputs[0]]]
        deep.inputs = [append(wide)]
        let whole = append(deep)
        var start = 0
        for pair in group {
          let old = nodes[pair.second]
          places[pair.second] = append(
            InferenceNode(
              name: old.name, key: old.key,
              kind: .slice(starts: [0, 0, start], size: old.shape, steps: [1, 1, 1]),
              inputs: [whole], shape: old.shape))
          start += old.shape[2]
        }
      }
      guard !replaced.contains(index) else { continue }
      var own = node
      own.inputs = node.inputs.map { places[$0] }
      places[index] = append(own)
    }
    result.replaceNodes(added, outputs: outputs.map { places[$0] })
    return result
  }

  /// Convolutions of one window as one, whose filters are theirs, and zeros up to a whole vector.
  private func joined(_ parts: [InferenceNode]) -> InferenceNode {
    let lanes = Int(CS_LANES)
    var result = parts[0]
    guard case .convolution(var shape) = result.kind else { return result }
    result.key = ""
    let rows = parts[0].kernel.count / parts[0].shape[2]
    result.kernel = []
    for row in 0..<rows {
      for part in parts { result.kernel += part.kernel[(row * part.shape[2])..<((row + 1) * part.shape[2])] }
      result.kernel += [Float](repeating: 0, count: (row + 1) * lanes - result.kernel.count)
    }
    result.bias = []
    for part in parts {
      result.bias += part.bias.isEmpty ? [Float](repeating: 0, count: part.shape[2]) : part.bias
    }
    result.bias += [Float](repeating: 0, count: lanes - result.bias.count)
    if SeparableConvolutions.isDepthwise(parts[0]) { (shape.groups, shape.channels) = (lanes, lanes) }
    shape.filters = lanes
    result.kind = .convolution(shape)
    result.shape[2] = lanes
    return result
  }
}
