import NetworkModel

#if canImport(Glibc)
  import Glibc
#endif

/// An elementwise function that oneDNN does not have, with its derivative.
struct ScalarFunction {
  let activation: Activation

  /// Nil for what is none: oneDNN has it, or it is no function of one value.
  init?(_ activation: Activation) {
    switch activation {
    case .thresholdedRelu, .threshold, .celu, .softsign, .softShrink, .hardShrink, .tanhShrink, .logSigmoid,
      .squareplus, .sparsePlus, .sparseSigmoid:
      self.activation = activation
    default: return nil
    }
  }

  /// f(x).
  func value(_ x: Float) -> Float {
    switch activation {
    case .thresholdedRelu(let slope, let maximum, let threshold):
      x >= threshold ? min(x, maximum ?? .infinity) : slope * (x - threshold)
    case .threshold(let threshold, let value): x > threshold ? x : value
    case .celu(let alpha): max(x, 0) + min(alpha * expm1f(x / alpha), 0)
    case .softsign: x / (1 + abs(x))
    case .softShrink(let threshold): x > threshold ? x - threshold : x < -threshold ? x + threshold : 0
    case .hardShrink(let threshold): abs(x) > threshold ? x : 0
    case .tanhShrink: x - tanhf(x)
    case .logSigmoid: min(x, 0) - log1pf(expf(-abs(x)))
    case .squareplus(let b): (x + (x * x + b).squareRoot()) / 2
    case .sparsePlus: x <= -1 ? 0 : x >= 1 ? x : (x + 1) * (x + 1) / 4
    case .sparseSigmoid: x <= -1 ? 0 : x >= 1 ? 1 : (x + 1) / 2
    default: x
    }
  }

  /// df/dx.
  func derivative(_ x: Float) -> Float {
    switch activation {
    case .thresholdedRelu(let slope, let maximum, let threshold):
      x >= threshold ? (x < maximum ?? .infinity ? 1 : 0) : slope
    case .threshold(let threshold, _): x > threshold ? 1 : 0
    case .celu(let alpha): x > 0 ? 1 : expf(x / alpha)
    case .softsign: 1 / ((1 + abs(x)) * (1 + abs(x)))
    case .softShrink(let threshold), .hardShrink(let threshold): abs(x) > threshold ? 1 : 0
    case .tanhShrink: tanhf(x) * tanhf(x)
    case .logSigmoid: 1 / (1 + expf(x))
    case .squareplus(let b): (1 + x / (x * x + b).squareRoot()) / 2
    case .sparsePlus: x <= -1 ? 0 : x >= 1 ? 1 : (x + 1) / 2
    case .sparseSigmoid: abs(x) < 1 ? 0.5 : 0
    default: 1
    }
  }
}
