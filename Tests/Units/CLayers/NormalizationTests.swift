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
    withKnown(known) { values, gradients in
      var values = values.pointee
      values.rectifies = rectifies
      cn_normalize_floats(level, &part, &values, one.source, &result)
      cn_sums_floats(level, &part, &values, one.source, one.gradient, &sums, &products)
      byResult.withUnsafeMutableBufferPointer { both in
        cn_gradients_floats(
          level, &part, &values, gradients, one.source, both.baseAddress, both.baseAddress)
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

  /// Calls `body` with what is known of the channels, and with slopes and offsets.
  private func withKnown(
    _ known: [[Float]], _ body: (UnsafePointer<cn_values>, UnsafePointer<cn_gradients>) -> Void
  ) {
    let flat = known.flatMap(\.self)
    flat.withUnsafeBufferPointer { flat in
      let rows = known.indices.map { flat.baseAddress! + $0 * known[0].count }
      var values = cn_values(mean: rows[0], factor: rows[1], shift: rows[2], rectifies: 1)
      var gradients = cn_gradients(slope: rows[3], offset: rows[4])
      body(&values, &gradients)
    }
  }

  /// What is no number shows that a training has failed: it must not become 0.
  @Test(arguments: levels, [2, 8, 16, 19]) func notANumberStaysNotANumber(level: cp_level, lanes: Int) {
    var part = cn_part(rows: 1, stride: Int32(lanes), lanes: Int32(lanes))
    let rows: [[Float]] = [0, 1, 0, 0, 0].map { [Float](repeating: $0, count: lanes) }
    var source = [Float](repeating: -1, count: lanes)
    source[lanes - 1] = .nan
    var floats = [Float](repeating: 5, count: lanes)
    var bfloats = [UInt16](repeating: 5, count: lanes)
    let low = source.map { UInt16($0.bitPattern >> 16) }
    withKnown(rows) { values, _ in
      cn_normalize_floats(level, &part, values, source, &floats)
      cn_normalize_bfloats(level, &part, values, low, &bfloats)
    }
    #expect(floats.last?.isNaN == true && floats.dropLast().allSatisfy { $0 == 0 })
    #expect((bfloats.last ?? 0) & 0x7FFF > 0x7F80 && bfloats.dropLast().allSatisfy { $0 == 0 })
  }

  /// Bfloat16 is the same on floats of that precision, rounded where values are written.
  @Test(arguments: levels) func bfloats(level: cp_level) {
    let one = Case(rows: 9, lanes: 20, seed: 5)
    var part = one.part
    func low(_ values: [Float]) -> [UInt16] { values.map { UInt16($0.bitPattern >> 16) } }
    func wide(_ values: [UInt16]) -> [Float] { values.map { Float(bitPattern: UInt32($0) << 16) } }
    let (source, gradient) = (low(one.source), low(one.gradient))
    let (wideSource, wideGradient) = (wide(source), wide(gradient))
    let zeros = [Float](repeating: 0, count: 20)
    var (means, squares) = ([zeros, zeros], [zeros, zeros])
    var (sums, products) = ([zeros, zeros], [zeros, zeros])
    var rounded = [[UInt16]](repeating: [UInt16](repeating: 0, count: source.count), count: 2)
    var floats = [[Float]](repeating: wideSource, count: 2)
    cn_moments_bfloats(level, &part, source, &means[0], &squares[0])
    cn_moments_floats(level, &part, wideSource, &means[1], &squares[1])
    withKnown(one.known) { values, gradients in
      cn_sums_bfloats(level, &part, values, source, gradient, &sums[0], &products[0])
      cn_sums_floats(level, &part, values, wideSource, wideGradient, &sums[1], &products[1])
      cn_normalize_bfloats(level, &part, values, source, &rounded[0])
      cn_normalize_floats(level, &part, values, wideSource, &floats[0])
      cn_gradients_bfloats(level, &part, values, gradients, source, gradient, &rounded[1])
      cn_gradients_floats(level, &part, values, gradients, wideSource, wideGradient, &floats[1])
    }
    for pair in [means, squares, sums, products] { #expect(pair[0] == pair[1] && pair[0] != zeros) }
    for lane in 0..<20 {
      for place in one.places(lane) {
        for row in 0..<2 { #expect(rounded[row][place] == DropoutTests.rounded(floats[row][place])) }
      }
    }
  }
}
