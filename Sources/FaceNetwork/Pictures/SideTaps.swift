/// Which samples along one side of a plane go into each pixel of a resampled side, and with what weights.
///
/// A side that shrinks becomes means over what each pixel covers, as OpenCV's `INTER_AREA`; a side that grows is
/// interpolated linearly between sample centers. Beyond the plane its edge samples are repeated.
struct SideTaps: Sendable {
  /// Pixels of the resampled side.
  let count: Int
  /// Weights of each pixel, at least 1; some may be 0.
  let reach: Int
  /// The first sample of each pixel.
  let first: [Int]
  /// ``reach`` weights for each pixel; they add up to 1.
  let weights: [Float]
  /// True if each pixel is one sample, and the next pixel the next sample.
  let isIdentity: Bool
  /// True if each pixel is the mean of two samples, and the next pixel that of the next two.
  let halves: Bool
  /// Pixels two by two whose weights are those of the two before, one sample on: all but the edges of a side that is
  /// doubled, such as chroma. Even at both ends.
  let doubled: Range<Int>

  /// - Parameters:
  ///   - count: Pixels, at least 1.
  ///   - start: The position on the side, in samples, where the first pixel begins.
  ///   - ratio: Samples that a pixel covers.
  ///   - side: Samples of the side, at least 1.
  init(_ count: Int, from start: Double, ratio: Double, within side: Int) {
    let taps = (0..<count).map { index in
      let begin = start + Double(index) * ratio
      return ratio > 1 ? Self.mean(begin, begin + ratio) : Self.line(begin + ratio / 2 - 0.5)
    }
    func clamped(_ sample: Int) -> Int { min(max(sample, 0), side - 1) }
    let reach =
      taps.map { clamped($0.first + $0.weights.count - 1) - clamped($0.first) + 1 }.max() ?? 1
    var first: [Int] = []
    var weights = [Float](repeating: 0, count: count * reach)
    for (index, tap) in taps.enumerated() {
      let lowest = min(clamped(tap.first), side - reach)
      first.append(lowest)
      let total = tap.weights.reduce(0, +)
      for (offset, weight) in tap.weights.enumerated() {
        weights[index * reach + clamped(tap.first + offset) - lowest] += Float(weight / total)
      }
    }
    self.count = count
    self.reach = reach
    self.first = first
    self.weights = weights
    isIdentity = reach == 1 && first.indices.allSatisfy { first[$0] == first[0] + $0 }
    halves =
      reach == 2 && first.indices.allSatisfy { first[$0] == first[0] + 2 * $0 }
      && weights.allSatisfy { $0 == 0.5 }
    doubled = Self.doubled(first, weights, reach)
  }

  private static func doubled(_ first: [Int], _ weights: [Float], _ reach: Int) -> Range<Int> {
    guard reach == 2, first.count >= 8 else { return 0..<0 }
    func follows(_ pixel: Int) -> Bool {
      first[pixel] == first[pixel - 2] + 1 && weights[2 * pixel] == weights[2 * pixel - 4]
        && weights[2 * pixel + 1] == weights[2 * pixel - 3]
    }
    // The edges are the first and the last pixels: the middle shows whether there is a run at all.
    var begin = first.count / 2 & ~1
    var end = begin
    while begin >= 2, follows(begin), follows(begin + 1) { begin -= 2 }
    while end + 3 < first.count, follows(end + 2), follows(end + 3) { end += 2 }
    return end > begin ? begin..<(end + 2) : 0..<0
  }

  /// The samples that an interval touches, weighted by how much of each it covers.
  private static func mean(_ begin: Double, _ end: Double) -> (first: Int, weights: [Double]) {
    let first = Int((begin + 1e-9).rounded(.down))
    let last = max(first, Int((end - 1e-9).rounded(.down)))
    return (
      first, (first...last).map { max(min(end, Double($0) + 1) - max(begin, Double($0)), 0) }
    )
  }

  /// The two samples around a position between sample centers.
  private static func line(_ center: Double) -> (first: Int, weights: [Double]) {
    let first = (center + 1e-9).rounded(.down)
    let part = max(center - first, 0)
    return (Int(first), part > 1e-9 ? [1 - part, part] : [1])
  }

  /// The samples that any pixel needs.
  var range: Range<Int> { (first.min() ?? 0)..<((first.max() ?? 0) + reach) }
}
