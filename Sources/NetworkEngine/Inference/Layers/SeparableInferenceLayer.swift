import CLayers
import CProcessor
import NetworkModel
import SystemIO

/// A pointwise convolution and the depthwise one after it, in one loop.
struct SeparableInferenceLayer: InferenceLayers {
  let context: InferenceContext

  /// The loop is faster than the library with AVX-512 only.
  static var isFast: Bool { cp_preferred_level() == CP_AVX512 }

  /// - Parameter first: The pointwise convolution.
  func convolution(_ node: InferenceNode, _ first: InferenceNode) throws(Failure) -> Value {
    let source = try context.real(first)
    let pixels = try builder.value(source, in: .channelsLast(source.dimensions), node.name)
    let result = try builder.value(.channelsLast(context.dimensions(node.shape)))
    let (channels, filters) = (source.dimensions[1], node.shape[2])
    var shape = cs_shape(
      height: Int32(node.shape[0]), width: Int32(node.shape[1]), channels: Int32(channels),
      filters: Int32(filters), rectifies_between: first.isRectified == true ? 1 : 0,
      rectifies: node.isRectified == true ? 1 : 0)
    let scratchCount = cs_scratch_count(&shape)
    // Each thread has rows of its own, and a place to work in.
    let rows = node.shape[0]
    let bands = min(builder.threads, rows)
    let scratch = try builder.value(.plain([bands * scratchCount]))
    let zeros = [Float](repeating: 0, count: filters)
    let weights = (
      first.kernel, first.bias.isEmpty ? zeros : first.bias, node.kernel,
      node.bias.isEmpty ? zeros : node.bias
    )
    let (from, work, to, batch) = (pixels.slot, scratch.slot, result.slot, builder.batch)
    let (sourceCount, resultCount) = (
      source.dimensions.dropFirst().reduce(1, *), node.shape.reduce(1, *)
    )
    let (own, threads) = (shape, builder.threads)
    builder.loop(node.name, touching: [from, work, to]) { plan in
      weights.0.withUnsafeBufferPointer { a in
        weights.1.withUnsafeBufferPointer { b in
          weights.2.withUnsafeBufferPointer { c in
            weights.3.withUnsafeBufferPointer { d in
              let pointers = cs_weights(
                pointwise: a.baseAddress, pointwise_bias: b.baseAddress, depthwise: c.baseAddress,
                depthwise_bias: d.baseAddress)
              for picture in 0..<batch {
                let (source, result) = (
                  plan.floats(from) + picture * sourceCount, plan.floats(to) + picture * resultCount
                )
                let places = plan.floats(work)
                parallel(bands, threads, least: 2) { range in
                  for band in range {
                    withUnsafePointer(to: own) { shape in
                      withUnsafePointer(to: pointers) { weights in
                        cs_separable(
                          CP_AVX512, shape, weights, source, places + band * scratchCount, result,
                          Int32(rows * band / bands), Int32(rows * (band + 1) / bands))
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
    return result
  }
}
