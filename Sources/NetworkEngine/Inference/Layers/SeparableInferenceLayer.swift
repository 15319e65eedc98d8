import CLayers
import CProcessor
import NetworkModel
import SystemIO

/// A pointwise convolution and the depthwise one after it, in one loop: on floats, or with the pointwise one on bytes.
struct SeparableInferenceLayer: InferenceLayers {
  let context: InferenceContext

  /// Weights as the loops read them.
  private enum Weights {
    case floats(SeparableWeights)
    case bytes(SeparableIntegerWeights)
  }

  /// - Parameters:
  ///   - node: The depthwise convolution.
  ///   - first: The index of the pointwise one.
  func convolution(_ node: InferenceNode, _ index: Int, first: Int) throws(Failure) -> Value {
    let pointwise = context.graph.nodes[first]
    let format = numbers.multiplies[first] ? numbers.integers[pointwise.inputs[0]] : nil
    let source: Value
    var result: Value
    let weights: Weights
    let dimensions = context.dimensions(node.shape)
    if let format {
      let given = try context.input(pointwise)
      // Floats are rounded on the way, row by row.
      source = try builder.value(given, in: .channelsLast(given.dimensions, given.layout.type), node.name)
      let own = numbers.keeps[index] ? numbers.integers[index] : nil
      let kept = own?.type == .uint8 ? own : nil
      result = try builder.value(.channelsLast(dimensions, kept?.type ?? .float32))
      result.scale = kept?.scale ?? 1
      weights = .bytes(
        SeparableIntegerWeights(
          pointwise, node, source: format, sourceIsFloat: !given.format.isInteger, result: kept))
    } else {
      let real = try context.real(pointwise)
      source = try builder.value(real, in: .channelsLast(real.dimensions), node.name)
      result = try builder.value(.channelsLast(dimensions))
      weights = .floats(SeparableWeights(pointwise, node))
    }
    var shape = cs_shape(
      height: Int32(node.shape[0]), width: Int32(node.shape[1]), channels: Int32(source.dimensions[1]),
      filters: Int32(node.shape[2]), rectifies_between: pointwise.isRectified == true ? 1 : 0,
      rectifies: node.isRectified == true ? 1 : 0)
    let scratchCount = format == nil ? cs_scratch_count(&shape) : cs_integer_scratch_count(&shape)
    // Each thread has rows of its own, and a place to work in.
    let rows = node.shape[0]
    let bands = min(builder.threads, rows)
    let scratch = try builder.value(.plain([bands * scratchCount]))
    let (from, work, to, batch) = (source.slot, scratch.slot, result.slot, builder.batch)
    let sourceSize = source.dimensions.dropFirst().reduce(source.layout.type.byteCount, *)
    let resultSize = node.shape.reduce(result.layout.type.byteCount, *)
    let (own, threads) = (shape, builder.threads)
    func loop(
      multipliesIntegers: Bool = false,
      _ compute:
        @escaping (UnsafeRawPointer, UnsafeMutablePointer<Float>, UnsafeMutableRawPointer, Range<Int>)
        -> Void
    ) {
      builder.loop(node.name, touching: [from, work, to], multipliesIntegers: multipliesIntegers) { plan in
        guard let source = plan.bytes(of: from), let result = plan.bytes(of: to) else { return }
        let places = plan.floats(work)
        for picture in 0..<batch {
          parallel(bands, threads, least: 2) { range in
            for band in range {
              compute(
                source + picture * sourceSize, places + band * scratchCount, result + picture * resultSize,
                (rows * band / bands)..<(rows * (band + 1) / bands))
            }
          }
        }
      }
    }
    switch weights {
    case .floats(let weights):
      loop { source, scratch, result, rows in
        weights.withPointers { weights in
          var shape = own
          cs_separable(
            CP_AVX512, &shape, weights, source.assumingMemoryBound(to: Float.self), scratch,
            result.assumingMemoryBound(to: Float.self), Int32(rows.lowerBound), Int32(rows.upperBound))
        }
      }
    case .bytes(let weights):
      loop(multipliesIntegers: true) { source, scratch, result, rows in
        weights.withPointers { weights in
          var shape = own
          cs_integer_separable(
            CP_AVX512, &shape, weights, source, scratch, result, Int32(rows.lowerBound),
            Int32(rows.upperBound))
        }
      }
    }
    return result
  }
}
