import COneDNN
import NetworkModel
import SystemIO

/// Layers that join branches.
struct BranchInferenceLayers: InferenceLayers {
  let context: InferenceContext

  /// By the library where it has a fast way for these shapes, else by a loop.
  func combine(_ node: InferenceNode, _ kind: Arithmetic) throws(Failure) -> Value {
    if let algorithm = kind.algorithm {
      var (a, b) = (0, 1)
      let shapes = node.inputs.map { context.graph.nodes[$0].shape }
      // The library repeats the second only.
      if shapes[0] != node.shape, shapes[1] == node.shape, kind.isSymmetric { (a, b) = (1, 0) }
      var (first, second) = (try context.real(node, a), try context.real(node, b))
      if node.shape.count == 1, shapes[0] == shapes[1] {
        (first, second) = (try context.row(first, node.name), try context.row(second, node.name))
      }
      if first.dimensions[0] == builder.batch,
        let result = try binary(node, algorithm, first, second, isWhole: shapes[a] == node.shape)
      {
        return result
      }
    }
    return try LoopInferenceLayers(context: context).combine(node, kind)
  }

  private func binary(
    _ node: InferenceNode, _ algorithm: dnnl_alg_kind_t, _ first: Value, _ second: Value, isWhole: Bool
  ) throws(Failure) -> Value? {
    let post = node.post.map { PostOperation.elementwise($0) }
    func make(_ second: TensorLayout) throws(Failure) -> Primitive {
      try Primitive.binary(algorithm, first.layout, second, first.layout, engine, post: post)
    }
    // A blocked layout fills up its last block of channels with zeros, and a next product relies on them: they must not
    // become 0 / 0, or be multiplied with what lies behind a shorter operand.
    let count = first.dimensions.reduce(1, *)
    let isPadded = first.layout.byteCount != count * first.layout.type.byteCount
    let keepsZeros = first.dimensions == second.dimensions && algorithm != dnnl_binary_div && post.isEmpty
    guard !isPadded || keepsZeros else { return nil }
    let other: Value
    let primitive: Primitive
    if first.dimensions == second.dimensions {
      other = try builder.value(second, in: first.layout, node.name)
      primitive = try make(first.layout)
    } else {
      guard isWhole, first.dimensions.count == 4, second.dimensions.count == 4 else { return nil }
      let layout = try context.plain(second.dimensions, first.layout.type)
      guard let made = try? make(layout), !made.implementation.hasPrefix("ref") else { return nil }
      other = try builder.value(second, in: layout, node.name)
      primitive = made
    }
    let result = try builder.value(first.layout)
    try builder.step(
      node.name, primitive,
      [(Argument.source, first), (Argument.source1, other), (Argument.destination, result)])
    return result
  }

  /// - Parameter axis: Of the shape without the batch.
  func concatenate(_ node: InferenceNode, _ index: Int, _ axis: Int) throws(Failure) -> Value {
    // Floats of one type, or integers of one scale.
    let common: NumberFormat =
      if numbers.keeps[index], let format = numbers.integers[index] { format } else {
        try context.real(node).format
      }
    var sources: [Value] = []
    for input in node.inputs.indices {
      let source = try context.number(context.input(node, input), as: common, node.name)
      sources.append(node.shape.count == 1 ? try context.row(source, node.name) : source)
    }
    let primitive = try Primitive.concatenation(
      sources.map(\.layout),
      axis: TensorLayout.axis(axis, of: node.shape, channelsFirst: context.graph.channelsFirst), engine)
    let layout = try primitive.chosenLayout(dnnl_query_dst_md, context.dimensions(node.shape), common.type)
    var result = try builder.value(layout)
    result.scale = common.scale
    try builder.step(
      node.name, primitive,
      sources.enumerated().map { (Argument.source($0.offset), $0.element) } + [(Argument.destination, result)]
    )
    return result
  }
}

extension Arithmetic {
  /// oneDNN's number for it; nil if it has none.
  var algorithm: dnnl_alg_kind_t? {
    switch self {
    case .add, .average: dnnl_binary_add
    case .subtract: dnnl_binary_sub
    case .multiply: dnnl_binary_mul
    case .divide: dnnl_binary_div
    case .maximum: dnnl_binary_max
    case .minimum: dnnl_binary_min
    case .power: nil
    }
  }

  /// True if operands may change places.
  var isSymmetric: Bool { [.add, .average, .multiply, .maximum, .minimum].contains(self) }
}
