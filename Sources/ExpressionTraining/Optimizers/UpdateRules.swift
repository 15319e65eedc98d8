import Dispatch
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

/// Runs `body` over 0..<`count` in as many pieces as there are threads; few values are not worth a second one. The
/// pieces must not depend on each other.
func parallel(_ count: Int, _ threads: Int, _ body: (Range<Int>) -> Void) {
  guard threads > 1, count >= 1 << 16 else { return body(0..<count) }
  let piece = (count / threads + 63) & ~63
  withoutActuallyEscaping(body) { body in
    // The pieces are disjoint, and all are done before this returns.
    nonisolated(unsafe) let work = body
    DispatchQueue.concurrentPerform(iterations: threads) { index in
      let first = min(index * piece, count)
      let last = index == threads - 1 ? count : min(first + piece, count)
      work(first..<last)
    }
  }
}
