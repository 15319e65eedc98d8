/// Which pixels along one side of a picture go into each pixel of a resampled side, and with what weights.
///
/// Pixel centers are at half coordinates. A side that grows is interpolated linearly. A side that shrinks is low-pass
/// filtered: the triangle is widened by the factor, so that every pixel counts, as Pillow's `BILINEAR` and
/// `tf.image.resize(antialias=True)` do.
package struct ResamplingTaps {
  /// The first pixel of each output pixel, counted in the picture.
  package private(set) var first: [Int] = []
  /// The index of each output pixel's first weight; one entry more than there are pixels.
  package private(set) var starts: [Int] = []
  /// The weights; those of one output pixel add up to 1.
  package private(set) var weights: [Float] = []

  /// Plans nothing yet.
  package init() {}

  /// Plans `count` output pixels over a part of a side.
  /// - Parameters:
  ///   - count: Output pixels, at least 1.
  ///   - length: Pixels of the part, at least 1. What lies beyond the part's edge counts for nothing.
  ///   - start: Where the part begins; it may lie outside the side.
  ///   - side: Pixels of the whole side, at least 1. Outside it, its edge pixels are repeated.
  package mutating func plan(_ count: Int, over length: Int, from start: Int = 0, within side: Int) {
    first.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
    weights.removeAll(keepingCapacity: true)
    let ratio = Double(length) / Double(count)
    for index in 0..<count {
      starts.append(weights.count)
      if length == count {
        first.append(min(max(start + index, 0), side - 1))
        weights.append(1)
        continue
      }
      let triangle = Triangle(center: (Double(index) + 0.5) * ratio - 0.5, reach: max(ratio, 1))
      let from = max(Int((triangle.center - triangle.reach).rounded(.up)), 0)
      let to = max(min(Int((triangle.center + triangle.reach).rounded(.down)), length - 1), from)
      append(triangle, from...to, start, side)
    }
    starts.append(weights.count)
  }

  /// Appends the weights of positions `range` of the part. Positions outside the picture are summed in one step, so
  /// that the work is bounded by the picture, not by the part.
  private mutating func append(_ triangle: Triangle, _ range: ClosedRange<Int>, _ start: Int, _ side: Int) {
    let lowest = min(max(start + range.lowerBound, 0), side - 1)
    let highest = min(max(start + range.upperBound, 0), side - 1)
    first.append(lowest)
    let own = weights.count
    var total = 0.0
    for position in lowest...highest {
      // All positions that are clamped to this pixel.
      let from = position == lowest ? range.lowerBound : position - start
      let to = position == highest ? range.upperBound : position - start
      let weight = triangle.sum(from, to)
      weights.append(Float(weight))
      total += weight
    }
    for index in own..<weights.count { weights[index] /= Float(total) }
  }

  /// A weight that falls off linearly from its center.
  private struct Triangle {
    var center: Double
    var reach: Double

    /// The sum of the weights at the whole positions `from` to `to`, all of which lie within reach.
    func sum(_ from: Int, _ to: Int) -> Double {
      guard from < to else { return max(1 - abs(Double(from) - center) / reach, 0) }
      let middle = Int(center.rounded(.down))
      if from <= middle, to > middle { return sum(from, middle) + sum(middle + 1, to) }
      let distances = abs((Double(from) + Double(to)) / 2 - center)
      return Double(to - from + 1) * max(1 - distances / reach, 0)
    }
  }
}
