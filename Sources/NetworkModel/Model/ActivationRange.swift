/// The range that a layer's results were seen in.
package struct ActivationRange: Sendable, Equatable {
  /// The least value.
  package var minimum: Float
  /// The greatest value.
  package var maximum: Float
  /// The magnitude at which to cut off, so that the mean square error of 8-bit numbers is least.
  package var limit: Float

  /// A range as it was observed or read.
  package init(minimum: Float, maximum: Float, limit: Float) {
    self.minimum = minimum
    self.maximum = maximum
    self.limit = limit
  }

  /// True if it can be used: finite, not empty and not absurd.
  package var isUsable: Bool {
    minimum.isFinite && maximum.isFinite && minimum <= maximum && (1e-20...1e20).contains(limit)
  }
}
