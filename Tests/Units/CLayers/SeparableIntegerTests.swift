import CLayers
import CProcessor
import SeededNoise
import Testing

/// Two convolutions in one loop on bytes: each version's bits against the plain one's, and that against their definition.
@Suite struct SeparableIntegerTests {
  static let levels = (0...cp_best_level().rawValue).map { cp_level(rawValue: $0) }

  struct Run {
    var shape: cs_shape
    let floats: [Float]
    let bytes: [UInt8]
    let pointwise: [Int8]
    let scale, pointwiseBias, depthwise, depthwiseBias: [Float]
    let sourceSteps, resultSteps: Float

    init(_ size: [Int32], roundsSource: Bool, makesBytes: Bool) {
      shape = cs_shape(
        height: size[0], width: size[1], channels: size[2], filters: size[3],
        rectifies_between: roundsSource ? 1 : 0, rectifies: makesBytes ? 1 : 0)
      var noise = Noise(UInt64(size[1] + size[3]))
      let (filters, count) = (Int(size[3]), Int(size[0] * size[1] * size[2]))
      sourceSteps = roundsSource ? 200 : 0
      resultSteps = makesBytes ? 90 : 0
      let values = noise.values(count, scale: 0.7).map { $0 + 0.6 }
      floats = values
      bytes = values.map { UInt8(min(max($0 * 200, 0), 255).rounded(.toNearestOrEven)) }
      pointwise = noise.values(Int(size[2]) * filters, scale: 127).map { Int8($0.rounded()) }
      scale = noise.values(filters).map { abs($0) / 4000 }
      pointwiseBias = noise.values(filters)
      depthwise = noise.values(9 * filters)
      depthwiseBias = noise.values(filters)
    }

    /// The result as bytes of memory, computed in two parts, which must not matter.
    func result(_ level: cp_level) -> [UInt8] {
      var shape = shape
      let count = Int(shape.height * shape.width * shape.filters)
      var result = [UInt8](repeating: 0xEE, count: resultSteps > 0 ? count : 4 * count)
      var scratch = [Float](repeating: .nan, count: cs_integer_scratch_count(&shape))
      let source = sourceSteps > 0 ? floats.withUnsafeBytes { Array($0) } : bytes
      pointwise.withUnsafeBufferPointer { a in
        scale.withUnsafeBufferPointer { b in
          pointwiseBias.withUnsafeBufferPointer { c in
            depthwise.withUnsafeBufferPointer { d in
              depthwiseBias.withUnsafeBufferPointer { e in
                var weights = cs_integer_weights(
                  pointwise: a.baseAddress, pointwise_scale: b.baseAddress, pointwise_bias: c.baseAddress,
                  depthwise: d.baseAddress, depthwise_bias: e.baseAddress, source_steps: sourceSteps,
                  result_steps: resultSteps)
                for (first, last) in [(0, shape.height / 2), (shape.height / 2, shape.height)] {
                  cs_integer_separable(level, &shape, &weights, source, &scratch, &result, first, last)
                }
              }
            }
          }
        }
      }
      return result
    }

    /// By definition, in 64 bits; not rounded.
    var expected: [Double] {
      let (height, width) = (Int(shape.height), Int(shape.width))
      let (channels, filters) = (Int(shape.channels), Int(shape.filters))
      var between = [Double](repeating: 0, count: height * width * filters)
      for pixel in 0..<(height * width) {
        for filter in 0..<filters {
          var sum = 0
          for channel in 0..<channels {
            sum +=
              Int(bytes[pixel * channels + channel])
              * Int(pointwise[(channel / 4 * filters + filter) * 4 + channel % 4])
          }
          let real = Double(sum) * Double(scale[filter]) + Double(pointwiseBias[filter])
          between[pixel * filters + filter] = shape.rectifies_between != 0 ? max(real, 0) : real
        }
      }
      var result: [Double] = []
      for y in 0..<height {
        for x in 0..<width {
          for filter in 0..<filters {
            var sum = Double(depthwiseBias[filter])
            for tap in 0..<9 {
              let (row, column) = (y + tap / 3 - 1, x + tap % 3 - 1)
              guard (0..<height).contains(row), (0..<width).contains(column) else { continue }
              sum +=
                between[(row * width + column) * filters + filter] * Double(depthwise[tap * filters + filter])
            }
            result.append(shape.rectifies != 0 ? max(sum, 0) : sum)
          }
        }
      }
      return result
    }
  }

  /// Height, width, channels and filters: one pixel, edges that blocks of pixels hang over, and vectors of every number.
  static let sizes: [[Int32]] = [
    [1, 1, 4, 16], [1, 9, 12, 32], [7, 1, 4, 64], [5, 13, 8, 16], [4, 27, 16, 80], [3, 14, 64, 112],
    [6, 6, 20, 48],
  ]

  @Test(arguments: sizes, [(false, false), (true, false), (false, true), (true, true)])
  func everyLevelGivesTheSameBits(_ size: [Int32], _ forms: (Bool, Bool)) {
    let run = Run(size, roundsSource: forms.0, makesBytes: forms.1)
    let plain = run.result(CP_PLAIN)
    let values =
      forms.1
      ? plain.map { Double($0) / Double(run.resultSteps) }
      : plain.withUnsafeBytes { $0.bindMemory(to: Float.self).map(Double.init) }
    for (value, expected) in zip(values, run.expected) {
      let wanted = forms.1 ? min(max(expected, 0), 255 / Double(run.resultSteps)) : expected
      #expect(abs(value - wanted) < (forms.1 ? 0.5001 / Double(run.resultSteps) : 1e-3))
    }
    for level in Self.levels { #expect(run.result(level) == plain, "level \(level.rawValue)") }
  }
}
