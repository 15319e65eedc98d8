/// How a window moves over a picture: kernel, stride, dilation and padding, each as (height, width).
package struct Window: Sendable, Equatable {
  package struct Pair: Sendable, Equatable {
    package var height: Int
    package var width: Int

    package init(_ height: Int, _ width: Int) {
      self.height = height
      self.width = width
    }
  }

  package var kernel: Pair
  package var strides = Pair(1, 1)
  package var dilation = Pair(1, 1)
  /// Keras's padding "same": as much as makes ceil(input / stride) outputs, the odd one after. Else "valid".
  package var same = false

  package init(kernel: Pair, strides: Pair = Pair(1, 1), dilation: Pair = Pair(1, 1), same: Bool = false) {
    self.kernel = kernel
    self.strides = strides
    self.dilation = dilation
    self.same = same
  }

  /// Outputs and padding along one side of `length` pixels, by Keras's rule; nil if the window does not fit.
  package static func extent(_ length: Int, kernel: Int, stride: Int, dilation: Int, same: Bool)
    -> (outputs: Int, before: Int, after: Int)?
  {
    let reach = (kernel - 1) * dilation + 1
    guard same else { return length < reach ? nil : ((length - reach) / stride + 1, 0, 0) }
    let outputs = (length + stride - 1) / stride
    let padding = max((outputs - 1) * stride + reach - length, 0)
    return (outputs, padding / 2, padding - padding / 2)
  }
}

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
