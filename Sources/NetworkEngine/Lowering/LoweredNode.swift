import NetworkModel

/// One step of a lowered network: what a primitive, or a loop of our own, computes. Layers that are several steps are
/// several nodes.
///
/// Shapes are Keras's, without the batch.
struct LoweredNode {
  enum Kind {
    case input
    /// x·scale + offset; one value each, or one a channel. Not trained.
    case affine(scale: [Float], offset: [Float])
    case convolution(ConvolutionShape)
    case dense(units: Int)
    case batchNormalization(epsilon: Float, momentum: Float)
    case elementwise(ElementwiseFunction)
    case pooling(maximum: Bool, Window, Padding)
    /// Pooling over the whole picture.
    case globalPooling(maximum: Bool)
    /// Along the channels.
    case softmax
    /// One row of values; channels are fastest in it, or slowest.
    case flatten(channelsLast: Bool)
    case padding(Padding)
    /// Values that are the same for every picture, of the node's shape.
    case constant([Float])
    /// The weight `kernelName` of the layer, the same for every picture.
    case parameter
    /// Of two, aligned at the ends of their shapes and repeated where one has 1.
    case arithmetic(Arithmetic)
    /// A function that the library does not have.
    case scalar(ScalarFunction)
    /// Along one side of the shape.
    case concatenate(axis: Int)
    /// Values along these sides of the input become one.
    case reduction(Reduction, axes: [Int])
    /// The same values in Keras's order under another shape.
    case reshape
    /// Side i of the result is the input's side `order[i]`.
    case transpose(order: [Int])
    /// The part of the input that begins at these indices and has `size`, each side in steps of some values.
    case slice(starts: [Int], size: [Int], steps: [Int])
    case resample(Resizing)
    case standardize(Standardization)
    /// The transpose of this convolution, which leads from the result's picture to the input's.
    case transposedConvolution(ConvolutionShape)
    /// Only in training. Along the sides `together` values are dropped together.
    case dropout(rate: Float, together: [Int])
  }

  /// The layer whose result this is, for messages and profiles.
  let name: String
  /// Index of that layer in the model's graph.
  let layer: Int
  var kind: Kind
  /// Indices of the nodes that feed it.
  var inputs: [Int]
  var shape: [Int]
  /// The layer's name for the kernel that this node multiplies with: a separable convolution has two.
  var kernelName = "kernel"
  var hasBias = false
}

/// A grouped convolution; a depthwise one has as many groups as channels. Its kernel is [height, width,
/// channels / groups, filters] with the filters of a group side by side.
struct ConvolutionShape {
  var filters: Int
  var channels: Int
  var groups: Int
  var window: Window
  var padding: Padding
}
