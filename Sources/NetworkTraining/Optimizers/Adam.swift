import FrameStream
import Glibc

extension OptimizerAlgorithm {
  /// Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015.
  package static let adam = adam("adam", kerasClass: "Adam", weightDecay: nil)

  /// Adam with decoupled weight decay (Loshchilov and Hutter, 2019): Keras's decay of 0.004 unless given.
  package static let adamW = adam("adamw", kerasClass: "AdamW", weightDecay: 0.004)

  private static func adam(_ name: String, kerasClass: String, weightDecay: Float?) -> OptimizerAlgorithm {
    OptimizerAlgorithm(
      name: name, kerasClass: kerasClass, kerasName: name, defaultLearningRate: 0.001,
      defaultWeightDecay: weightDecay, hasMomentum: false,
      slotCount: { _ in 2 },
      writeConstants: { configuration, json in
        json.field("beta_1", configuration.beta1)
        json.field("beta_2", configuration.beta2)
        json.field("epsilon", configuration.epsilon)
        json.field("amsgrad", false)
      },
      rule: { AdamRule($0, $1, $2) })
  }
}

/// Adam's rule (keras.optimizers.Adam.update_step):
///
///     m += (g - m)·(1 - beta1),  v += (g² - v)·(1 - beta2)
///     w -= m·alpha / (√v + epsilon),  alpha = rate·√(1 - beta2^t) / (1 - beta1^t)
private struct AdamRule: UpdateRule {
  let alpha, first, second, epsilon: Float

  init(_ configuration: OptimizerConfiguration, _ learningRate: Float, _ step: Int) {
    let step = Float(step)
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
    _ weight: UnsafeMutablePointer<Float>, _ gradient: UnsafePointer<Float>,
    _ m: UnsafeMutablePointer<Float>?, _ v: UnsafeMutablePointer<Float>?, _ range: Range<Int>
  ) {
    guard let m, let v else { return }
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
