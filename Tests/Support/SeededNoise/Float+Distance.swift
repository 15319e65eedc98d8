extension [Float] {
  /// The largest difference to other values; infinity if they differ in number or one is not a number.
  package func distance(to other: [Float]) -> Float {
    guard count == other.count else { return .infinity }
    var largest: Float = 0
    for (a, b) in zip(self, other) {
      guard a.isFinite, b.isFinite else { return .infinity }
      largest = Swift.max(largest, abs(a - b))
    }
    return largest
  }
}
