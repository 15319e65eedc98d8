/// What a layer computes at inference. Weights are named as Keras names them; their order is Keras 3's order of
/// saving.
package enum Operation: Sendable, Equatable {
  case input
  /// Random augmentation and the like: nothing at inference.
  case identity
  /// Nothing at inference; in training each value is dropped with this probability, or whole parts: along sides that
  /// `together` lists (0 is a picture's first), values are dropped together.
  case dropout(rate: Float, together: [Int] = [])
  /// Values that are part of the network, but no weights.
  case constant(Constant)
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
  /// Value by value. Shapes are aligned at their ends, and what has one value along a side gives it to all (NumPy's
  /// broadcasting); pictures of a batch stay apart.
  case arithmetic(Arithmetic)
  /// Along one side; nil is along the channels.
  case concatenate(axis: Int? = nil)
  /// The mean, sum or extreme along sides, which become 1 or are left out.
  case reduction(Reduction, axes: [Int], keepingDimensions: Bool)
  /// The same values in another shape; one side may be -1, which takes what is left.
  case reshape([Int])
  /// Result side i is the input's side `order[i]`.
  case transpose(order: [Int])
  /// A part of the input, a range for each of its first sides.
  case slice([Slice])
  /// The middle of a picture.
  case centerCrop(height: Int, width: Int)
  /// A picture of another size.
  case resize(Resizing)
  /// The transposed linear map of a convolution: `kernel` [height, width, filters / groups, channels], `bias`
  /// [filters].
  case transposedConvolution(
    filters: Int, window: Window, outputPadding: Window.Pair?, groups: Int = 1, bias: Bool, Activation)
  /// (x - mean) / sqrt(variance + epsilon) over the sides `axes`, then `gamma` and `beta` of their shape.
  case layerNormalization(axes: [Int], epsilon: Float, center: Bool, scale: Bool)
  /// x / sqrt(mean of squares + epsilon) over the sides `axes`, then `scale` of their shape.
  case rootMeanSquareNormalization(axes: [Int], epsilon: Float)
  /// The same over groups of channels and all pixels; 0 is as many as channels. `gamma` and `beta` for each channel.
  case groupNormalization(groups: Int, epsilon: Float, center: Bool, scale: Bool)
  /// Divided by the length of the vector along the sides `axes`.
  case unitNormalization(axes: [Int], epsilon: Float)
  /// x, or x·`alpha` where it is negative; `alpha` is of the input's shape, with 1 for `sharedAxes`.
  case parametricRelu(sharedAxes: [Int])
  /// x·`gamma`, one for each channel.
  case channelScale
}

extension Operation {
  /// The sum of its inputs.
  package static let add = Operation.arithmetic(.add)
  /// The product of its inputs.
  package static let multiply = Operation.arithmetic(.multiply)
}

extension Operation {
  /// The activation that it is, or that it ends with; nil for operations that have none.
  var activation: Activation? {
    switch self {
    case .activation(let activation), .convolution(_, _, _, _, let activation),
      .depthwiseConvolution(_, _, _, let activation), .separableConvolution(_, _, _, _, let activation),
      .transposedConvolution(_, _, _, _, _, let activation), .dense(_, _, let activation):
      activation
    default: nil
    }
  }
}
