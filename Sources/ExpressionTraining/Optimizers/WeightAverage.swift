/// The exponential moving average of weights, as Keras's optimizers take it (`ema_momentum`), and of the moving
/// statistics that belong to them.
///
/// Statistics are averaged too: those of the last weights do not fit averaged ones.
struct WeightAverage: Equatable {
  /// How much of itself the average keeps at each step, 0 to 1.
  let momentum: Double
  var weights: [Float] = []
  var statistics: [Float] = []

  /// Adds the weights after a step; the average begins as the first ones.
  mutating func add(
    weights: UnsafeMutableBufferPointer<Float>, statistics: UnsafeMutableBufferPointer<Float>
  ) {
    Self.mix(&self.weights, weights, momentum)
    Self.mix(&self.statistics, statistics, momentum)
  }

  private static func mix(
    _ average: inout [Float], _ values: UnsafeMutableBufferPointer<Float>, _ momentum: Double
  ) {
    guard average.count == values.count, let value = values.baseAddress else {
      average = Array(values)
      return
    }
    average.withUnsafeMutableBufferPointer { average in
      ExponentialMovingAverage(momentum: momentum).update(average.baseAddress!, value, 0..<average.count)
    }
  }
}
