import SystemIO

/// Functions of each value, and softmax.
struct ONNXActivationOperators: ONNXOperators {
  let layers: ONNXLayers

  func values(_ call: ONNXCall) throws(Failure) -> [ONNXValue]? {
    if let functions = try functions(call) {
      var value = try call.computed()
      for function in functions { value.layer = try layers.append(.activation(function), [value.layer]) }
      return [.computed(value)]
    }
    switch call.node.kind {
    case "PRelu": return [.computed(try parametricRelu(call))]
    case "Softmax": return [.computed(try softmax(call, .softmax))]
    case "LogSoftmax": return [.computed(try softmax(call, .logSoftmax))]
    default: return nil
    }
  }

  /// The functions that an operator applies in turn; nil if it does none of these.
  private func functions(_ call: ONNXCall) throws(Failure) -> [Activation]? {
    let alpha = call.node.attributes["alpha"]?.float
    switch call.node.kind {
    case "Relu": return [.relu()]
    case "LeakyRelu": return [.relu(slope: alpha ?? 0.01)]
    case "Clip": return try clip(call)
    case "Sigmoid": return [.sigmoid]
    case "HardSigmoid":
      return [
        .scaled(scale: alpha ?? 0.2, offset: call.float("beta", else: 0.5)), .clipped(minimum: 0, maximum: 1),
      ]
    case "HardSwish": return [.hardSilu]
    case "Tanh": return [.tanh]
    case "Elu": return [.elu(alpha: alpha ?? 1)]
    case "Selu":
      guard alpha == nil, call.node.attributes["gamma"] == nil else {
        throw call.refusal("alpha and gamma are not supported")
      }
      return [.selu]
    case "Celu": return [.celu(alpha: alpha ?? 1)]
    case "Softplus": return [.softplus]
    case "Softsign": return [.softsign]
    case "Mish": return [.mish]
    case "Gelu": return [.gelu(approximate: call.text("approximate", else: "none") == "tanh")]
    case "Exp": return [.exponential]
    case "Log": return [.logarithm]
    case "Sqrt": return [.squareRoot]
    case "Abs": return [.absolute]
    case "Neg": return [.scaled(scale: -1, offset: 0)]
    case "Reciprocal": return [.raised(exponent: -1)]
    default: return nil
    }
  }

  /// Bounds are attributes before version 11, and inputs since.
  private func clip(_ call: ONNXCall) throws(Failure) -> [Activation] {
    var bounds: [Float?] = [call.node.attributes["min"]?.float, call.node.attributes["max"]?.float]
    for index in [0, 1] where call.operatorSet >= 11 && call.optional(index + 1) != nil {
      let values = try call.floats(index + 1).values
      guard values.count == 1 else { throw call.refusal("its bounds are no single numbers") }
      bounds[index] = values[0]
    }
    let (minimum, maximum) = (
      bounds[0] ?? -.greatestFiniteMagnitude, bounds[1] ?? .greatestFiniteMagnitude
    )
    if minimum == 0, bounds[1] == nil { return [.relu()] }
    return [.clipped(minimum: minimum, maximum: maximum)]
  }

  private func parametricRelu(_ call: ONNXCall) throws(Failure) -> ONNXComputed {
    var value = try call.computed()
    let (shape, values) = try call.floats(1)
    if values.count == 1 {
      value.layer = try layers.append(.activation(.relu(slope: values[0])), [value.layer])
      return value
    }
    guard shape.count <= value.shape.count else {
      throw call.refusal("slopes of \(shape) for \(value.shape)")
    }
    let sides = [Int](repeating: 1, count: value.shape.count - shape.count) + shape
    for axis in sides.indices where sides[axis] > 1 {
      guard sides[axis] == value.shape[axis], value.order.contains(axis) else {
        throw call.refusal("slopes of \(shape) for \(value.shape)")
      }
    }
    let shared = value.order.indices.filter { sides[value.order[$0]] == 1 }
    let left = sides.indices.filter { !value.order.contains($0) }
    value.layer = try layers.append(
      .parametricRelu(sharedAxes: shared), [value.layer],
      weights: ["alpha": ONNXTensor(sides, values).transposed(left + value.order).numbers])
    return value
  }

  /// Along one axis; before version 13 along it and all after it.
  private func softmax(_ call: ONNXCall, _ activation: Activation) throws(Failure) -> ONNXComputed {
    let value = try call.computed()
    let rank = value.shape.count
    let axis = try call.axis(call.integer("axis", else: call.operatorSet < 13 ? 1 : -1), rank)
    let together = call.operatorSet < 13 ? Array(axis..<rank) : [axis]
    let long = together.filter { value.shape[$0] > 1 }
    if long.count <= 1 {
      var result = try layers.ending(layers.having(value, long.first ?? axis), in: long.first ?? axis)
      result.layer = try layers.append(.activation(activation), [result.layer])
      return result
    }
    let rows = try layers.reshaped(
      value, [1, value.shape[..<axis].reduce(1, *), value.shape[axis...].reduce(1, *)])
    var flat = try layers.ending(rows, in: 2)
    flat.layer = try layers.append(.activation(activation), [flat.layer])
    return try layers.reshaped(flat, value.shape)
  }
}
