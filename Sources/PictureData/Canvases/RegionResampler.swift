import FaceInput
import FrameStream

/// Resamples parts of gray pictures as ``ResamplingTaps`` says, into floats, with memory that is kept.
final class RegionResampler {
  private var columns = ResamplingTaps()
  private var rows = ResamplingTaps()
  /// The columns of the picture that make one output row.
  private var line: [Float] = []

  /// Writes the part of `plane` at (`x`, `y`) to all of `output`. Beyond its edges, the picture's edge is repeated.
  func resample(
    _ plane: PlaneView, x: Int, y: Int, width: Int, height: Int, into output: FloatPlane
  ) {
    columns.plan(output.width, over: width, from: x, within: plane.width)
    rows.plan(output.height, over: height, from: y, within: plane.height)
    let (columns, rows) = (columns, rows)
    let left = columns.first.min() ?? 0
    var right = left
    for index in 0..<output.width {
      right = max(right, columns.first[index] + columns.starts[index + 1] - columns.starts[index])
    }
    let count = right - left
    if line.count < count { line = [Float](repeating: 0, count: count) }
    line.withUnsafeMutableBufferPointer { line in
      let sums = line.baseAddress!
      for y in 0..<output.height {
        for tap in rows.starts[y]..<rows.starts[y + 1] {
          let weight = rows.weights[tap]
          let source = plane.base + (rows.first[y] + tap - rows.starts[y]) * plane.stride + left
          if tap == rows.starts[y] {
            for x in 0..<count { sums[x] = weight * Float(source[x]) }
          } else {
            for x in 0..<count { sums[x] += weight * Float(source[x]) }
          }
        }
        Self.write(sums, left, columns, into: output.row(y))
      }
    }
  }

  private static func write(
    _ line: UnsafePointer<Float>, _ left: Int, _ columns: ResamplingTaps,
    into output: UnsafeMutablePointer<Float>
  ) {
    columns.weights.withUnsafeBufferPointer { weights in
      columns.starts.withUnsafeBufferPointer { starts in
        columns.first.withUnsafeBufferPointer { first in
          for x in 0..<first.count {
            var place = first[x] &- left
            var value: Float = 0
            for tap in starts[x]..<starts[x &+ 1] {
              value += weights[tap] * line[place]
              place &+= 1
            }
            output[x] = value
          }
        }
      }
    }
  }
}
