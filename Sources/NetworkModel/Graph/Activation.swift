/// An activation function by Keras's definition (keras.activations).
package enum Activation: Sendable, Equatable {
  case linear
  /// max(x, 0) below `maximum` where given; x·`slope` for negative x.
  case relu(slope: Float = 0, maximum: Float? = nil)
  /// alpha·(exp(x) - 1) for negative x.
  case elu(alpha: Float)
  case selu
  case sigmoid
  /// relu6(x + 3) / 6, as Keras 3 defines it (Keras 2: clip(0.2·x + 0.5, 0, 1)).
  case hardSigmoid
  case tanh
  /// x·sigmoid(x), also called swish.
  case silu
  /// x·relu6(x + 3) / 6, also called hard swish.
  case hardSilu
  case softplus
  case exponential
  /// x·Φ(x), by the error function or by its approximation with tanh.
  case gelu(approximate: Bool)
  case mish
  /// exp(x) / Σ exp(x) along the channels, or the last side of what is no picture.
  case softmax
  /// x·`scale` + `offset`.
  case scaled(scale: Float, offset: Float)
  /// At least `minimum`, at most `maximum`.
  case clipped(minimum: Float, maximum: Float)
  case absolute
  case square
  case squareRoot
  case logarithm
  /// x to the power of `exponent`.
  case raised(exponent: Float)
  /// `maximum` from there on; x from `threshold` to there; (x - `threshold`)·`slope` below.
  case thresholdedRelu(slope: Float, maximum: Float?, threshold: Float)
  /// x above `threshold`, else `value`.
  case threshold(Float, value: Float)
  case celu(alpha: Float)
  case softsign
  /// x brought nearer to 0 by the threshold, where it reaches.
  case softShrink(threshold: Float)
  /// 0 for magnitudes up to the threshold.
  case hardShrink(threshold: Float)
  /// x - tanh(x).
  case tanhShrink
  case hardTanh
  case logSigmoid
  /// (x + sqrt(x² + b)) / 2.
  case squareplus(b: Float)
  /// 0 up to -1, x from 1 on, (x + 1)² / 4 between.
  case sparsePlus
  /// 0 up to -1, 1 from 1 on, (x + 1) / 2 between.
  case sparseSigmoid
  /// x - ln Σ exp(x) along the channels.
  case logSoftmax
}
