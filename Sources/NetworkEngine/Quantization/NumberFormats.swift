import NetworkModel

/// How a tensor's numbers are stored: as they are, or as 8-bit integers times a scale.
struct NumberFormat: Equatable {
  var type: ElementType
  var scale: Float = 1

  static let float = NumberFormat(type: .float32)
  var isInteger: Bool { type == .int8 || type == .uint8 }
}

/// In which numbers each node of a network computes and keeps its result.
///
/// In int8, a result is kept in 8 bits if all that read it read such: convolutions, dense layers, and what passes
/// values on (maximum pooling, flattening, concatenation), whose results then share one scale. Results that other
/// steps read stay f32, and a convolution that reads one makes an 8-bit copy.
struct NumberFormats {
  let precision: Precision
  /// For each node whether it multiplies integers.
  private(set) var multiplies: [Bool]
  /// The 8-bit format that a node's result has, or has when it is copied; nil if its range is not known.
  private(set) var integers: [NumberFormat?]
  /// For each node whether its result is kept in 8 bits.
  private(set) var keeps: [Bool]
  /// Convolutions that are computed together.
  private(set) var separable = SeparableConvolutions()

  /// Numbers without 8-bit ones.
  init(_ graph: InferenceGraph, _ precision: Precision) {
    self.precision = precision
    multiplies = graph.nodes.map { _ in false }
    keeps = multiplies
    integers = graph.nodes.map { _ in nil }
    if precision == .f32, SeparableConvolutions.isFast { separable = SeparableConvolutions(graph) }
  }

  /// The floating-point type of convolutions and products.
  var floatType: ElementType { precision == .bf16 ? .bfloat16 : .float32 }

  /// - Parameter hasIntegerDotProduct: False for processors that add pairs of products in 16 bits before they add
  ///   them in 32 (AVX2, AVX-512 without VNNI): activations then use seven bits, so that no such sum overflows.
  init(_ graph: InferenceGraph, _ ranges: [String: ActivationRange], hasIntegerDotProduct: Bool) {
    self.init(graph, .int8)
    if hasIntegerDotProduct, SeparableConvolutions.multipliesIntegersFast {
      separable = SeparableConvolutions(graph)
    }
    let nodes = graph.nodes
    let needed = graph.needed
    // Nodes that pass values on share a scale with what they read: groups, named by their first member.
    var group = Array(nodes.indices)
    for index in nodes.indices where needed[index] && nodes[index].passesValuesOn {
      for input in nodes[index].inputs {
        let (a, b) = (group[index], group[input])
        for other in group.indices where group[other] == a { group[other] = b }
      }
    }
    var extent: [Int: ActivationRange] = [:]
    for (index, node) in nodes.enumerated() where needed[index] {
      // What a passing node gives lies within what it reads.
      guard !node.passesValuesOn, let range = ranges[node.key], range.isUsable else { continue }
      let known = extent[group[index]] ?? range
      extent[group[index]] = ActivationRange(
        minimum: min(known.minimum, range.minimum), maximum: max(known.maximum, range.maximum),
        limit: max(known.limit, range.limit))
    }
    for index in nodes.indices where needed[index] {
      guard let range = extent[group[index]] else { continue }
      let isSigned = range.minimum < 0
      let levels: Float = isSigned || !hasIntegerDotProduct ? 127 : 255
      integers[index] = NumberFormat(type: isSigned ? .int8 : .uint8, scale: range.limit / levels)
    }
    // The last products' results are the network's answer: they are not rounded.
    let areLast = graph.areLastProducts
    for index in nodes.indices where needed[index] {
      multiplies[index] =
        !areLast[index] && nodes[index].canMultiplyIntegers(hasIntegerDotProduct)
        && !isFasterByTiles(graph, index, hasIntegerDotProduct)
        && nodes[index].inputs.first.flatMap { integers[$0] } != nil
    }
    for (second, first) in separable.pointwise {
      // The depthwise one has few of the multiplications, and takes what the pointwise one gives unrounded.
      multiplies[second] = false
      let source = integers[nodes[first].inputs[0]]
      if areLast[second] || source?.type != .uint8 || !SeparableConvolutions.mayTakeBytes(nodes[first]) {
        multiplies[first] = false
      }
    }
    // A network of one dense layer.
    if let last = nodes.indices.last(where: { multiplies[$0] && isDense(nodes[$0]) }),
      !nodes.indices.contains(where: { $0 > last && needed[$0] && nodes[$0].hasWeights })
    {
      multiplies[last] = false
    }
    decideWhatIsKept(graph, needed)
  }

  /// True for a convolution that takes less time in floats by ``WinogradTiles`` than directly in integers, of which a
  /// processor multiplies two or four in the time of a float.
  private func isFasterByTiles(_ graph: InferenceGraph, _ index: Int, _ hasIntegerDotProduct: Bool) -> Bool {
    let node = graph.nodes[index]
    guard case .convolution(let convolution) = node.kind, let input = node.inputs.first else { return false }
    func size(_ shape: [Int]) -> (height: Int, width: Int) {
      graph.channelsFirst ? (shape[1], shape[2]) : (shape[0], shape[1])
    }
    return WinogradTiles(
      convolution, input: size(graph.nodes[input].shape), output: size(node.shape),
      directRate: hasIntegerDotProduct ? 4 : 2) != nil
  }

  private func isDense(_ node: InferenceNode) -> Bool { if case .dense = node.kind { true } else { false } }

  private mutating func decideWhatIsKept(_ graph: InferenceGraph, _ needed: [Bool]) {
    // From the end to the beginning: whether all readers take 8 bits.
    for index in graph.nodes.indices.reversed()
    where needed[index] && integers[index] != nil && !graph.outputs.contains(index) {
      let readers = graph.nodes.indices.filter { needed[$0] && graph.nodes[$0].inputs.contains(index) }
      keeps[index] = !readers.isEmpty && readers.allSatisfy { multiplies[$0] || passesOn($0, graph) }
    }
  }

  private func passesOn(_ index: Int, _ graph: InferenceGraph) -> Bool {
    graph.nodes[index].passesValuesOn && keeps[index]
  }
}

extension InferenceNode {
  /// True for a node whose results are all values that it reads.
  var passesValuesOn: Bool {
    switch kind {
    case .pooling(let maximum, _, _): maximum
    case .flatten, .concatenate: true
    default: false
    }
  }

  /// The first layer reads pixels: with eight bits for them nothing is lost; with seven it stays in f32, which is
  /// as fast there, for one to three channels fill the integer lanes to a quarter.
  func canMultiplyIntegers(_ hasIntegerDotProduct: Bool) -> Bool {
    guard hasWeights, kernel.allSatisfy(\.isFinite), bias.allSatisfy(\.isFinite) else { return false }
    if case .convolution(let shape) = kind { return hasIntegerDotProduct || shape.channels >= 4 }
    return true
  }
}
