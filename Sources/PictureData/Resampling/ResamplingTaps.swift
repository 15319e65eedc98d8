/// Which pixels along one side go into each pixel of a resampled side, and with what weights.
///
/// Pixel centres are at half coordinates, weights fall off linearly (a triangle).
struct ResamplingTaps {
  /// The first pixel of each output pixel, counted in the part that is resampled.
  private(set) var first: [Int] = []
  /// Where an output pixel's weights begin; one entry more than there are pixels.
  private(set) var starts: [Int] = []
  private(set) var weights: [Float] = []

  /// - Parameters:
  ///   - count: output pixels.
  ///   - length: pixels of the part.
  ///   - widensBeyond: the triangle spans one pixel to either side, unless the side shrinks by more than this; then
  ///     it covers all pixels.
  mutating func plan(_ count: Int, over length: Int, widensBeyond limit: Double) {
    first.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
    weights.removeAll(keepingCapacity: true)
    let ratio = Double(length) / Double(count)
    let reach = ratio > limit ? ratio : 1
    for index in 0..<count {
      let start = weights.count
      starts.append(start)
      if length == count {
        first.append(index)
        weights.append(1)
        continue
      }
      let centre = (Double(index) + 0.5) * ratio - 0.5
      let from = max(Int((centre - reach).rounded(.up)), 0)
      let to = max(min(Int((centre + reach).rounded(.down)), length - 1), from)
      first.append(from)
      var sum = 0.0
      for position in from...to {
        let weight = max(0, 1 - abs(Double(position) - centre) / reach)
        weights.append(Float(weight))
        sum += weight
      }
      // What lies beyond the part's edge counts for nothing.
      for place in start..<weights.count { weights[place] = sum > 0 ? weights[place] / Float(sum) : 0 }
      if sum == 0 { weights[start] = 1 }
    }
    starts.append(weights.count)
  }
}
