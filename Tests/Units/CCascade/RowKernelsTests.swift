import CCascade
import CProcessor
import SeededNoise
import Testing

/// Shrinking and integral images: each version against the plain one, and the plain one against its definition.
@Suite struct RowKernelsTests {
  static let levels = (0...cp_best_level().rawValue).map { cp_level(rawValue: $0) }

  @Test(arguments: levels, [(2, 2), (1, 2), (2, 4), (1, 4)])
  func integralRows(level: cp_level, layout: (step: Int, bytes: Int)) {
    var noise = Noise(1)
    for width in [1, 2, 7, 15, 16, 17, 31, 32, 33, 64, 100, 257, 1001] {
      let rows = 5
      // Bright rows make sums overflow 16 bits, which must wrap.
      var pixels = (0..<rows).map {
        ($0 == 3 ? [UInt8](repeating: 255, count: width) : noise.bytes(width))
          + [UInt8](repeating: 0, count: 96)
      }
      let made = Strip(width: width, rows: rows, step: layout.step, cellBytes: layout.bytes)
      for row in 0..<rows { ck_integral_row(level, &made.strip, Int32(row), &pixels[row], Int32(width)) }
      var (columnSums, columnSquares) = (
        [UInt32](repeating: 0, count: width), [UInt32](repeating: 0, count: width)
      )
      for y in 0...rows {
        var (sum, squares): (UInt32, UInt32) = (0, 0)
        for x in 0...width {
          let expected = layout.bytes == 2 ? sum & 0xFFFF : sum
          guard made.sum(x, y) == expected, made.squares(x, y) == squares else {
            Issue.record("width \(width), (\(x), \(y)): \(made.sum(x, y)) and not \(expected)")
            return
          }
          if x < width {
            sum &+= columnSums[x]
            squares &+= columnSquares[x]
          }
        }
        if y < rows {
          for x in 0..<width {
            columnSums[x] += UInt32(pixels[y][x])
            columnSquares[x] += UInt32(pixels[y][x]) * UInt32(pixels[y][x])
          }
        }
      }
    }
  }

  /// Squares that move down by a step with each row of windows, against sums over the rows they have come to.
  @Test(arguments: levels, [1, 2]) func squaresMove(level: cp_level, step: Int) {
    var noise = Noise(5)
    let (rows, height) = (24, 9)
    for width in [1, 2, 15, 16, 17, 33, 100, 257] {
      let pixels = (0..<rows).map {
        ($0 == 7 ? [UInt8](repeating: 255, count: width) : noise.bytes(width))
          + [UInt8](repeating: 0, count: 64)
      }
      let none = [UInt8](repeating: 0, count: width + 64)
      let odd = (width / 2 + 48) / 2 * 2
      var sums = [UInt32](repeating: 0, count: 2 * odd + width + 64)
      func move(_ entering: [[UInt8]], _ leaving: [[UInt8]]) {
        sums.withUnsafeMutableBufferPointer { sums in
          var squares = ck_squares(sums: sums.baseAddress, step: Int32(step), odd: Int32(odd))
          let all = (entering + leaving).map { row -> UnsafeMutablePointer<UInt8> in
            let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: row.count)
            copy.update(from: row, count: row.count)
            return copy
          }
          let pointers = all.map { UnsafePointer<UInt8>?($0) }
          ck_move_squares(
            level, &squares, Array(pointers[..<step]), Array(pointers[step...]), Int32(width))
          for copy in all { copy.deallocate() }
        }
      }
      // Rows 0 to `height`, a step at a time; the last step may lack a row.
      for first in stride(from: 0, to: height, by: step) {
        move(
          (first..<first + step).map { $0 < height ? pixels[$0] : none },
          [[UInt8]](repeating: none, count: step))
      }
      for top in stride(from: step, through: rows - height, by: step) {
        move(Array(pixels[top + height - step..<top + height]), Array(pixels[top - step..<top]))
        var expected: UInt32 = 0
        for x in 0...width {
          let place = step == 2 ? x % 2 * odd + x / 2 : x
          guard sums[place] == expected else {
            Issue.record("width \(width), top \(top), column \(x): \(sums[place]) and not \(expected)")
            return
          }
          if x < width {
            for row in pixels[top..<top + height] { expected += UInt32(row[x]) * UInt32(row[x]) }
          }
        }
      }
    }
  }

  /// The definition of INTER_LINEAR_EXACT, as the notes on OpenCV have it.
  private func places(_ source: Int, _ target: Int) -> [(Int, Int)] {
    let scale = 1.0 / (Double(target) / Double(source))
    return (0..<target).map {
      let place = scale * (Double($0) + 0.5) - 0.5
      let whole = place.rounded(.down)
      if whole < 0 { return (0, 0) }
      if Int(whole) >= source - 1 { return (source - 1, 0) }
      return (Int(whole), Int(((place - whole) * 256).rounded(.toNearestOrEven)))
    }
  }

  @Test(arguments: levels) func resampledRows(level: cp_level) {
    var noise = Noise(2)
    for (source, target) in [
      (20, 20), (21, 20), (100, 91), (100, 53), (333, 167), (640, 582), (640, 97), (17, 2), (5, 1),
    ] {
      let height = 7
      let picture = noise.bytes(source * height)
      let columns = places(source, target)
      let padded = columns + Array(repeating: (columns.last!.0, 0), count: (16 - target % 16) % 16)
      let first = padded.map { Int32($0.0) }
      let weights = padded.map { UInt32(256 - $0.1) | UInt32($0.1) << 16 }
      var shuffle: [UInt8] = []
      var fits = source >= 16
      for group in stride(from: 0, to: padded.count, by: 4) {
        for (place, _) in padded[group..<group + 4] {
          let start = min(padded[group].0, source - 16)
          let next = min(place + 1, source - 1) - start
          if next > 15 { fits = false }
          shuffle += [UInt8(truncatingIfNeeded: place - start), 0x80, UInt8(truncatingIfNeeded: next), 0x80]
        }
      }
      let rowFirst: [Int32] = [0, 2, 5]
      let rowSecond: [Int32] = [1, 3, 5]
      let rowWeight: [UInt16] = [17, 256, 0]
      for useShuffle in fits ? [false, true] : [false] {
        var target8 = [UInt8](repeating: 0, count: target + 128)
        first.withUnsafeBufferPointer { first in
          weights.withUnsafeBufferPointer { weights in
            shuffle.withUnsafeBufferPointer { shuffle in
              rowFirst.withUnsafeBufferPointer { rowFirst in
                rowSecond.withUnsafeBufferPointer { rowSecond in
                  rowWeight.withUnsafeBufferPointer { rowWeight in
                    var resampler = ck_resampler()
                    resampler.picture_width = Int32(source)
                    resampler.width = Int32(target)
                    resampler.height = 3
                    resampler.row_first = rowFirst.baseAddress
                    resampler.row_second = rowSecond.baseAddress
                    resampler.row_weight = rowWeight.baseAddress
                    resampler.column_first = first.baseAddress
                    resampler.column_weights = weights.baseAddress
                    resampler.column_shuffle = useShuffle ? shuffle.baseAddress : nil
                    for y in 0..<3 {
                      ck_resample_row(level, &resampler, picture, source, Int32(y), &target8)
                      for x in 0..<target {
                        let (place, weight) = columns[x]
                        func mixed(_ column: Int) -> Int {
                          let above = Int(picture[Int(rowFirst[y]) * source + column])
                          let below = Int(picture[Int(rowSecond[y]) * source + column])
                          return (256 - Int(rowWeight[y])) * above + Int(rowWeight[y]) * below
                        }
                        let sum = (256 - weight) * mixed(place) + weight * mixed(min(place + 1, source - 1))
                        let expected = UInt8((sum + 32768) >> 16)
                        guard target8[x] == expected else {
                          Issue.record(
                            "\(source) to \(target), row \(y), column \(x): \(target8[x]) and not \(expected)"
                          )
                          return
                        }
                      }
                      #expect(target8[target..<target + 32].allSatisfy { $0 == 0 })
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

  @Test func hitsAreSorted() {
    var noise = Noise(3)
    for count in [0, 1, 2, 3, 10, 1000] {
      var hits: [ck_hit] = []
      for index in 0..<count { hits.append(ck_hit(row: Int32(index / 7), column: Int32(index % 7))) }
      hits.shuffle(using: &noise)
      ck_sort_hits(&hits, Int64(count))
      for (index, hit) in hits.enumerated() {
        #expect(hit.row == Int32(index / 7))
        #expect(hit.column == Int32(index % 7))
      }
    }
  }
}
