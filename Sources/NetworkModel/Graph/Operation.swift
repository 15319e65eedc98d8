/// What a layer computes at inference. Weights are named as Keras names them; their order is Keras 3's order of
/// saving.
package enum Operation: Sendable, Equatable {
  case input
  /// Random augmentation and the like: nothing at inference.
  case identity
  /// Nothing at inference; in training each value is dropped with this probability.
  case dropout(rate: Float)
  /// x·scale + offset; one value each, or one a channel.
  case affine(scale: [Float], offset: [Float])
  /// (x - mean) / sqrt(variance), from weights `mean` and `variance` (Keras's Normalization after `adapt`);
  /// the inverse turns it round. Statistics are one value a channel or one for all; the weight `count` is how
  /// many pictures they were taken from.
  case normalization(perChannel: Bool, inverse: Bool)
  /// `kernel` [height, width, channels / groups, filters], `bias` [filters].
  case convolution(filters: Int, window: Window, groups: Int, bias: Bool, Activation)
  /// `kernel` [height, width, channels, multiplier], `bias` [channels·multiplier].
  case depthwiseConvolution(multiplier: Int, window: Window, bias: Bool, Activation)
  /// `depthwise_kernel` as above, then `pointwise_kernel` [1, 1, channels·multiplier, filters], `bias`.
  case separableConvolution(filters: Int, multiplier: Int, window: Window, bias: Bool, Activation)
  /// (x - `moving_mean`) / sqrt(`moving_variance` + epsilon)·`gamma` + `beta`.
  /// In training the moving values keep `momentum` of themselves at each step.
  case batchNormalization(epsilon: Float, momentum: Float, center: Bool, scale: Bool)
  case activation(Activation)
  case maximumPooling(Window)
  /// The average over what lies inside the picture.
  case averagePooling(Window)
  case globalMaximumPooling(keepingDimensions: Bool)
  case globalAveragePooling(keepingDimensions: Bool)
  /// One row of values in the order of the data format; channels_first pictures may be turned to pixels first
  /// (Keras does so if the layer's own data_format is channels_first).
  case flatten(pixelsFirst: Bool)
  /// `kernel` [inputs, units], `bias` [units].
  case dense(units: Int, bias: Bool, Activation)
  case zeroPadding(top: Int, bottom: Int, left: Int, right: Int)
  case add
  case multiply
  /// Along the channels.
  case concatenate
}

extension Operation {
  /// The activation that it is, or that it ends with; nil for operations that have none.
  var activation: Activation? {
    switch self {
    case .activation(let activation), .convolution(_, _, _, _, let activation),
      .depthwiseConvolution(_, _, _, let activation), .separableConvolution(_, _, _, _, let activation),
      .dense(_, _, let activation):
      activation
    default: nil
    }
  }
}
