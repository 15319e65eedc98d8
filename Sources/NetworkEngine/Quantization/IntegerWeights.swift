import COneDNN

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
