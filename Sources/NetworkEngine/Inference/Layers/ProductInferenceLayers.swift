import COneDNN
import NetworkModel
import SystemIO

/// Convolutions and dense layers in floating-point numbers, or whichever way is faster.
struct ProductInferenceLayers: InferenceLayers {
  let context: InferenceContext

  func convolution(_ node: InferenceNode, _ index: Int, _ shape: ConvolutionShape)
    throws(Failure)
    -> Value
  {
    if let first = context.separable.pointwise[index] {
      return try SeparableInferenceLayer(context: context).convolution(node, index, first: first)
    }
    let integers = IntegerInferenceLayers(context: context)
    if let result = try integers.convolution(node, index, shape) { return result }
    let winograd = WinogradInferenceLayer(context: context)
    if let result = try winograd.convolution(node, index, shape) { return result }
    let source = try context.real(node)
    // The first layer reads pixels of one to three channels. In bfloat16 it loses most of what the whole network loses,
    // and it has few of the multiply-adds.
    let type: ElementType = shape.channels < 4 ? .float32 : numbers.floatType
    let kernel = try TensorLayout.convolutionKernel(
      shape.window.kernel, channels: shape.channels, filters: shape.filters, groups: shape.groups)
    let output = context.dimensions(node.shape)
    let biasLayout = node.bias.isEmpty ? nil : try TensorLayout.plain([shape.filters])
    func make(_ sourceLayout: TensorLayout, _ result: TensorLayout) throws(Failure) -> Primitive {
      try Primitive.product(
        .convolution(shape.window, shape.padding), .inference, source: sourceLayout,
        kernel: .any(kernel.dimensions, type), bias: biasLayout, destination: result, engine,
        post: node.post.map { .elementwise($0) })
    }
    var fitting: Primitive?
    if shape.channels < 4, !context.graph.channelsFirst, type == .float32 {
      // Pixels as they come, and a result as the next layers want it: the library would copy both to orders of its own.
      fitting = try? make(.channelsLast(source.dimensions), .channelsLast(output))
      if fitting?.implementation.hasPrefix("ref") ?? true { fitting = nil }
    }
    let primitive =
      if let fitting { fitting } else { try make(.any(source.dimensions, type), .any(output, type)) }
    return try finish(node, index, primitive, source, kernel, biasLayout, output, type)
  }

  func dense(_ node: InferenceNode, _ index: Int, _ units: Int) throws(Failure) -> Value {
    if let result = try IntegerInferenceLayers(context: context).dense(node, index, units) { return result }
    // Row by row: among several the library adds in an order that depends on how many they are and on the row's
    // position, and a face's result would depend on which others came with it.
    let rowsAtOnce = 1
    let source = try context.row(context.real(node), node.name, numbers.floatType)
    let inputs = source.dimensions[1]
    let (rows, results) = (
      try TensorLayout.plain([rowsAtOnce, inputs], numbers.floatType),
      try TensorLayout.plain([rowsAtOnce, units])
    )
    let kernel = try TensorLayout.denseKernel(
      over: source.dimensions, channelsLast: source.channelsLast, units: units)
    let biasLayout = node.bias.isEmpty ? nil : try TensorLayout.plain([units])
    let primitive = try engine.limited(to: 1) { () throws(Failure) in
      try Primitive.product(
        .innerProduct, .inference, source: rows, kernel: .any(kernel.dimensions, numbers.floatType),
        bias: biasLayout, destination: results, engine, post: node.post.map { .elementwise($0) })
    }
    let kernelLayout = try primitive.chosenLayout(
      dnnl_query_weights_md, kernel.dimensions, numbers.floatType)
    let memories = try weightMemories(node, index, kernel, kernelLayout, biasLayout)
    let result = try builder.value(TensorLayout.plain([builder.batch, units]))
    for start in stride(from: 0, to: builder.batch, by: rowsAtOnce) {
      let from = try builder.alias(source.slot, rows, offset: start * inputs * numbers.floatType.byteCount)
      let to = try builder.alias(result.slot, results, offset: start * units * ElementType.float32.byteCount)
      try builder.step(
        node.name, primitive, [(Argument.source, from), (Argument.destination, to)], weights: memories,
        threadLimit: 1)
    }
    return result
  }

  /// The gradient of a convolution that leads from the result's picture to the input's.
  func transposedConvolution(_ node: InferenceNode, _ index: Int, _ shape: ConvolutionShape) throws(Failure)
    -> Value
  {
    let source = try context.number(context.input(node), as: .float, node.name)
    let output = context.dimensions(node.shape)
    let kernel = try TensorLayout.convolutionKernel(
      shape.window.kernel, channels: shape.channels, filters: shape.filters, groups: shape.groups)
    func primitive(_ direction: Primitive.Direction) throws(Failure) -> Primitive {
      try Primitive.product(
        .convolution(shape.window, shape.padding), direction, source: .any(output),
        kernel: .any(kernel.dimensions), bias: nil, destination: .any(source.dimensions), engine)
    }
    let backward = try primitive(.backward(primitive(.training)))
    let kernelLayout = try backward.chosenLayout(dnnl_query_weights_md, kernel.dimensions)
    let ready = try builder.value(
      source, in: backward.chosenLayout(dnnl_query_diff_dst_md, source.dimensions), node.name)
    let result = try builder.value(backward.chosenLayout(dnnl_query_diff_src_md, output))
    try builder.step(
      node.name, backward, [(Argument.destinationGradient, ready), (Argument.sourceGradient, result)],
      weights: [
        (Argument.weights, try context.weights.memory(index, "kernel", node.kernel, kernel, in: kernelLayout))
      ])
    return result
  }

  /// Converts data and weights to the layouts that a convolution has chosen, and appends it.
  private func finish(
    _ node: InferenceNode, _ index: Int, _ primitive: Primitive, _ source: Value, _ kernel: TensorLayout,
    _ biasLayout: TensorLayout?, _ output: [Int], _ type: ElementType
  ) throws(Failure) -> Value {
    let sourceLayout = try primitive.chosenLayout(dnnl_query_src_md, source.dimensions, type)
    let kernelLayout = try primitive.chosenLayout(dnnl_query_weights_md, kernel.dimensions, type)
    let outputLayout = try primitive.chosenLayout(dnnl_query_dst_md, output, type)
    let ready = try builder.value(source, in: sourceLayout, node.name)
    let memories = try weightMemories(node, index, kernel, kernelLayout, biasLayout)
    let result = try builder.value(outputLayout)
    try builder.step(
      node.name, primitive, [(Argument.source, ready), (Argument.destination, result)], weights: memories)
    return result
  }

  /// A node's kernel and bias, in the layouts that a primitive has chosen.
  private func weightMemories(
    _ node: InferenceNode, _ index: Int, _ kernel: TensorLayout, _ kernelLayout: TensorLayout,
    _ biasLayout: TensorLayout?
  ) throws(Failure) -> [(Int, TensorMemory)] {
    var memories = [
      (Argument.weights, try context.weights.memory(index, "kernel", node.kernel, kernel, in: kernelLayout))
    ]
    if let biasLayout {
      memories.append(
        (Argument.bias, try context.weights.memory(index, "bias", node.bias, biasLayout, in: biasLayout)))
    }
    return memories
  }
}
