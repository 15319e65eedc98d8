import SystemIO

/// Pooling and reduction.
struct ONNXPoolingOperators: ONNXOperators {
  let layers: ONNXLayers

  func values(_ call: ONNXCall) throws(Failure) -> [ONNXValue]? {
    switch call.node.kind {
    case "MaxPool": [.computed(try pool(call, maximum: true))]
    case "AveragePool": [.computed(try pool(call, maximum: false))]
    case "GlobalAveragePool": [.computed(try poolAll(call, maximum: false))]
    case "GlobalMaxPool": [.computed(try poolAll(call, maximum: true))]
    case "ReduceMean": [.computed(try reduce(call, .mean, axesInputSince: 18))]
    case "ReduceMax": [.computed(try reduce(call, .maximum, axesInputSince: 18))]
    case "ReduceMin": [.computed(try reduce(call, .minimum, axesInputSince: 18))]
    case "ReduceSum": [.computed(try reduce(call, .sum, axesInputSince: 13))]
    default: nil
    }
  }

  private func pool(_ call: ONNXCall, maximum: Bool) throws(Failure) -> ONNXComputed {
    let value = try call.computed()
    var picture = try layers.picture(value)
    guard let kernel = call.list("kernel_shape"), kernel.count == 2 else {
      throw call.refusal("kernel_shape \(call.list("kernel_shape") ?? []) is not for pictures")
    }
    let counts = !maximum && call.flag("count_include_pad")
    var window = try ONNXWindow(call).window(
      .init(kernel[0], kernel[1]), over: layers.shape(picture), roundsUp: call.flag("ceil_mode"))
    guard window.dilation == .init(1, 1) else { throw call.refusal("dilations are not supported") }
    if counts, var padding = window.explicit, padding != Padding() {
      // The zeros around count; what is missing for a last window does not.
      let own = call.text("auto_pad", else: "NOTSET") == "NOTSET" ? try ONNXWindow(call).padding : padding
      let around = own ?? Padding()
      picture = try layers.append(
        .zeroPadding(
          top: around.top, bottom: around.bottom, left: around.left, right: around.right), [picture])
      padding = Padding(bottom: padding.bottom - around.bottom, right: padding.right - around.right)
      window.explicit = padding
    }
    let result = try layers.append(
      maximum ? .maximumPooling(window) : .averagePooling(window), [picture])
    return layers.picture(from: result)
  }

  private func poolAll(_ call: ONNXCall, maximum: Bool) throws(Failure) -> ONNXComputed {
    let value = try call.computed()
    let picture = try layers.picture(value)
    let result = try layers.append(
      maximum
        ? .globalMaximumPooling(keepingDimensions: true) : .globalAveragePooling(keepingDimensions: true),
      [picture])
    return layers.picture(from: result)
  }

  private func reduce(_ call: ONNXCall, _ kind: Reduction, axesInputSince version: Int) throws(Failure)
    -> ONNXComputed
  {
    var value = try call.computed()
    let rank = value.shape.count
    let given = try call.axes(input: 1, since: version) ?? []
    if given.isEmpty, call.flag("noop_with_empty_axes") { return value }
    let axes = given.isEmpty ? Array(0..<rank) : try call.axes(given, rank)
    let keeps = call.flag("keepdims", else: true)
    let sides = value.order.indices.filter {
      axes.contains(value.order[$0]) && value.shape[value.order[$0]] > 1
    }
    if !sides.isEmpty {
      value.layer = try layers.append(.reduction(kind, axes: sides, keepingDimensions: true), [value.layer])
    }
    for axis in axes { value.shape[axis] = 1 }
    guard !keeps else { return value }
    let left = value.shape.indices.filter { !axes.contains($0) }.map { value.shape[$0] }
    guard !left.isEmpty else { throw call.refusal("nothing but one number is left") }
    return try layers.reshaped(value, left)
  }
}
