import COneDNN
import NetworkModel
import SystemIO

/// Pooling under a window, or over the whole picture.
struct PoolingInferenceLayers: InferenceLayers {
  let context: InferenceContext

  func pooling(
    _ node: InferenceNode, _ source: Value, _ maximum: Bool, _ window: Window, _ padding: Padding
  ) throws(Failure) -> Value {
    let output = window.results(over: source.dimensions, padding)
    let primitive = try Primitive.pooling(
      maximum: maximum, window, padding, .inference, source: source.layout,
      destination: .any(output, source.layout.type), engine)
    let layout = try primitive.chosenLayout(dnnl_query_dst_md, output, source.layout.type)
    var result = try builder.value(layout)
    result.scale = source.scale
    try builder.step(node.name, primitive, [(Argument.source, source), (Argument.destination, result)])
    return result
  }

  func globalPooling(_ node: InferenceNode, _ maximum: Bool) throws(Failure) -> Value {
    let source = try context.real(node)
    let whole = Window(kernel: .init(source.dimensions[2], source.dimensions[3]))
    let result = try pooling(node, source, maximum, whole, .init())
    return node.shape.count == 1 ? try context.row(result, node.name) : result
  }
}
