import CLayers
import CProcessor
import SeededNoise
import Testing

/// Batch normalization of every level against its formulas in doubles.
@Suite struct NormalizationTests {
  static let levels = (0...cp_best_level().rawValue).map { cp_level(rawValue: $0) }

  /// A part of a batch, with values between its rows that nobody may touch.
  struct Case {
    let part: cn_part
    let source, gradient: [Float]
    /// For each channel: mean, factor, shift, slope, offset.
    let known: [[Float]]

    init(rows: Int, lanes: Int, seed: UInt64) {
      var noise = Noise(seed)
      part = cn_part(rows: Int32(rows), stride: Int32(lanes + 3), lanes: Int32(lanes))
      source = noise.values(rows * (lanes + 3)).map { $0 * 3 + 20 }
      gradient = noise.values(rows * (lanes + 3))
      known = (0..<5).map { row in noise.values(lanes).map { row == 0 ? $0 * 3 + 20 : $0 } }
    }

    func places(_ lane: Int) -> [Int] { (0..<Int(part.rows)).map { $0 * Int(part.stride) + lane } }

    func normalized(_ lane: Int, _ place: Int) -> Double {
      (Double(source[place]) - Double(known[0][lane])) * Double(known[1][lane]) + Double(known[2][lane])
    }
  }

  @Test(arguments: [1, 3, 4, 37], [1, 7, 8, 16, 20, 40]) func formulas(rows: Int, lanes: Int) {
    let one = Case(rows: rows, lanes: lanes, seed: UInt64(rows * 100 + lanes))
    for level in Self.levels {
      moments(level, one)
      for rectifies in [Int32(0), 1] { values(level, one, rectifies: rectifies) }
    }
  }

  private func moments(_ level: cp_level, _ one: Case) {
    var part = one.part
    let lanes = Int(part.lanes)
    var (means, squares) = ([Float](repeating: .nan, count: lanes), [Float](repeating: .nan, count: lanes))
    cn_moments_floats(level, &part, one.source, &means, &squares)
    for lane in 0..<lanes {
      let values = one.places(lane).map { Double(one.source[$0]) }
      let mean = values.reduce(0, +) / Double(values.count)
      let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      #expect(abs(Double(means[lane]) - mean) < 1e-5 * abs(mean))
      #expect(abs(Double(squares[lane]) - square) < 1e-4 * square + 1e-9)
    }
  }

  private func values(_ level: cp_level, _ one: Case, rectifies: Int32) {
    var part = one.part
    let lanes = Int(part.lanes)
    let known = one.known
    var result = [Float](repeating: 5, count: one.source.count)
    var byResult = one.gradient
    var (sums, products) = ([Float](repeating: 0, count: lanes), [Float](repeating: 0, count: lanes))
    known[0].withUnsafeBufferPointer { mean in
      known[1].withUnsafeBufferPointer { factor in
        known[2].withUnsafeBufferPointer { shift in
          var values = cn_values(
            mean: mean.baseAddress, factor: factor.baseAddress, shift: shift.baseAddress, rectifies: rectifies
          )
          cn_normalize_floats(level, &part, &values, one.source, &result)
          cn_sums_floats(level, &part, &values, one.source, one.gradient, &sums, &products)
          known[3].withUnsafeBufferPointer { slope in
            known[4].withUnsafeBufferPointer { offset in
              var gradients = cn_gradients(slope: slope.baseAddress, offset: offset.baseAddress)
              byResult.withUnsafeMutableBufferPointer { both in
                cn_gradients_floats(
                  level, &part, &values, &gradients, one.source, both.baseAddress, both.baseAddress)
              }
            }
          }
        }
      }
    }
    var touched: Set<Int> = []
    for lane in 0..<lanes {
      var (sum, product) = (0.0, 0.0)
      for place in one.places(lane) {
        touched.insert(place)
        let value = one.normalized(lane, place)
        let gradient = rectifies != 0 && value <= 0 ? 0 : Double(one.gradient[place])
        let distance = Double(one.source[place]) - Double(known[0][lane])
        #expect(abs(Double(result[place]) - (rectifies != 0 ? max(value, 0) : value)) < 1e-4)
        let expected =
          gradient * Double(known[1][lane]) + distance * Double(known[3][lane]) + Double(known[4][lane])
        // Where the result is all but 0, either side of it is right.
        if abs(value) > 1e-5 { #expect(abs(Double(byResult[place]) - expected) < 1e-4) }
        (sum, product) = (sum + gradient, product + gradient * distance)
      }
      #expect(abs(Double(sums[lane]) - sum) < 1e-3 && abs(Double(products[lane]) - product) < 1e-2)
    }
    #expect(result.indices.allSatisfy { touched.contains($0) || result[$0] == 5 })
    #expect(byResult.indices.allSatisfy { touched.contains($0) || byResult[$0] == one.gradient[$0] })
  }

  /// What is no number shows that a training has failed: it must not become 0.
  @Test(arguments: levels) func notANumberStaysNotANumber(level: cp_level) {
    var part = cn_part(rows: 1, stride: 2, lanes: 2)
    let (zero, one): ([Float], [Float]) = ([0, 0], [1, 1])
    var result: [Float] = [0, 0]
    zero.withUnsafeBufferPointer { zero in
      one.withUnsafeBufferPointer { one in
        var values = cn_values(
          mean: zero.baseAddress, factor: one.baseAddress, shift: zero.baseAddress, rectifies: 1)
        cn_normalize_floats(level, &part, &values, [Float.nan, -1], &result)
      }
    }
    #expect(result[0].isNaN && result[1] == 0)
  }

  /// Bfloat16 is the same on floats of that precision, rounded.
  @Test(arguments: levels) func bfloats(level: cp_level) {
    let one = Case(rows: 9, lanes: 20, seed: 5)
    var part = one.part
    func low(_ values: [Float]) -> [UInt16] { values.map { UInt16($0.bitPattern >> 16) } }
    let source = low(one.source)
    let wide = source.map { Float(bitPattern: UInt32($0) << 16) }
    var (rounded, floats) = ([UInt16](repeating: 0, count: wide.count), wide)
    one.known[0].withUnsafeBufferPointer { mean in
      one.known[1].withUnsafeBufferPointer { factor in
        one.known[2].withUnsafeBufferPointer { shift in
          var values = cn_values(
            mean: mean.baseAddress, factor: factor.baseAddress, shift: shift.baseAddress, rectifies: 1)
          cn_normalize_bfloats(level, &part, &values, source, &rounded)
          cn_normalize_floats(level, &part, &values, wide, &floats)
        }
      }
    }
    for lane in 0..<20 {
      for place in one.places(lane) { #expect(rounded[place] == DropoutTests.rounded(floats[place])) }
    }
  }
}
