import FrameStream

/// Resamples rows of a plane whose samples have one or more interleaved components. Memory is kept from row to row.
final class PlaneResampler {
  private let columns: SideTaps
  private let rows: SideTaps
  /// Components of a sample: 1, 2 for interleaved chroma, 3 for RGB.
  private let components: Int
  /// The sums of the plane's rows that make a row, all components together.
  private let line: UnsafeMutablePointer<Float>
  /// The resampled row, one component after the other.
  private let output: UnsafeMutablePointer<Float>
  private let range: Range<Int>

  /// - Parameters:
  ///   - columns: how rows of samples become rows of pixels.
  ///   - rows: how columns do.
  ///   - components: bytes of a sample.
  init(columns: SideTaps, rows: SideTaps, components: Int) {
    self.columns = columns
    self.rows = rows
    self.components = components
    range = columns.range
    line = .allocate(capacity: range.count * components)
    output = .allocate(capacity: columns.count * components)
  }

  deinit {
    line.deallocate()
    output.deallocate()
  }

  /// A component of the row computed last: as many values as there are columns.
  func component(_ index: Int) -> UnsafePointer<Float> { UnsafePointer(output + index * columns.count) }

  /// Computes row `y` from the plane.
  func compute(row y: Int, of plane: PlaneView) {
    sumRows(y, plane)
    for component in 0..<components {
      resample(line + component, into: output + component * columns.count)
    }
  }

  private func sumRows(_ y: Int, _ plane: PlaneView) {
    let count = range.count * components
    var isFirst = true
    for tap in 0..<rows.reach {
      let weight = rows.weights[y * rows.reach + tap]
      guard weight != 0, let row = plane.row(rows.first[y] + tap).baseAddress else { continue }
      let source = row + range.lowerBound * components
      if isFirst {
        if weight == 1 {
          for x in 0..<count { line[x] = Float(source[x]) }
        } else {
          for x in 0..<count { line[x] = weight * Float(source[x]) }
        }
        isFirst = false
      } else {
        for x in 0..<count { line[x] += weight * Float(source[x]) }
      }
    }
  }

  private func resample(_ line: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>) {
    let (count, step) = (columns.count, components)
    if columns.isIdentity {
      for x in 0..<count { output[x] = line[x &* step] }
    } else if columns.halves, step == 1 {
      for x in 0..<count { output[x] = (line[2 &* x] + line[2 &* x &+ 1]) * 0.5 }
    } else {
      let (reach, left) = (columns.reach, range.lowerBound)
      let doubled = step == 1 ? columns.doubled : 0..<0
      if !doubled.isEmpty { resampleDoubled(line, doubled, into: output) }
      columns.first.withUnsafeBufferPointer { first in
        columns.weights.withUnsafeBufferPointer { weights in
          var x = 0
          while x < count {
            if x == doubled.lowerBound, !doubled.isEmpty {
              x = doubled.upperBound
              continue
            }
            let source = line + (first[x] &- left) &* step
            let weight = weights.baseAddress! + x &* reach
            var value = weight[0] * source[0]
            if reach > 1 { value += weight[1] * source[step] }
            if reach > 2 { value += weight[2] * source[2 &* step] }
            for tap in stride(from: 3, to: reach, by: 1) { value += weight[tap] * source[tap &* step] }
            output[x] = value
            x += 1
          }
        }
      }
    }
  }

  /// Two pixels at a time, each from two samples with its own weights.
  private func resampleDoubled(
    _ line: UnsafePointer<Float>, _ pixels: Range<Int>, into output: UnsafeMutablePointer<Float>
  ) {
    let (x, left) = (pixels.lowerBound, range.lowerBound)
    let (even, odd) = (line + (columns.first[x] - left), line + (columns.first[x + 1] - left))
    let (a, b) = (columns.weights[2 * x], columns.weights[2 * x + 1])
    let (c, d) = (columns.weights[2 * x + 2], columns.weights[2 * x + 3])
    let target = output + x
    for k in 0..<(pixels.count / 2) {
      target[2 &* k] = a * even[k] + b * even[k &+ 1]
      target[2 &* k &+ 1] = c * odd[k] + d * odd[k &+ 1]
    }
  }
}
