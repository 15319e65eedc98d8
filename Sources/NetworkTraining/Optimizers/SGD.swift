import FrameStream

extension OptimizerAlgorithm {
  /// Stochastic gradient descent, with momentum where it is not 0.
  package static let sgd = OptimizerAlgorithm(
    name: "sgd", kerasClass: "SGD", kerasName: "SGD", defaultLearningRate: 0.01, defaultWeightDecay: nil,
    hasMomentum: true,
    slotCount: { $0.momentum == 0 ? 0 : 1 },
    writeConstants: { configuration, json in
      // Keras wants a number with a point here.
      json.field("momentum", configuration.momentum)
      json.field("nesterov", configuration.nesterov)
    },
    rule: { configuration, learningRate, _ in SGDRule(configuration, learningRate) })
}

/// The rule of stochastic gradient descent (keras.optimizers.SGD.update_step): m = m·momentum - g·rate; w += m, or with Nesterov's look ahead
/// w += m·momentum - g·rate. Without momentum w -= g·rate.
private struct SGDRule: UpdateRule {
  let rate, momentum: Float
  let nesterov: Bool

  init(_ configuration: OptimizerConfiguration, _ learningRate: Float) {
    rate = learningRate
    momentum = configuration.momentum
    nesterov = configuration.nesterov
  }

  func update(
    _ weight: UnsafeMutablePointer<Float>, _ gradient: UnsafePointer<Float>,
    _ m: UnsafeMutablePointer<Float>?, _: UnsafeMutablePointer<Float>?, _ range: Range<Int>
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
