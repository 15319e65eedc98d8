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
  /// exp(x) / Σ exp(x) along the channels.
  case softmax
}
