import NetworkModel

/// A step of a network after layers have been joined: what one primitive computes.
///
/// Shapes are Keras's without the batch; weights are plain floats in Keras's order, whatever was folded into them.
struct ComputeNode {
  enum Kind {
    case input
    /// x·scale + offset; one value each, or one a channel.
    case affine(scale: [Float], offset: [Float])
    case convolution(Convolution)
    case dense(units: Int)
    case pooling(maximum: Bool, Window, Padding)
    /// Pooling over the whole picture.
    case globalPooling(maximum: Bool)
    /// Post-operations alone.
    case elementwise
    case softmax
    /// One row of values; channels are fastest in it, or slowest.
    case flatten(channelsLast: Bool)
    case padding(Padding)
    case add
    case multiply
    case concatenate
  }

  /// Pixels added on the four sides.
  struct Padding: Equatable {
    var top = 0
    var bottom = 0
    var left = 0
    var right = 0
  }

  /// A grouped convolution; a depthwise one has as many groups as channels. Its kernel is [height, width,
  /// channels / groups, filters] with the filters of a group side by side.
  struct Convolution {
    var filters: Int
    var channels: Int
    var groups: Int
    var window: Window
    var padding: Padding
  }

  /// The layer whose result this is, for messages and profiles.
  var name: String
  var kind: Kind
  var inputs: [Int]
  var kernel: [Float] = []
  var bias: [Float] = []
  /// Elementwise functions of the result, in order.
  var post: [ElementwiseFunction] = []
  var shape: [Int]
}
