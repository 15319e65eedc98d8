import NetworkModel
import SystemIO

extension TensorLayout {
  /// How many channels lie side by side at each place: all, or 16 or 8 in blocks of which the last is filled up with
  /// zeros; nil if they lie otherwise.
  /// - Parameter type: The elements' type, which a layout that a primitive chose may not know.
  func channelsTogether(_ type: ElementType) -> Int? {
    guard dimensions.count == 2 || dimensions.count == 4 else { return nil }
    if (try? TensorLayout.channelsLast(dimensions, type))?.isEqual(to: self) == true { return dimensions[1] }
    guard dimensions.count == 4 else { return nil }
    return [16, 8].first {
      (try? TensorLayout.blocked(dimensions, type, channels: $0))?.isEqual(to: self) == true
    }
  }

  /// oneDNN's dimensions of a Keras shape: batch, channels, height, width; or batch, values.
  static func dimensions(_ shape: [Int], batch: Int, channelsFirst: Bool) -> [Int] {
    guard shape.count == 3 else { return [batch] + shape }
    return channelsFirst ? [batch] + shape : [batch, shape[2], shape[0], shape[1]]
  }

  /// oneDNN's dimension for a side of a Keras shape.
  static func axis(_ axis: Int, of shape: [Int], channelsFirst: Bool) -> Int {
    shape.count == 3 && !channelsFirst ? [2, 3, 1][axis] : axis + 1
  }

  /// Keras's kernel of a convolution, [height, width, channels / groups, filters], under oneDNN's order of dimensions.
  static func convolutionKernel(
    _ window: Window.Pair, channels: Int, filters: Int, groups: Int, _ type: ElementType = .float32
  ) throws(Failure) -> TensorLayout {
    let (height, width, channels) = (window.height, window.width, channels / groups)
    return groups == 1
      ? try TensorLayout(
        [filters, channels, height, width], type,
        strides: [1, filters, width * channels * filters, channels * filters])
      : try TensorLayout(
        [groups, filters / groups, channels, height, width], type,
        strides: [filters / groups, 1, filters, width * channels * filters, channels * filters])
  }

  /// A dense layer's kernel [inputs, units]. Over a flattened picture its rows are named by channel, height and width,
  /// so that data need no reordering.
  /// - Parameters:
  ///   - size: The dimensions of the source.
  ///   - channelsLast: Whether channels are fastest among the inputs.
  static func denseKernel(
    over size: [Int], channelsLast: Bool, units: Int, _ type: ElementType = .float32
  ) throws(Failure) -> TensorLayout {
    guard size.count == 4 else { return try TensorLayout([units, size[1]], type, strides: [1, units]) }
    return try TensorLayout(
      [units] + size.dropFirst(), type,
      strides: channelsLast
        ? [1, units, size[3] * size[1] * units, size[1] * units]
        : [1, size[2] * size[3] * units, size[3] * units, units])
  }
}
