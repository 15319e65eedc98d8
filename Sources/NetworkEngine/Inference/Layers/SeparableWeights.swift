import CLayers

/// Weights of a pointwise and a depthwise convolution, as the loop on floats reads them.
struct SeparableWeights {
  private let pointwise, pointwiseBias, depthwise, depthwiseBias: [Float]

  init(_ first: InferenceNode, _ second: InferenceNode) {
    (pointwise, depthwise) = (first.kernel, second.kernel)
    (pointwiseBias, depthwiseBias) = (first.biasOrZeros, second.biasOrZeros)
  }

  func withPointers(_ body: (UnsafePointer<cs_weights>) -> Void) {
    pointwise.withUnsafeBufferPointer { a in
      pointwiseBias.withUnsafeBufferPointer { b in
        depthwise.withUnsafeBufferPointer { c in
          depthwiseBias.withUnsafeBufferPointer { d in
            var weights = cs_weights(
              pointwise: a.baseAddress, pointwise_bias: b.baseAddress, depthwise: c.baseAddress,
              depthwise_bias: d.baseAddress)
            body(&weights)
          }
        }
      }
    }
  }
}

/// The same for the loop on bytes: the pointwise kernel as 8-bit integers, four channels side by side.
struct SeparableIntegerWeights {
  private let pointwise: [Int8]
  private let scale, pointwiseBias, depthwise, depthwiseBias: [Float]
  private let sourceSteps, resultSteps: Float

  /// - Parameters:
  ///   - source: The format of the source's bytes.
  ///   - sourceIsFloat: Whether they are made of floats on the way.
  ///   - result: The format of the result's bytes; nil for floats.
  init(
    _ first: InferenceNode, _ second: InferenceNode, source: NumberFormat, sourceIsFloat: Bool,
    result: NumberFormat?
  ) {
    let integers = IntegerWeights(first, source: source, result: .float)
    let (filters, lanes) = (first.shape[2], Int(CS_BYTES))
    var packed = [Int8](repeating: 0, count: integers.kernel.count)
    for (index, value) in integers.kernel.enumerated() {
      let (channel, filter) = (index / filters, index % filters)
      packed[(channel / lanes * filters + filter) * lanes + channel % lanes] = value
    }
    pointwise = packed
    scale = integers.scales
    (pointwiseBias, depthwise, depthwiseBias) = (first.biasOrZeros, second.kernel, second.biasOrZeros)
    sourceSteps = sourceIsFloat ? 1 / source.scale : 0
    resultSteps = result.map { 1 / $0.scale } ?? 0
  }

  func withPointers(_ body: (UnsafePointer<cs_integer_weights>) -> Void) {
    pointwise.withUnsafeBufferPointer { a in
      scale.withUnsafeBufferPointer { b in
        pointwiseBias.withUnsafeBufferPointer { c in
          depthwise.withUnsafeBufferPointer { d in
            depthwiseBias.withUnsafeBufferPointer { e in
              var weights = cs_integer_weights(
                pointwise: a.baseAddress, pointwise_scale: b.baseAddress, pointwise_bias: c.baseAddress,
                depthwise: d.baseAddress, depthwise_bias: e.baseAddress, source_steps: sourceSteps,
                result_steps: resultSteps)
              body(&weights)
            }
          }
        }
      }
    }
  }
}

extension InferenceNode {
  /// A convolution's bias; zeros if it has none.
  fileprivate var biasOrZeros: [Float] {
    bias.isEmpty ? [Float](repeating: 0, count: shape[2]) : bias
  }
}
