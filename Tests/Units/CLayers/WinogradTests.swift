import CLayers
import CProcessor
import SeededNoise
import Testing

/// Winograd's transforms: each version's bits against the plain one's, the whole against a convolution by its
/// definition, and each adjoint against its transform.
@Suite struct WinogradTests {
  static let levels = (0...cp_best_level().rawValue).map { cp_level(rawValue: $0) }

  /// Sizes that leave tiles hanging over every edge.
  static func shape(_ kernel: Int, side: Int = 8) -> cw_shape {
    var shape = cw_shape()
    shape.side = Int32(side)
    shape.kernel = Int32(kernel)
    (shape.height, shape.width, shape.top, shape.left) = (13, 17, 2, 1)
    (shape.rows, shape.columns) = (13 + 3 - shape.kernel + 1, 17 + 1 - shape.kernel + 1)
    (shape.channels, shape.filters) = (32, 48)
    let results = shape.side + 1 - shape.kernel
    (shape.tiles_down, shape.tiles_across) = (
      (shape.rows + results - 1) / results, (shape.columns + results - 1) / results
    )
    return shape
  }

  /// Pictures, kernel and bias, and what the transforms make of them.
  struct Run {
    static let pictures = 2
    var shape: cw_shape
    var pixels, kernel, bias, transformed, matrices, products, results: [Float]
    var points: Int { Int(shape.side * shape.side) }

    init(_ shape: cw_shape, _ level: cp_level, slope: Float) {
      self.shape = shape
      var noise = Noise(UInt64(shape.kernel))
      let (channels, filters) = (Int(shape.channels), Int(shape.filters))
      let rows = Self.pictures * Int(shape.tiles_down * shape.tiles_across)
      pixels = noise.values(Self.pictures * Int(shape.height * shape.width) * channels)
      kernel = noise.values(Int(shape.kernel * shape.kernel) * channels * filters, scale: 0.1)
      bias = noise.values(filters)
      transformed = [Float](repeating: .nan, count: Int(shape.side * shape.side) * rows * channels)
      matrices = [Float](repeating: .nan, count: Int(shape.side * shape.side) * channels * filters)
      products = [Float](repeating: 0, count: Int(shape.side * shape.side) * rows * filters)
      results = [Float](repeating: .nan, count: Self.pictures * Int(shape.rows * shape.columns) * filters)
      // In two parts, which must not matter.
      for (first, last) in [(0, 1), (1, Int32(rows * channels / 16))] as [(Int32, Int32)] {
        cw_input(level, &self.shape, pixels, &transformed, rows * channels, first, last)
      }
      cw_kernel(level, &self.shape, kernel, &matrices, 0, Int32(channels * filters / 16))
      for place in 0..<points {
        for row in 0..<rows {
          for channel in 0..<channels {
            let value = transformed[(place * rows + row) * channels + channel]
            for filter in 0..<filters {
              products[(place * rows + row) * filters + filter] +=
                value * matrices[(place * channels + channel) * filters + filter]
            }
          }
        }
      }
      cw_output(
        level, &self.shape, products, rows * filters, bias, slope, &results, 0, Int32(rows * filters / 16))
    }

    /// A value of the convolution by its definition.
    func expected(_ picture: Int, _ y: Int, _ x: Int, _ filter: Int, slope: Float) -> Double {
      let (channels, filters, side) = (Int(shape.channels), Int(shape.filters), Int(shape.kernel))
      var sum = Double(bias[filter])
      for i in 0..<side {
        for j in 0..<side {
          let (row, column) = (y + i - Int(shape.top), x + j - Int(shape.left))
          guard (0..<Int(shape.height)).contains(row), (0..<Int(shape.width)).contains(column) else {
            continue
          }
          let pixel = ((picture * Int(shape.height) + row) * Int(shape.width) + column) * channels
          for channel in 0..<channels {
            sum +=
              Double(pixels[pixel + channel])
              * Double(kernel[((i * side + j) * channels + channel) * filters + filter])
          }
        }
      }
      return sum < 0 ? sum * Double(slope) : sum
    }
  }

  @Test(arguments: 3...7, [(8, 1e-4), (10, 1e-3)])
  func equalsAConvolution(kernel: Int, tiles: (side: Int, error: Double)) {
    let run = Run(Self.shape(kernel, side: tiles.side), CP_PLAIN, slope: 0.25)
    let (rows, columns, filters) = (Int(run.shape.rows), Int(run.shape.columns), Int(run.shape.filters))
    var worst = 0.0
    for picture in 0..<Run.pictures {
      for y in 0..<rows {
        for x in 0..<columns {
          for filter in stride(from: 0, to: filters, by: 5) {
            let value = run.results[((picture * rows + y) * columns + x) * filters + filter]
            worst = max(worst, abs(Double(value) - run.expected(picture, y, x, filter, slope: 0.25)))
          }
        }
      }
    }
    #expect(worst < tiles.error)
    #expect(run.results.allSatisfy { !$0.isNaN })
  }

  @Test(arguments: levels, 3...7) func levelsGiveTheSameBits(level: cp_level, kernel: Int) {
    for side in [8, 10] {
      let shape = Self.shape(kernel, side: side)
      let (plain, fast) = (Run(shape, CP_PLAIN, slope: 0.1), Run(shape, level, slope: 0.1))
      #expect(plain.transformed == fast.transformed)
      #expect(plain.matrices == fast.matrices)
      #expect(plain.results == fast.results)
      #expect(Adjoints(plain, CP_PLAIN).all == Adjoints(fast, level).all)
    }
  }

  @Test(arguments: levels) func rectifiedZerosHaveNoSign(level: cp_level) {
    let results = Run(Self.shape(5), level, slope: 0).results
    #expect(results.contains(0))
    #expect(results.allSatisfy { $0.sign == .plus })
  }

  /// The adjoints of noise.
  struct Adjoints {
    var values, gradients, sums: [Float]
    var pixels, products, kernel: [Float]
    var all: [[Float]] { [pixels, products, kernel] }

    init(_ run: Run, _ level: cp_level) {
      var shape = run.shape
      var noise = Noise(99)
      values = noise.values(run.transformed.count)
      gradients = noise.values(run.results.count)
      sums = noise.values(run.matrices.count)
      pixels = [Float](repeating: .nan, count: run.pixels.count)
      products = [Float](repeating: .nan, count: run.products.count)
      kernel = [Float](repeating: 1, count: run.kernel.count)
      let (channels, filters) = (Int(shape.channels), Int(shape.filters))
      let rows = run.products.count / run.points / filters
      cw_input_adjoint(
        level, &shape, values, rows * channels, &pixels, 0, Int32(Run.pictures * channels / 16))
      cw_output_adjoint(
        level, &shape, gradients, &products, rows * filters, 0, Int32(rows * filters / 16))
      cw_kernel_adjoint(level, &shape, sums, &kernel, 0, 0, Int32(channels * filters / 16))
      // Once more, added.
      cw_kernel_adjoint(level, &shape, sums, &kernel, 1, 0, Int32(channels * filters / 16))
    }
  }

  /// For every x and y, <T x, y> = <x, T' y>.
  @Test(arguments: 3...7, [8, 10]) func adjointsAreTheTransformsTurnedRound(kernel: Int, side: Int) {
    var run = Run(Self.shape(kernel, side: side), CP_PLAIN, slope: 1)
    let adjoints = Adjoints(run, CP_PLAIN)
    func product(_ a: [Float], _ b: [Float]) -> Double {
      zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    func size(_ a: [Float], _ b: [Float]) -> Double { (product(a, a) * product(b, b)).squareRoot() }
    func expectEqual(_ a: ([Float], [Float]), _ b: ([Float], [Float]), factor: Double = 1) {
      #expect(abs(factor * product(a.0, a.1) - product(b.0, b.1)) < 1e-5 * size(a.0, a.1))
    }
    expectEqual((run.transformed, adjoints.values), (run.pixels, adjoints.pixels))
    expectEqual((run.matrices, adjoints.sums), (run.kernel, adjoints.kernel), factor: 2)
    let rows = run.products.count / run.points / Int(run.shape.filters)
    cw_output(
      CP_PLAIN, &run.shape, run.products, rows * Int(run.shape.filters), nil, 1, &run.results, 0,
      Int32(rows * Int(run.shape.filters) / 16))
    expectEqual((run.results, adjoints.gradients), (run.products, adjoints.products))
  }
}
