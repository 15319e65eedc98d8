import SystemIO

/// Operators that combine values at the same place of several tensors.
struct ONNXArithmeticOperators: ONNXOperators {
  let layers: ONNXLayers

  func values(_ call: ONNXCall) throws(Failure) -> [ONNXValue]? {
    let kind: Arithmetic
    switch call.node.kind {
    case "Add", "Sum": kind = .add
    case "Sub": kind = .subtract
    case "Mul": kind = .multiply
    case "Div": kind = .divide
    case "Pow": kind = .power
    case "Max": kind = .maximum
    case "Min": kind = .minimum
    case "Mean": kind = .average
    default: return nil
    }
    guard !call.inputs.isEmpty, kind.takesMany || call.inputs.count == 2 else {
      throw call.refusal("it has \(call.inputs.count) inputs")
    }
    var result = try call.value(0)
    for index in 1..<max(call.inputs.count, 1) {
      result = try combine(kind == .average ? .add : kind, result, call.value(index), call)
    }
    if kind == .average, call.inputs.count > 1 {
      let share = ONNXTensor([], [1 / Float(call.inputs.count)])
      result = try combine(.multiply, result, .known(share), call)
    }
    return [result]
  }

  private func combine(_ kind: Arithmetic, _ first: ONNXValue, _ second: ONNXValue, _ call: ONNXCall)
    throws(Failure) -> ONNXValue
  {
    let rank = max(first.shape.count, second.shape.count)
    guard let shape = ModelGraph.broadcast(first.shape, second.shape) else {
      throw call.refusal("shapes \(first.shape) and \(second.shape) differ")
    }
    switch (first, second) {
    case (.computed(let value), .known(let tensor)):
      if let result = try simple(kind, value, tensor, shape) { return .computed(result) }
    case (.known(let tensor), .computed(let value)):
      let isSymmetric = kind == .add || kind == .multiply
      if isSymmetric, let result = try simple(kind, value, tensor, shape) { return .computed(result) }
    default: break
    }
    // The axes of the larger operand in its own order, and what the other one has besides.
    let values = [first, second].compactMap { if case .computed(let value) = $0 { value } else { nil } }
    guard
      let main = values.max(by: { $0.shape.reduce(1, *) < $1.shape.reduce(1, *) })
    else {
      guard case .known(let a) = first, case .known(let b) = second,
        let folded = ONNXFolding.combine(kind, a, b)
      else { throw call.refusal("constants of \(first.shape) and \(second.shape) do not combine") }
      return .known(folded)
    }
    var order = main.order.map { $0 + rank - main.shape.count }
    for axis in shape.indices where shape[axis] > 1 && !order.contains(axis) {
      order.insert(axis, at: order.firstIndex { $0 > axis } ?? order.count)
    }
    var operands: [Int] = []
    for operand in [first, second] { operands.append(try arranged(operand, rank, order)) }
    let layer = try layers.append(.arithmetic(kind), operands)
    return .computed(ONNXComputed(layer: layer, shape: shape, order: order))
  }

  /// An operand with the sides `order` of the result's axes.
  private func arranged(_ operand: ONNXValue, _ rank: Int, _ order: [Int]) throws(Failure) -> Int {
    let sides = [Int](repeating: 1, count: rank - operand.shape.count) + operand.shape
    switch operand {
    case .computed(var value):
      let added = rank - value.shape.count
      (value.shape, value.order) = (sides, value.order.map { $0 + added })
      return try layers.arranged(value, order)
    case .known(let tensor):
      if tensor.count == 1 { return try layers.constant([], tensor.numbers) }
      let left = sides.indices.filter { !order.contains($0) }
      let values = tensor.reshaped(sides).transposed(left + order).numbers
      return try layers.constant(order.map { sides[$0] }, values)
    }
  }

  /// A factor or a summand for each channel, or a power; nil if it is none of these.
  private func simple(_ kind: Arithmetic, _ value: ONNXComputed, _ tensor: ONNXTensor, _ shape: [Int])
    throws(Failure) -> ONNXComputed?
  {
    guard shape == value.shape else { return nil }
    var result = value
    let numbers = tensor.numbers
    if kind == .power, numbers.count == 1, let function = Self.power(numbers[0]) {
      result.layer = try layers.append(.activation(function), [value.layer])
      return result
    }
    let sides = [Int](repeating: 1, count: shape.count - tensor.shape.count) + tensor.shape
    guard let last = value.order.last, numbers.count == shape[last], numbers.count > 1,
      sides[last] == shape[last], [1, 3].contains(value.order.count)
    else { return nil }
    let operation: Operation
    switch kind {
    case .add: operation = .affine(scale: [1], offset: numbers)
    case .subtract: operation = .affine(scale: [1], offset: numbers.map { -$0 })
    case .multiply: operation = .affine(scale: numbers, offset: [0])
    default: return nil
    }
    result.layer = try layers.append(operation, [value.layer])
    return result
  }

  private static func power(_ exponent: Float) -> Activation? {
    switch exponent {
    case 1: .linear
    case 2: .square
    case 0.5: .squareRoot
    default: nil
    }
  }
}
