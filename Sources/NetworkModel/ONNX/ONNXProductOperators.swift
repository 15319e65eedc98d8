import SystemIO

/// Convolutions and products: operators with weights.
struct ONNXProductOperators: ONNXOperators {
  let layers: ONNXLayers

  func values(_ call: ONNXCall) throws(Failure) -> [ONNXValue]? {
    switch call.node.kind {
    case "Conv": [.computed(try convolution(call))]
    case "ConvTranspose": [.computed(try transposedConvolution(call))]
    case "Gemm": [.computed(try general(call))]
    case "MatMul": [.computed(try product(call))]
    case "BatchNormalization": [.computed(try batchNormalization(call))]
    default: nil
    }
  }

  /// A kernel of four sides, and the bias, one value for each of `filters`.
  private func kernel(_ call: ONNXCall) throws(Failure) -> (shape: [Int], values: [Float]) {
    let kernel = try call.floats(1)
    guard kernel.shape.count == 4, kernel.shape.allSatisfy({ $0 > 0 }) else {
      throw call.refusal("its kernel of \(kernel.shape) is not for pictures")
    }
    if let sides = call.list("kernel_shape"), sides != Array(kernel.shape.suffix(2)) {
      throw call.refusal("kernel_shape \(sides) is not that of its kernel, \(kernel.shape)")
    }
    return kernel
  }

  private func bias(_ call: ONNXCall, _ filters: Int) throws(Failure) -> [Float]? {
    guard call.optional(2) != nil else { return nil }
    let values = try call.floats(2).values
    guard values.count == filters else {
      throw call.refusal("\(values.count) values of the bias for \(filters) filters")
    }
    return values
  }

  private func groups(_ call: ONNXCall) throws(Failure) -> Int {
    let groups = call.integer("group", else: 1)
    guard (1...ModelLimits.dimension).contains(groups) else {
      throw call.refusal("a group of \(groups)")
    }
    return groups
  }

  private func convolution(_ call: ONNXCall) throws(Failure) -> ONNXComputed {
    let value = try call.computed()
    let picture = try layers.picture(value)
    let (sides, values) = try kernel(call)
    let (filters, channels) = (sides[0], sides[1])
    let groups = try groups(call)
    guard channels * groups == layers.shape(picture)[2], filters % groups == 0 else {
      throw call.refusal(
        "\(groups) times \(channels) channels and \(filters) filters for \(layers.shape(picture)[2]) channels"
      )
    }
    let window = try ONNXWindow(call).window(
      .init(sides[2], sides[3]), over: layers.shape(picture))
    var weights = [
      "kernel": layers.kernel(call.node.inputs[1], "convolution") {
        // [filters, channels, height, width] to [height, width, channels, filters].
        ONNXTensor(sides, values).transposed([2, 3, 1, 0]).numbers
      }
    ]
    weights["bias"] = try bias(call, filters)
    let result = try layers.append(
      .convolution(
        filters: filters, window: window, groups: groups, bias: weights["bias"] != nil, .linear),
      [picture], weights: weights)
    return layers.picture(from: result)
  }

  private func transposedConvolution(_ call: ONNXCall) throws(Failure) -> ONNXComputed {
    let value = try call.computed()
    let picture = try layers.picture(value)
    let input = layers.shape(picture)
    let (sides, values) = try kernel(call)
    let groups = try groups(call)
    guard sides[0] == input[2], sides[0] % groups == 0 else {
      throw call.refusal("a kernel for \(sides[0]) channels in \(groups) groups on \(input[2]) channels")
    }
    let filters = sides[1] * groups
    var window = Window(
      kernel: .init(sides[2], sides[3]), strides: try call.pair("strides", 1...4096, else: 1),
      dilation: try call.pair("dilations", 1...4096, else: 1))
    var extra = try call.pair("output_padding", 0...4095, else: 0)
    let whole = (
      height: (input[0] - 1) * window.strides.height + (sides[2] - 1) * window.dilation.height + 1,
      width: (input[1] - 1) * window.strides.width + (sides[3] - 1) * window.dilation.width + 1
    )
    var padding = try ONNXWindow(call).padding ?? Padding()
    let mode = call.text("auto_pad", else: "NOTSET")
    if let size = call.list("output_shape") ?? sameSize(mode, input, window) {
      guard size.count >= 2 else { throw call.refusal("output_shape \(size)") }
      let (height, width) = (size[size.count - 2], size[size.count - 1])
      guard (1...ModelLimits.dimension).contains(height), (1...ModelLimits.dimension).contains(width) else {
        throw call.refusal("output_shape \(size)")
      }
      func split(_ length: Int, _ wanted: Int, _ extra: inout Int) -> (Int, Int) {
        let total = max(length + extra - wanted, 0)
        extra = max(extra, wanted - length)
        return mode == "SAME_UPPER" ? (total / 2, total - total / 2) : (total - total / 2, total / 2)
      }
      (padding.top, padding.bottom) = split(whole.height, height, &extra.height)
      (padding.left, padding.right) = split(whole.width, width, &extra.width)
    }
    window.explicit = padding
    var weights = [
      "kernel": layers.kernel(call.node.inputs[1], "transposed convolution \(groups)") {
        // [channels, filters, height, width] to [height, width, filters, channels].
        ONNXTensor(sides, values).transposed([2, 3, 1, 0]).numbers
      }
    ]
    weights["bias"] = try bias(call, filters)
    let result = try layers.append(
      .transposedConvolution(
        filters: filters, window: window, outputPadding: extra, groups: groups, bias: weights["bias"] != nil,
        .linear),
      [picture], weights: weights)
    return layers.picture(from: result)
  }

  private func sameSize(_ mode: String, _ input: [Int], _ window: Window) -> [Int]? {
    mode.hasPrefix("SAME_") ? [input[0] * window.strides.height, input[1] * window.strides.width] : nil
  }

  /// `alpha`·A·B + `beta`·C.
  private func general(_ call: ONNXCall) throws(Failure) -> ONNXComputed {
    let value = try call.computed()
    var (sides, values) = try call.floats(1)
    guard value.shape.count == 2, value.shape[0] == 1, sides.count == 2, !call.flag("transA") else {
      throw call.refusal("a product of \(value.shape) and \(sides) is not supported")
    }
    let isTurned = call.flag("transB")
    if isTurned { sides = [sides[1], sides[0]] }
    guard sides[0] == value.shape[1], sides[1] > 0 else {
      throw call.refusal("a matrix of \(sides) for \(value.shape)")
    }
    let (alpha, beta) = (call.float("alpha", else: 1), call.float("beta", else: 1))
    var weights = [
      "kernel": layers.kernel(call.node.inputs[1], "matrix \(isTurned) \(alpha)") {
        let matrix = isTurned ? ONNXTensor([sides[1], sides[0]], values).transposed([1, 0]).numbers : values
        return alpha == 1 ? matrix : matrix.map { $0 * alpha }
      }
    ]
    if call.optional(2) != nil {
      let addend = try call.floats(2)
      guard addend.shape.dropLast().allSatisfy({ $0 == 1 }), [1, sides[1]].contains(addend.values.count)
      else { throw call.refusal("a summand of \(addend.shape) for \(sides[1]) values") }
      weights["bias"] = (0..<sides[1]).map { beta * addend.values[addend.values.count == 1 ? 0 : $0] }
    }
    let row = try layers.arranged(value, [1])
    let result = try layers.append(
      .dense(units: sides[1], bias: weights["bias"] != nil, .linear), [row], weights: weights)
    return ONNXComputed(layer: result, shape: [1, sides[1]], order: [1])
  }

  /// Along the last axis, with a matrix that is known.
  private func product(_ call: ONNXCall) throws(Failure) -> ONNXComputed {
    var value = try call.computed()
    let (sides, values) = try call.floats(1)
    let last = value.shape.count - 1
    guard last >= 1, sides.count >= 2, sides.dropLast(2).allSatisfy({ $0 == 1 }),
      sides.count <= value.shape.count, sides[sides.count - 2] == value.shape[last],
      sides[sides.count - 1] > 0
    else { throw call.refusal("a product of \(value.shape) and \(sides) is not supported") }
    value = try layers.ending(value, in: last)
    let units = sides[sides.count - 1]
    value.layer = try layers.append(
      .dense(units: units, bias: false, .linear), [value.layer], weights: ["kernel": values])
    value.shape[last] = units
    return value
  }

  private func batchNormalization(_ call: ONNXCall) throws(Failure) -> ONNXComputed {
    guard !call.flag("training_mode") else { throw call.refusal("training_mode is not supported") }
    let value = try call.computed()
    guard value.shape.count >= 2 else { throw call.refusal("it has no channels: \(value.shape)") }
    let channels = try value.shape.count == 4 ? pictureOf(value) : layers.ending(value, in: 1)
    var weights: [String: [Float]] = [:]
    for (index, name) in ["gamma", "beta", "moving_mean", "moving_variance"].enumerated() {
      weights[name] = try call.floats(index + 1).values
    }
    let operation = Operation.batchNormalization(
      epsilon: call.float("epsilon", else: 1e-5), momentum: call.float("momentum", else: 0.9), center: true,
      scale: true)
    var result = channels
    result.layer = try layers.append(operation, [channels.layer], weights: weights)
    return result
  }

  private func pictureOf(_ value: ONNXComputed) throws(Failure) -> ONNXComputed {
    var result = value
    (result.layer, result.order) = (try layers.picture(value), ONNXLayers.pictureOrder)
    return result
  }
}
