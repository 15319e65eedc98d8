import COneDNN
import SystemIO

/// Convolutions and products of 8-bit integers: activations with one scale, weights with one for each output channel.
///
/// The integer sum times both scales is the real sum. The result is stored as floats, or, if a next layer multiplies
/// integers again, divided by its own scale and rounded, all in the primitive itself.
struct IntegerInferenceLayers: InferenceLayers {
  let context: InferenceContext

  /// A convolution of integers; nil if the node is not to be one, or oneDNN has no fast one for its shape.
  func convolution(_ node: InferenceNode, _ index: Int, _ shape: ConvolutionShape) throws(Failure) -> Value? {
    guard let format = sourceFormat(node, index) else { return nil }
    let kernel = try TensorLayout.convolutionKernel(
      shape.window.kernel, channels: shape.channels, filters: shape.filters, groups: shape.groups, .int8)
    return try product(
      .convolution(shape.window, shape.padding), node, index, format, context.input(node), kernel,
      context.dimensions(node.shape))
  }

  /// A dense layer of integers; nil as above.
  func dense(_ node: InferenceNode, _ index: Int, _ units: Int) throws(Failure) -> Value? {
    guard let format = sourceFormat(node, index) else { return nil }
    var source = try context.input(node)
    if source.dimensions.count == 3 { source = try context.row(source, node.name) }
    let kernel = try TensorLayout.denseKernel(
      over: source.dimensions, channelsLast: source.channelsLast, units: units, .int8)
    return try product(.innerProduct, node, index, format, source, kernel, [builder.batch, units])
  }

  private func sourceFormat(_ node: InferenceNode, _ index: Int) -> NumberFormat? {
    numbers.multiplies[index] ? numbers.integers[node.inputs[0]] : nil
  }

  private func product(
    _ operation: ProductOperation, _ node: InferenceNode, _ index: Int, _ format: NumberFormat,
    _ source: Value, _ kernel: TensorLayout, _ output: [Int]
  ) throws(Failure) -> Value? {
    // The step to the result's own scale is a linear function; a second one would run with the first one's factor.
    let canScale = !node.post.contains { $0.algorithm == dnnl_eltwise_linear }
    let result = numbers.keeps[index] && canScale ? numbers.integers[index] ?? .float : .float
    let weights = IntegerWeights(node, source: format, result: result)
    let biasLayout = weights.bias.isEmpty ? nil : try TensorLayout.plain([weights.bias.count])
    guard
      let primitive = try? Primitive.product(
        operation, .inference, source: .any(source.dimensions, format.type),
        kernel: .any(kernel.dimensions, .int8), bias: biasLayout, destination: .any(output, result.type),
        engine, post: weights.post.map { .elementwise($0) }, scales: weights.scales),
      !primitive.implementation.hasPrefix("ref"),
      let sourceLayout = primitive.layout(dnnl_query_src_md, source.dimensions, format.type),
      let kernelLayout = primitive.layout(dnnl_query_weights_md, kernel.dimensions, .int8),
      let outputLayout = primitive.layout(dnnl_query_dst_md, output, result.type)
    else { return nil }
    let ready = try builder.value(source, in: sourceLayout, node.name, scale: format.scale)
    var memories = [
      (
        Argument.weights,
        try context.weights.memory(index, "integers", weights.kernel, kernel, in: kernelLayout)
      )
    ]
    if let biasLayout {
      memories.append(
        (
          Argument.bias,
          try context.weights.memory(index, "integers' bias", weights.bias, biasLayout, in: biasLayout)
        ))
    }
    var value = try builder.value(outputLayout)
    value.scale = result.scale
    try builder.step(
      node.name, primitive, [(Argument.source, ready), (Argument.destination, value)], weights: memories)
    return value
  }
}
