import Glibc

/// Adam's rule (keras.optimizers.Adam.update_step):
///
///     m += (g - m)·(1 - beta1),  v += (g² - v)·(1 - beta2)
///     w -= m·alpha / (√v + epsilon),  alpha = rate·√(1 - beta2^t) / (1 - beta1^t)
struct Adam {
  private let alpha, first, second, epsilon: Float

  /// - Parameter step: The step's number, from 1.
  init(_ configuration: OptimizerConfiguration, _ learningRate: Float, _ step: Float) {
    let (beta1, beta2) = (configuration.beta1, configuration.beta2)
    alpha = learningRate * (1 - powf(beta2, step)).squareRoot() / (1 - powf(beta1, step))
    first = Self.complement(beta1)
    second = Self.complement(beta2)
    epsilon = configuration.epsilon
  }

  /// Keras subtracts in doubles: 1 - 0.999 is 0.001 there, and not 0.00099998712.
  private static func complement(_ beta: Float) -> Float {
    Float(1 - (Double(beta.description) ?? Double(beta)))
  }

  func update(
    _ weight: UnsafeMutablePointer<Float>, _ gradient: UnsafePointer<Float>, _ m: UnsafeMutablePointer<Float>,
    _ v: UnsafeMutablePointer<Float>, _ range: Range<Int>
  ) {
    typealias Lanes = SIMD8<Float>
    var i = range.lowerBound
    while i + 8 <= range.upperBound {
      let g = UnsafeRawPointer(gradient + i).loadUnaligned(as: Lanes.self)
      var mean = UnsafeRawPointer(m + i).loadUnaligned(as: Lanes.self)
      var square = UnsafeRawPointer(v + i).loadUnaligned(as: Lanes.self)
      var w = UnsafeRawPointer(weight + i).loadUnaligned(as: Lanes.self)
      mean += (g - mean) * first
      square += (g * g - square) * second
      w -= mean * alpha / (square.squareRoot() + epsilon)
      UnsafeMutableRawPointer(m + i).storeBytes(of: mean, as: Lanes.self)
      UnsafeMutableRawPointer(v + i).storeBytes(of: square, as: Lanes.self)
      UnsafeMutableRawPointer(weight + i).storeBytes(of: w, as: Lanes.self)
      i += 8
    }
    while i < range.upperBound {
      let g = gradient[i]
      m[i] += (g - m[i]) * first
      v[i] += (g * g - v[i]) * second
      weight[i] -= m[i] * alpha / (v[i].squareRoot() + epsilon)
      i += 1
    }
  }
}

/// Gradient descent (keras.optimizers.SGD.update_step): m = m·momentum - g·rate; w += m, or with Nesterov's look ahead
/// w += m·momentum - g·rate. Without momentum w -= g·rate.
struct Descent {
  private let rate, momentum: Float
  private let nesterov: Bool

  init(_ configuration: OptimizerConfiguration, _ learningRate: Float) {
    rate = learningRate
    momentum = configuration.momentum
    nesterov = configuration.nesterov
  }

  func update(
    _ weight: UnsafeMutablePointer<Float>, _ gradient: UnsafePointer<Float>,
    _ m: UnsafeMutablePointer<Float>?,
    _ range: Range<Int>
  ) {
    guard let m else {
      for i in range { weight[i] -= gradient[i] * rate }
      return
    }
    if nesterov {
      for i in range {
        let moved = gradient[i] * rate
        m[i] = m[i] * momentum - moved
        weight[i] += m[i] * momentum - moved
      }
    } else {
      for i in range {
        m[i] = m[i] * momentum - gradient[i] * rate
        weight[i] += m[i]
      }
    }
  }
}

/// The exponential moving average (Keras's `ema_momentum`): average = average·momentum + value·(1 - momentum).
struct Average {
  private let keep, take: Float

  init(momentum: Double) { (keep, take) = (Float(momentum), Float(1 - momentum)) }

  func update(_ average: UnsafeMutablePointer<Float>, _ value: UnsafePointer<Float>, _ range: Range<Int>) {
    for i in range { average[i] = keep * average[i] + take * value[i] }
  }
}
