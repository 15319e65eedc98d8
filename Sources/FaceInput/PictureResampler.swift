import FrameStream
import SystemIO

/// Resamples a part of a gray picture to a given size, in 8 bits.
///
/// A part of exactly that size is copied. Otherwise each side is resampled as ``ResamplingTaps`` says: linearly where
/// it grows, with a low-pass filter where it shrinks. Pixels outside the picture repeat its edge. The memory is kept
/// from part to part; it belongs to one thread at a time.
package final class PictureResampler {
  /// The size of what is written.
  package let width: Int
  /// Rows of what is written.
  package let height: Int
  private var columns = ResamplingTaps()
  private var rows = ResamplingTaps()
  /// One output row before it is resampled across.
  private var line: [Float] = []

  /// - Parameters:
  ///   - width: Output pixels across, at least 1.
  ///   - height: Output pixels down, at least 1.
  package init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// Writes `part` of `plane` to `output`.
  /// - Parameters:
  ///   - part: It may stick out of the picture or lie outside it.
  ///   - range: How to read the plane; limited range (16…235) is made full.
  ///   - output: width·height bytes, row after row.
  /// - Throws: ``Failure`` (`badInput`) for a plane without pixels, or a part that is empty or out of range.
  package func resample(
    _ plane: PlaneView, _ part: PixelRectangle, range: ColorRange, into output: UnsafeMutablePointer<UInt8>
  ) throws(Failure) {
    guard plane.width > 0, plane.height > 0 else {
      throw Failure(.badInput, step: "resampling", cause: "the picture has no pixels")
    }
    try part.check(limit: PixelRectangle.enlargedLimit)
    columns.plan(width, over: part.width, from: part.x, within: plane.width)
    rows.plan(height, over: part.height, from: part.y, within: plane.height)
    if part.width == width, part.height == height {
      copy(plane, range, into: output)
      return
    }
    let inside = (columns.first.min() ?? 0)..<(columns.end(of: width - 1))
    if line.count < inside.count { line = [Float](repeating: 0, count: inside.count) }
    line.withUnsafeMutableBufferPointer { line in
      let sums = line.baseAddress!
      for y in 0..<height {
        sum(plane, y, inside, into: sums)
        writeRow(sums, from: inside.lowerBound, range, into: output + y * width)
      }
    }
  }

  /// A part of the output's size: `columns` and `rows` have one pixel each.
  private func copy(_ plane: PlaneView, _ range: ColorRange, into output: UnsafeMutablePointer<UInt8>) {
    for y in 0..<height {
      let source = plane.row(rows.first[y])
      for x in 0..<width {
        let value = source[columns.first[x]]
        output[y * width + x] = range == .tv ? Self.expanded[Int(value)] : value
      }
    }
  }

  /// The weighted sum of those rows of the picture that make output row `y`.
  private func sum(
    _ plane: PlaneView, _ y: Int, _ columns: Range<Int>, into sums: UnsafeMutablePointer<Float>
  ) {
    let count = columns.count
    for (number, index) in (rows.starts[y]..<rows.starts[y + 1]).enumerated() {
      let weight = rows.weights[index]
      let source = plane.row(rows.first[y] + number).baseAddress! + columns.lowerBound
      if number == 0 {
        for x in 0..<count { sums[x] = weight * Float(source[x]) }
      } else {
        for x in 0..<count { sums[x] += weight * Float(source[x]) }
      }
    }
  }

  private func writeRow(
    _ line: UnsafePointer<Float>, from left: Int, _ range: ColorRange,
    into output: UnsafeMutablePointer<UInt8>
  ) {
    columns.weights.withUnsafeBufferPointer { weights in
      for x in 0..<width {
        let first = columns.starts[x]
        let source = line + (columns.first[x] - left)
        var value: Float = 0
        for offset in 0..<(columns.starts[x + 1] - first) {
          value += weights[first + offset] * source[offset]
        }
        // The expansion of limited range is linear but for its ends, so it can follow.
        if range == .tv { value = (value - 16) * (255 / 219) }
        output[x] = UInt8(min(max(value.rounded(), 0), 255))
      }
    }
  }

  /// Limited range (16…235) made full.
  private static let expanded: [UInt8] = (0..<256).map {
    UInt8(min(max((Float($0 - 16) * 255 / 219).rounded(), 0), 255))
  }
}

extension ResamplingTaps {
  /// The pixel after the last one of output pixel `index`.
  fileprivate func end(of index: Int) -> Int { first[index] + starts[index + 1] - starts[index] }
}
