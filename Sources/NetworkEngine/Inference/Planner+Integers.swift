import COneDNN
import SystemIO

/// Convolutions and products of 8-bit integers: activations with one scale, weights with one for each output channel.
///
/// The integer sum times both scales is the real sum. The result is stored as floats, or, if a next layer multiplies
/// integers again, divided by its own scale and rounded, all in the primitive itself.
extension Planner {
  /// A convolution of integers; nil if the node is not to be one, or oneDNN has no fast one for its shape.
  func integerConvolution(_ node: InferenceNode, _ index: Int, _ shape: ConvolutionShape) throws(Failure)
    -> Value?
  {
    guard let format = sourceFormat(node, index) else { return nil }
    let source = try input(node)
    let kernel = try kernelLayout(shape, .int8)
    let output = dimensions(node.shape)
    return try integerProduct(
      node, index, format, source, kernel, output, { create(shape, $0, $1, $2, $3, $4, $5) })
  }

  /// A dense layer of integers; nil as above.
  func integerDense(_ node: InferenceNode, _ index: Int, _ units: Int) throws(Failure) -> Value? {
    guard let format = sourceFormat(node, index) else { return nil }
    let source = try input(node)
    return try integerProduct(
      node, index, format, source, kernelLayout(source, units, .int8), [builder.batch, units],
      {
        cdnnl_inner_product_create(
          $0, builder.engine.engine, $2.native, $3.native, $4?.native, $5.native, $1)
      })
  }

  private func sourceFormat(_ node: InferenceNode, _ index: Int) -> NumberFormat? {
    numbers.multiplies[index] ? numbers.integers[node.inputs[0]] : nil
  }

  private func integerProduct(
    _ node: InferenceNode, _ index: Int, _ format: NumberFormat, _ source: Value, _ kernel: TensorLayout,
    _ output: [Int],
    _ create: (
      UnsafeMutablePointer<OpaquePointer?>, UnsafePointer<cdnnl_attributes>, _ source: TensorLayout,
      _ kernel: TensorLayout, _ bias: TensorLayout?, _ output: TensorLayout
    ) -> dnnl_status_t
  ) throws(Failure) -> Value? {
    let result = numbers.keeps[index] ? numbers.integers[index] ?? .float : .float
    let weights = IntegerWeights(node, source: format, result: result)
    let biasLayout = weights.bias.isEmpty ? nil : try TensorLayout.plain([weights.bias.count])
    let (anySource, anyKernel, anyOutput) = (
      try TensorLayout.any(source.dimensions, format.type), try TensorLayout.any(kernel.dimensions, .int8),
      try TensorLayout.any(output, result.type)
    )
    guard
      let primitive = try? Primitive.make(
        "integer product", weights.post.map { .elementwise($0) }, scales: weights.scales,
        { create($0, $1, anySource, anyKernel, biasLayout, anyOutput) }),
      !primitive.implementation.hasPrefix("ref"),
      let sourceLayout = primitive.layout(dnnl_query_src_md, source.dimensions, format.type),
      let kernelLayout = primitive.layout(dnnl_query_weights_md, kernel.dimensions, .int8),
      let outputLayout = primitive.layout(dnnl_query_dst_md, output, result.type)
    else { return nil }
    let ready = try builder.value(source, in: sourceLayout, node.name, scale: format.scale)
    var memories = [
      (
        Argument.weights,
        try self.weights.memory(index, "integers", weights.kernel, kernel, in: kernelLayout)
      )
    ]
    if let biasLayout {
      memories.append(
        (
          Argument.bias,
          try self.weights.memory(index, "integers' bias", weights.bias, biasLayout, in: biasLayout)
        ))
    }
    var value = try builder.value(outputLayout)
    value.scale = result.scale
    try builder.step(
      node.name, primitive, [(Argument.source, ready), (Argument.destination, value)], weights: memories)
    return value
  }
}

/// A node's weights as 8-bit integers, and what makes real results of their sums.
struct IntegerWeights {
  /// In Keras's order, each output channel's largest magnitude 127.
  var kernel: [Int8]
  /// For each output channel: what the integer sum is multiplied by.
  var scales: [Float]
  var bias: [Float]
  var post: [ElementwiseFunction]

  init(_ node: InferenceNode, source: NumberFormat, result: NumberFormat) {
    // The last dimension of a kernel is its output channels, except a depthwise one's, where the last two are.
    var channels = node.bias.count
    switch node.kind {
    case .convolution(let shape): channels = shape.filters
    case .dense(let units): channels = units
    default: break
    }
    var largest = [Float](repeating: 0, count: channels)
    for (index, value) in node.kernel.enumerated() {
      largest[index % channels] = max(largest[index % channels], abs(value))
    }
    // A channel of nothing but (nearly) zeros.
    let steps = largest.map { $0 > 1e-30 ? $0 / 127 : 1 }
    kernel = [Int8](unsafeUninitializedCapacity: node.kernel.count) { buffer, count in
      for (index, value) in node.kernel.enumerated() {
        let rounded = (value / steps[index % channels]).rounded(.toNearestOrEven)
        buffer.initializeElement(at: index, to: Int8(max(-127, min(127, rounded))))
      }
      count = node.kernel.count
    }
    // Functions that commute with a factor let the result's scale go into the sum's; others want real numbers.
    let commutes = node.post.allSatisfy { $0.algorithm == dnnl_eltwise_relu }
    let factor = commutes ? 1 / result.scale : 1
    post = node.post
    if !commutes, result.isInteger {
      post.append(.init(algorithm: dnnl_eltwise_linear, alpha: 1 / result.scale))
    }
    scales = steps.map { $0 * source.scale * factor }
    bias = node.bias
    for channel in bias.indices {
      if cdnnl_bias_before_scale() != 0 {
        bias[channel] /= steps[channel] * source.scale
      } else {
        bias[channel] *= factor
      }
    }
  }
}
