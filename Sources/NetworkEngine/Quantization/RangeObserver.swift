import NetworkModel

/// Watches a layer's results go by: their extremes, and a histogram of magnitudes whose bins widen as needed.
struct RangeObserver {
  private(set) var minimum = Float.infinity
  private(set) var maximum = -Float.infinity
  private static let binCount = 2048
  private var bins = [Int](repeating: 0, count: binCount)
  /// The magnitude at the histogram's end.
  private var end: Float = 0
  private(set) var sawNonFinite = false

  /// Takes in results; zeros count too, for they are exact at any scale.
  mutating func observe(_ values: UnsafeBufferPointer<Float>) {
    var largest: Float = 0
    for value in values {
      guard value.isFinite else {
        sawNonFinite = true
        return
      }
      minimum = min(minimum, value)
      maximum = max(maximum, value)
      largest = max(largest, abs(value))
    }
    widen(to: largest)
    guard end > 0 else { return }
    let factor = Float(Self.binCount) / end
    bins.withUnsafeMutableBufferPointer { bins in
      for value in values { bins[min(Self.binCount - 1, Int(abs(value) * factor))] &+= 1 }
    }
  }

  private mutating func widen(to largest: Float) {
    // Smaller numbers than these are as good as zero, larger ones as infinity.
    guard largest > 1e-20 else { return }
    if end == 0 { end = largest }
    while end < largest, end.isFinite {
      for index in bins.indices {
        bins[index] = index < Self.binCount / 2 ? bins[2 * index] + bins[2 * index + 1] : 0
      }
      end *= 2
    }
  }

  /// The range, with the limit at which 8-bit numbers have the least mean square error: `levels` steps up to it,
  /// larger magnitudes cut off. Nil if nothing but zeros or anything but numbers was seen.
  var range: ActivationRange? {
    guard !sawNonFinite, end > 0, end.isFinite, maximum > -.infinity else { return nil }
    let width = Double(end) / Double(Self.binCount)
    let top = Double(max(maximum, -minimum))
    let levels: Double = minimum < 0 ? 127 : 255
    var (best, bestError) = (top, Double.infinity)
    // From a quarter of the range seen to all; a smaller one would cut off too much to be safe on other pictures.
    for step in 32...128 {
      let limit = top * Double(step) / 128
      let grain = limit / levels
      var error = 0.0
      for (index, count) in bins.enumerated() where count > 0 && index > 0 {
        let magnitude = (Double(index) + 0.5) * width
        let cut = max(0, magnitude - limit)
        error += Double(count) * (cut > 0 ? cut * cut : grain * grain / 12)
      }
      if error < bestError { (best, bestError) = (limit, error) }
    }
    return ActivationRange(minimum: minimum, maximum: maximum, limit: Float(best))
  }
}
