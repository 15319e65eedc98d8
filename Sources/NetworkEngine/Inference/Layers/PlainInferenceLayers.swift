import COneDNN
import NetworkModel
import SystemIO

/// Layers without weights.
struct PlainInferenceLayers: InferenceLayers {
  let context: InferenceContext

  /// Functions of each value, one after the other.
  func elementwise(_ name: String, _ functions: [ElementwiseFunction], _ source: Value) throws(Failure)
    -> Value
  {
    guard let first = functions.first else { return source }
    let rest = functions.dropFirst().map { PostOperation.elementwise($0) }
    let primitive: Primitive
    do throws(Failure) {
      primitive = try Primitive.elementwise(first, .inference, source.layout, engine, post: rest)
    } catch {
      // oneDNN 3 computes one function at a time.
      guard !rest.isEmpty else { throw error }
      var value = source
      for function in functions { value = try elementwise(name, [function], value) }
      return value
    }
    let result = try builder.value(source.layout)
    try builder.step(name, primitive, [(Argument.source, source), (Argument.destination, result)])
    return result
  }

  /// One scale and offset for all: an elementwise function; one a channel: a batch normalization with mean 0 and
  /// variance 1.
  func affine(_ node: InferenceNode, _ index: Int, _ scale: [Float], _ offset: [Float]) throws(Failure)
    -> Value
  {
    if scale.count == 1, offset.count == 1 {
      let linear = ElementwiseFunction(algorithm: dnnl_eltwise_linear, alpha: scale[0], beta: offset[0])
      return try elementwise(node.name, [linear], context.real(node))
    }
    var source = try context.real(node)
    if node.shape.count == 1 { source = try context.row(source, node.name) }
    let channels = source.dimensions[1]
    // What fills up a blocked layout's last block must stay zero, and has no factors of its own.
    if source.layout.byteCount != source.dimensions.reduce(source.layout.type.byteCount, *) {
      source = try builder.value(source, in: context.plain(source.dimensions, source.layout.type), node.name)
    }
    func spread(_ values: [Float]) -> [Float] {
      values.count == 1 ? [Float](repeating: values[0], count: channels) : values
    }
    let layout = try TensorLayout.plain([channels])
    let ones = [Float](repeating: 1, count: channels)
    let zeros = [Float](repeating: 0, count: channels)
    let result = try builder.value(source.layout)
    let flags = dnnl_use_global_stats.rawValue | dnnl_use_scale.rawValue | dnnl_use_shift.rawValue
    let primitive = try Primitive.batchNormalization(epsilon: 0, flags: flags, source.layout, engine)
    try builder.step(
      node.name, primitive, [(Argument.source, source), (Argument.destination, result)],
      weights: [
        (Argument.mean, try context.weights.memory(index, "mean", zeros, layout, in: layout)),
        (Argument.variance, try context.weights.memory(index, "variance", ones, layout, in: layout)),
        (Argument.scale, try context.weights.memory(index, "scale", spread(scale), layout, in: layout)),
        (Argument.shift, try context.weights.memory(index, "shift", spread(offset), layout, in: layout)),
      ])
    return result
  }

  func softmax(_ node: InferenceNode) throws(Failure) -> Value {
    var source = try context.number(context.input(node), as: .float, node.name)
    if node.shape.count == 1 { source = try context.row(source, node.name) }
    let result = try builder.value(source.layout)
    let primitive = try Primitive.softmax(.inference, source.layout, engine)
    try builder.step(node.name, primitive, [(Argument.source, source), (Argument.destination, result)])
    return result
  }

  /// Zeros around a picture: all is cleared, then the picture is copied into the middle.
  func pad(_ node: InferenceNode, _ padding: Padding) throws(Failure) -> Value {
    let source = try context.input(node)
    let whole = try context.plain(context.dimensions(node.shape), source.layout.type)
    let middle = try whole.part(source.dimensions, at: [0, 0, padding.top, padding.left])
    var result = try builder.value(whole)
    result.scale = source.scale
    let part = try builder.alias(result.slot, middle)
    try builder.step(
      node.name, Primitive.reorder(source.layout, middle, engine),
      [(Argument.source, source), (Argument.destination, part)], clearing: result)
    return result
  }
}
