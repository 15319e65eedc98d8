import SystemIO

extension ModelGraph {
  /// Height, width and channels of a picture's shape in this model's data format.
  package func picture(_ shape: [Int]) -> (height: Int, width: Int, channels: Int) {
    channelsFirst ? (shape[1], shape[2], shape[0]) : (shape[0], shape[1], shape[2])
  }

  /// A picture's shape in this model's data format.
  package func shape(_ height: Int, _ width: Int, _ channels: Int) -> [Int] {
    channelsFirst ? [channels, height, width] : [height, width, channels]
  }

  /// The same network for pictures of another size, with the same weights.
  /// - Throws: ``Failure`` (`badInput`) naming a layer that does not fit the size, or whose weights depend on it.
  package func resized(height: Int, width: Int) throws(Failure) -> ModelGraph {
    var graph = self
    guard inputShape.count == 3 else {
      throw Failure(.badInput, step: "shape", cause: "the input \(inputShape) is no picture")
    }
    try graph.inferShapes(shape(height, width, picture(inputShape).channels))
    for (index, layer) in layers.enumerated() {
      guard graph.layers[index].weights.map(\.shape) == layer.weights.map(\.shape) else {
        throw Failure(
          .badInput, step: "shape", subject: "layer \(layer.name)",
          cause: "its weights are for pictures of one size")
      }
      graph.layers[index].weights = layer.weights
    }
    return graph
  }

  mutating func inferShapes(_ inputShape: [Int]) throws(Failure) {
    var parameters = 0
    for index in layers.indices {
      do throws(Failure) {
        try inferShape(index, inputShape, &parameters)
      } catch {
        throw error.within("layer \(layers[index].name)")
      }
    }
  }

  /// Appends a layer whose inputs are there, with room for its weights.
  /// - Parameter parameters: How many values all weights so far hold.
  /// - Throws: ``Failure`` (`badInput`) if it does not fit its inputs or a limit.
  mutating func append(_ layer: Layer, parameters: inout Int) throws(Failure) -> Int {
    layers.append(layer)
    try inferShape(layers.count - 1, [], &parameters)
    return layers.count - 1
  }

  private mutating func inferShape(_ index: Int, _ inputShape: [Int], _ parameters: inout Int) throws(Failure)
  {
    let layer = layers[index]
    let inputs = layer.inputs.map { layers[$0].shape }
    let shape: [Int]
    switch layer.operation {
    case .input: shape = inputShape
    case .constant(let constant): shape = constant.shape
    default: shape = try self.shape(of: layer, inputs)
    }
    try checkLimits(shape)
    let weights = weights(of: layer.operation, inputs)
    for weight in weights {
      var count = 1
      for side in weight.shape {
        let (product, overflow) = count.multipliedReportingOverflow(by: side)
        guard !overflow, product <= ModelLimits.parameters - parameters else {
          throw Failure(
            .badInput, step: "shape", cause: "more than \(ModelLimits.parameters) weights in the model")
        }
        count = product
      }
      parameters += count
    }
    layers[index].shape = shape
    layers[index].weights = weights
  }

  func checkLimits(_ shape: [Int]) throws(Failure) {
    var count = 1
    for side in shape {
      guard side > 0, side <= ModelLimits.dimension else {
        throw Failure(
          .badInput, step: "shape", cause: "\(shape) has a side outside 1…\(ModelLimits.dimension)")
      }
      count *= side
      guard count <= ModelLimits.activations else {
        throw Failure(
          .badInput, step: "shape", cause: "\(shape) has more than \(ModelLimits.activations) values")
      }
    }
  }

  private func shape(of layer: Layer, _ inputs: [[Int]]) throws(Failure) -> [Int] {
    guard let first = inputs.first else { throw Failure(.badInput, step: "shape", cause: "no input") }
    switch layer.operation {
    case .input, .identity, .constant, .activation: return first
    case .dropout(_, let together):
      for axis in together { _ = try Self.axis(axis, rank: first.count) }
      return first
    case .affine(let scale, let offset):
      let channels = try channels(of: first)
      for values in [scale, offset] where values.count != 1 && values.count != channels {
        throw Failure(
          .badInput, step: "shape",
          cause: "\(values.count) factors or offsets for \(channels) channels (one for all, or one for each)")
      }
      return first
    case .normalization, .batchNormalization:
      guard first.count != 2 || !channelsFirst else {
        throw Failure(.badInput, step: "shape", cause: "\(first) in a channels_first model is not supported")
      }
      return first
    case .flatten: return [first.reduce(1, *)]
    case .dense(let units, _, _):
      // It multiplies along the last side, of what is no row too.
      guard first.count == 1 || [2, 3].contains(first.count) && !channelsFirst else {
        throw Failure(.badInput, step: "shape", cause: "Dense on \(first) is not supported")
      }
      return first.dropLast() + [units]
    case .convolution(let filters, let window, let groups, _, _):
      let channels = try pictureOnly(first).channels
      guard channels % groups == 0, filters % groups == 0 else {
        throw Failure(
          .badInput, step: "shape",
          cause: "\(groups) groups do not divide \(channels) channels and \(filters) filters")
      }
      return try moved(window, over: first, channels: filters)
    case .depthwiseConvolution(let multiplier, let window, _, _):
      return try moved(window, over: first, channels: product(try pictureOnly(first).channels, multiplier))
    case .separableConvolution(let filters, let multiplier, let window, _, _):
      // What lies between its two convolutions has to fit as well.
      let between = try product(try pictureOnly(first).channels, multiplier)
      try checkLimits(try moved(window, over: first, channels: between))
      return try moved(window, over: first, channels: filters)
    case .maximumPooling(let window), .averagePooling(let window):
      return try moved(window, over: first, channels: try pictureOnly(first).channels)
    case .globalMaximumPooling(let keeping), .globalAveragePooling(let keeping):
      let channels = try pictureOnly(first).channels
      return keeping ? shape(1, 1, channels) : [channels]
    case .zeroPadding(let top, let bottom, let left, let right):
      let (height, width, channels) = try pictureOnly(first)
      return shape(height + top + bottom, width + left + right, channels)
    case .arithmetic(let kind): return try combined(layer, kind, inputs)
    case .concatenate(let axis): return try concatenated(inputs, axis)
    case .reduction, .reshape, .transpose, .slice, .centerCrop, .resize:
      return try arranged(layer.operation, first)
    case .transposedConvolution(let filters, let window, let padding, let groups, _, _):
      let (height, width, channels) = try pictureOnly(first)
      guard channels % groups == 0, filters % groups == 0 else {
        throw Failure(
          .badInput, step: "shape",
          cause: "\(groups) groups do not divide \(channels) channels and \(filters) filters")
      }
      func extent(
        _ length: Int, _ kernel: Int, _ stride: Int, _ dilation: Int, _ padding: Int?, _ explicit: Int?
      ) throws(Failure) -> Int {
        let reach = (kernel - 1) * dilation + 1
        let result =
          explicit.map { (length - 1) * stride + reach + (padding ?? 0) - $0 }
          ?? (window.same
            ? padding.map { (length - 1) * stride + reach % 2 + $0 } ?? length * stride
            : (length - 1) * stride + (padding.map { reach + $0 } ?? max(reach, stride)))
        // The convolution that it is the transpose of has to lead back.
        guard
          result > 0,
          Window.extent(
            result + (explicit ?? 0), kernel: kernel, stride: stride, dilation: dilation,
            same: window.same && explicit == nil)?
            .outputs == length
        else {
          throw Failure(
            .badInput, step: "shape", cause: "output_padding does not fit \(kernel), \(stride) and \(length)")
        }
        return result
      }
      let sides = shape(
        try extent(
          height, window.kernel.height, window.strides.height, window.dilation.height, padding?.height,
          window.explicit.map { $0.top + $0.bottom }),
        try extent(
          width, window.kernel.width, window.strides.width, window.dilation.width, padding?.width,
          window.explicit.map { $0.left + $0.right }),
        filters)
      return sides
    case .layerNormalization(let axes, _, _, _), .unitNormalization(let axes, _),
      .rootMeanSquareNormalization(let axes, _):
      let sides = try Self.axes(axes, rank: first.count)
      guard sides == Array((first.count - sides.count)..<first.count) else {
        throw Failure(.badInput, step: "shape", cause: "axes \(axes) are not supported (only the last ones)")
      }
      return first
    case .groupNormalization(let groups, _, _, _):
      let channels = try channels(of: first)
      guard groups == 0 || channels % groups == 0 else {
        throw Failure(.badInput, step: "shape", cause: "\(groups) groups do not divide \(channels) channels")
      }
      return first
    case .parametricRelu(let shared):
      _ = try Self.axes(shared, rank: first.count)
      return first
    case .channelScale:
      guard first.count != 3 || !channelsFirst else {
        throw Failure(.badInput, step: "shape", cause: "only channels_last is supported")
      }
      return first
    }
  }

  /// The side that names the channels: a picture's, or the last.
  private func channels(of shape: [Int]) throws(Failure) -> Int {
    if shape.count == 3 { return picture(shape).channels }
    guard let last = shape.last else { throw Failure(.badInput, step: "shape", cause: "it has no sides") }
    return last
  }

  func pictureOnly(_ shape: [Int]) throws(Failure) -> (height: Int, width: Int, channels: Int) {
    guard shape.count == 3 else {
      throw Failure(.badInput, step: "shape", cause: "needs a picture (3 dimensions), has \(shape)")
    }
    return picture(shape)
  }

  private func product(_ a: Int, _ b: Int) throws(Failure) -> Int {
    let (product, overflow) = a.multipliedReportingOverflow(by: b)
    guard !overflow else { throw Failure(.badInput, step: "shape", cause: "\(a)·\(b) is too large") }
    return product
  }

  private func moved(_ window: Window, over shape: [Int], channels: Int) throws(Failure) -> [Int] {
    let (height, width, _) = try pictureOnly(shape)
    guard let rows = window.rows(over: height), let columns = window.columns(over: width) else {
      throw Failure(
        .badInput, step: "shape",
        cause: "a \(window.kernel.height)x\(window.kernel.width) window does not fit into \(height)x\(width)")
    }
    return self.shape(rows.outputs, columns.outputs, channels)
  }

  /// The weights that an operation has, empty, in Keras 3's order.
  private func weights(of operation: Operation, _ inputs: [[Int]]) -> [Weight] {
    guard let input = inputs.first else { return [] }
    let channels = input.count == 3 ? picture(input).channels : input.last ?? 1
    var weights: [Weight] = []
    func add(_ name: String, _ shape: [Int], if present: Bool = true) {
      if present { weights.append(Weight(name: name, shape: shape)) }
    }
    switch operation {
    case .convolution(let filters, let window, let groups, let bias, _):
      add("kernel", [window.kernel.height, window.kernel.width, channels / groups, filters])
      add("bias", [filters], if: bias)
    case .depthwiseConvolution(let multiplier, let window, let bias, _):
      add("kernel", [window.kernel.height, window.kernel.width, channels, multiplier])
      add("bias", [channels * multiplier], if: bias)
    case .separableConvolution(let filters, let multiplier, let window, let bias, _):
      add("depthwise_kernel", [window.kernel.height, window.kernel.width, channels, multiplier])
      add("pointwise_kernel", [1, 1, channels * multiplier, filters])
      add("bias", [filters], if: bias)
    case .batchNormalization(_, _, let center, let scale):
      add("gamma", [channels], if: scale)
      add("beta", [channels], if: center)
      add("moving_mean", [channels])
      add("moving_variance", [channels])
    case .normalization(let perChannel, _):
      add("mean", perChannel ? [channels] : [])
      add("variance", perChannel ? [channels] : [])
      add("count", [])
    case .dense(let units, let bias, _):
      add("kernel", [input.last ?? 1, units])
      add("bias", [units], if: bias)
    case .transposedConvolution(let filters, let window, _, let groups, let bias, _):
      add("kernel", [window.kernel.height, window.kernel.width, filters / groups, channels])
      add("bias", [filters], if: bias)
    case .layerNormalization(let axes, _, let center, let scale):
      add("gamma", Array(input.suffix(axes.count)), if: scale)
      add("beta", Array(input.suffix(axes.count)), if: center)
    case .rootMeanSquareNormalization(let axes, _): add("scale", Array(input.suffix(axes.count)))
    case .groupNormalization(_, _, let center, let scale):
      add("gamma", [channels], if: scale)
      add("beta", [channels], if: center)
    case .parametricRelu(let shared):
      let together = (try? Self.axes(shared, rank: input.count)) ?? []
      add("alpha", input.indices.map { together.contains($0) ? 1 : input[$0] })
    case .channelScale: add("gamma", [channels])
    default: break
    }
    return weights
  }
}
