/// The exponential moving average (Keras's `ema_momentum`): average = average·momentum + value·(1 - momentum).
struct ExponentialMovingAverage {
  private let old, new: Float

  init(momentum: Double) { (old, new) = (Float(momentum), Float(1 - momentum)) }

  func update(_ average: UnsafeMutablePointer<Float>, _ value: UnsafePointer<Float>, _ range: Range<Int>) {
    for i in range { average[i] = old * average[i] + new * value[i] }
  }
}
