import CLayers
import CProcessor
import SeededNoise
import Testing

/// Two convolutions in one loop: each version's bits against the plain one's, and that against their definition.
@Suite struct SeparableTests {
  static let levels = (0...cp_best_level().rawValue).map { cp_level(rawValue: $0) }

  /// Height, width, channels and filters: one pixel, edges that blocks of pixels hang over, and vectors of every number.
  static let sizes: [[Int32]] = [
    [1, 1, 1, 16], [1, 9, 3, 32], [7, 1, 5, 64], [5, 13, 4, 16], [4, 27, 16, 80], [3, 14, 64, 112],
    [6, 6, 2, 48],
  ]

  struct Run {
    var shape: cs_shape
    let source, pointwise, pointwiseBias, depthwise, depthwiseBias: [Float]

    init(_ size: [Int32], rectifies: Bool) {
      shape = cs_shape(
        height: size[0], width: size[1], channels: size[2], filters: size[3],
        rectifies_between: rectifies ? 1 : 0, rectifies: rectifies ? 0 : 1)
      var noise = Noise(UInt64(size[1] + size[3]))
      let filters = Int(size[3])
      source = noise.values(Int(size[0] * size[1] * size[2]))
      pointwise = noise.values(Int(size[2]) * filters)
      pointwiseBias = noise.values(filters)
      depthwise = noise.values(9 * filters)
      depthwiseBias = noise.values(filters)
    }

    /// The result, computed in two parts, which must not matter.
    func result(_ level: cp_level) -> [Float] {
      var shape = shape
      var result = [Float](repeating: .nan, count: Int(shape.height * shape.width * shape.filters))
      var scratch = [Float](repeating: .nan, count: cs_scratch_count(&shape))
      pointwise.withUnsafeBufferPointer { a in
        pointwiseBias.withUnsafeBufferPointer { b in
          depthwise.withUnsafeBufferPointer { c in
            depthwiseBias.withUnsafeBufferPointer { d in
              var weights = cs_weights(
                pointwise: a.baseAddress, pointwise_bias: b.baseAddress, depthwise: c.baseAddress,
                depthwise_bias: d.baseAddress)
              for (first, last) in [(0, shape.height / 2), (shape.height / 2, shape.height)] {
                cs_separable(level, &shape, &weights, source, &scratch, &result, first, last)
              }
            }
          }
        }
      }
      return result
    }

    /// By definition, in 64 bits.
    var expected: [Float] {
      let (height, width) = (Int(shape.height), Int(shape.width))
      let (channels, filters) = (Int(shape.channels), Int(shape.filters))
      var between = [Double](repeating: 0, count: height * width * filters)
      for pixel in 0..<(height * width) {
        for filter in 0..<filters {
          var sum = Double(pointwiseBias[filter])
          for channel in 0..<channels {
            sum += Double(source[pixel * channels + channel]) * Double(pointwise[channel * filters + filter])
          }
          between[pixel * filters + filter] = shape.rectifies_between != 0 ? max(sum, 0) : sum
        }
      }
      var result: [Float] = []
      for y in 0..<height {
        for x in 0..<width {
          for filter in 0..<filters {
            var sum = Double(depthwiseBias[filter])
            for (tap, (row, column)) in [
              (-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 0), (0, 1), (1, -1), (1, 0), (1, 1),
            ].enumerated() where (0..<height).contains(y + row) && (0..<width).contains(x + column) {
              sum +=
                between[((y + row) * width + x + column) * filters + filter]
                * Double(depthwise[tap * filters + filter])
            }
            result.append(Float(shape.rectifies != 0 ? max(sum, 0) : sum))
          }
        }
      }
      return result
    }
  }

  @Test(arguments: sizes, [false, true]) func everyLevelGivesTheSameBits(_ size: [Int32], _ rectifies: Bool) {
    let run = Run(size, rectifies: rectifies)
    let plain = run.result(CP_PLAIN)
    #expect(plain.distance(to: run.expected) < 1e-4)
    for level in Self.levels {
      #expect(run.result(level).map(\.bitPattern) == plain.map(\.bitPattern), "level \(level.rawValue)")
    }
  }
}
