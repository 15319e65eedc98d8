import COneDNN
import SystemIO

/// Layers that join branches.
struct BranchInferenceLayers: InferenceLayers {
  let context: InferenceContext

  func binary(_ node: InferenceNode, _ algorithm: dnnl_alg_kind_t) throws(Failure) -> Value {
    var (first, second) = (try context.real(node, 0), try context.real(node, 1))
    if first.dimensions != second.dimensions {
      (first, second) = (try context.row(first, node.name), try context.row(second, node.name))
    }
    second = try builder.value(second, in: first.layout, node.name)
    let result = try builder.value(first.layout)
    let primitive = try Primitive.binary(
      algorithm, first.layout, second.layout, result.layout, engine, post: node.post.map { .elementwise($0) })
    try builder.step(
      node.name, primitive,
      [(Argument.source, first), (Argument.source1, second), (Argument.destination, result)])
    return result
  }

  func concatenate(_ node: InferenceNode, _ index: Int) throws(Failure) -> Value {
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
    let primitive = try Primitive.concatenation(sources.map(\.layout), engine)
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
