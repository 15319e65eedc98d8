/// The exponential moving average of weights, as Keras's optimizers take it (`ema_momentum`), and of the moving
/// statistics that belong to them.
///
/// Statistics are averaged too: those of the last weights do not fit averaged ones.
package struct WeightAverage: Equatable {
  /// How much of itself the average keeps at each step, 0 to 1.
  package let momentum: Double
  /// The averaged weights; empty before the first step.
  package var weights: [Float] = []
  /// The averaged statistics.
  package var statistics: [Float] = []

  /// An average that begins with the first weights added, or continues from one.
  package init(momentum: Double, weights: [Float] = [], statistics: [Float] = []) {
    self.momentum = momentum
    self.weights = weights
    self.statistics = statistics
  }

  /// Adds the weights after a step; the average begins as the first ones.
  /// - Parameter step: The number of steps so far, of which a tenth bounds how far back the average goes, so that an
  ///   early one does not remember the first weights; nil for no such bound.
  package mutating func add(
    weights: UnsafeMutableBufferPointer<Float>, statistics: UnsafeMutableBufferPointer<Float>,
    step: Int? = nil
  ) {
    let momentum = step.map { min(self.momentum, (1 + Double($0)) / (10 + Double($0))) } ?? self.momentum
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
