import SystemIO

/// Operators on values that do not depend on the picture: mostly what shapes are computed from.
struct ONNXFolding {
  /// The most values of one result.
  private static let most = 1 << 24
  /// Values that the file may still have computed from constants: many times its own, so that work grows with size.
  private var left: Int

  /// - Parameter byteCount: Bytes of the file.
  init(byteCount: Int) { left = (1 << 19) + 8 * byteCount }

  /// What a node gives; nil if its operator is none of these, or an input depends on the picture.
  mutating func value(_ call: ONNXCall) throws(Failure) -> ONNXTensor? {
    switch call.node.kind {
    case "Constant": return try spend(Self.constant(call), call)
    case "Shape":
      let shape = try call.value().shape
      let place = { (number: Int) in min(max(number < 0 ? number + shape.count : number, 0), shape.count) }
      let (start, end) = (
        place(call.integer("start", else: 0)), place(call.integer("end", else: shape.count))
      )
      let part = start < end ? Array(shape[start..<end]) : []
      return ONNXTensor([part.count], integers: part)
    case "Size": return ONNXTensor([], integers: [try call.value().shape.reduce(1, *)])
    default: break
    }
    var inputs: [ONNXTensor?] = []
    for input in call.inputs {
      switch input {
      case .known(let tensor): inputs.append(tensor)
      case .computed: return nil
      case nil: inputs.append(nil)
      }
    }
    guard let first = inputs.first ?? nil else { return nil }
    guard let result = try folded(call, first, inputs) else { return nil }
    return try spend(result, call)
  }

  private mutating func spend(_ tensor: ONNXTensor, _ call: ONNXCall) throws(Failure) -> ONNXTensor {
    try call.checkRank(tensor.shape.count)
    left -= tensor.count
    guard left >= 0 else {
      throw call.refusal("too many values are computed from constants")
    }
    return tensor
  }

  private static func constant(_ call: ONNXCall) throws(Failure) -> ONNXTensor {
    let attributes = call.node.attributes
    if let tensor = attributes["value"]?.tensor { return try tensor.values(call.files) }
    if let number = attributes["value_float"]?.float { return ONNXTensor([], [number]) }
    if let number = attributes["value_int"]?.integer { return ONNXTensor([], integers: [number]) }
    if let numbers = attributes["value_floats"]?.floats { return ONNXTensor([numbers.count], numbers) }
    if let numbers = attributes["value_ints"]?.integers {
      return ONNXTensor([numbers.count], integers: numbers)
    }
    throw call.refusal("it holds no numbers")
  }

  private func folded(_ call: ONNXCall, _ first: ONNXTensor, _ inputs: [ONNXTensor?]) throws(Failure)
    -> ONNXTensor?
  {
    let kind = call.node.kind
    let rank = first.shape.count
    switch kind {
    case "Identity", "Dropout": return first
    case "Cast": return Self.cast(first, to: call.integer("to", else: 1))
    case "Squeeze", "Unsqueeze", "Reshape", "Flatten": return try shaped(call, first)
    case "Transpose":
      let order = call.list("perm") ?? first.shape.indices.reversed()
      guard order.sorted() == Array(first.shape.indices) else { throw call.refusal("perm \(order)") }
      return first.transposed(order)
    case "Gather":
      let axis = try call.axis(call.integer("axis", else: 0), rank)
      guard let wanted = inputs.count > 1 ? inputs[1] : nil, let indices = wanted.integers else {
        throw call.refusal("no indices")
      }
      let length = first.shape[axis]
      guard indices.allSatisfy({ $0 >= -length && $0 < length }) else {
        throw call.refusal("an index is not within \(length)")
      }
      let outer = first.shape[..<axis].reduce(1, *)
      let inner = first.shape[(axis + 1)...].reduce(1, *)
      _ = try product([outer, indices.count, inner], call)
      var places: [Int] = []
      for row in 0..<outer {
        for index in indices {
          let start = (row * length + (index < 0 ? index + length : index)) * inner
          places.append(contentsOf: start..<(start + inner))
        }
      }
      let shape = Array(first.shape[..<axis]) + wanted.shape + Array(first.shape[(axis + 1)...])
      return first.taking(places, shape)
    case "Slice":
      let ranges = try ONNXRange.ranges(call, first.shape)
      let steps = ONNXTensor.steps(first.shape)
      var (shape, start, apart) = (first.shape, 0, steps)
      for (axis, range) in ranges {
        shape[axis] = range.count
        start += range.start * steps[axis]
        apart[axis] *= range.step
      }
      return first.taking(ONNXTensor.indices(shape, from: start, steps: apart), shape)
    case "Concat": return try joined(call, inputs)
    case "ConstantOfShape":
      guard let sides = first.integers, sides.count <= 8 else { throw call.refusal("its input is no shape") }
      let count = try product(sides, call)
      let value = try call.node.attributes["value"]?.tensor?.values(call.files) ?? ONNXTensor([1], [0])
      guard value.count == 1 else { throw call.refusal("its value is not one number") }
      return value.taking([Int](repeating: 0, count: count), sides)
    case "Expand":
      guard let sides = (inputs.count > 1 ? inputs[1] : nil)?.integers, sides.count <= 8, first.count > 0,
        sides.allSatisfy({ $0 > 0 }),
        let shape = ModelGraph.broadcast(first.shape, sides)
      else { throw call.refusal("its shape does not fit \(first.shape)") }
      _ = try product(shape, call)
      return Self.spread(first, shape)
    case "Range": return try range(call, inputs)
    case "Where":
      let parts = inputs.compactMap { $0 }
      guard parts.count == 3, parts.allSatisfy({ $0.count > 0 }), let condition = first.integers,
        let shape = ModelGraph.broadcast(parts[1].shape, parts[2].shape).flatMap({
          ModelGraph.broadcast($0, first.shape)
        })
      else { throw call.refusal("its inputs do not fit each other") }
      _ = try product(shape, call)
      let choice = Self.spread(ONNXTensor(first.shape, integers: condition), shape).integers ?? []
      let (a, b) = (Self.spread(parts[1], shape), Self.spread(parts[2], shape))
      if let a = a.integers, let b = b.integers {
        return ONNXTensor(shape, integers: choice.indices.map { choice[$0] != 0 ? a[$0] : b[$0] })
      }
      let (x, y) = (a.numbers, b.numbers)
      return ONNXTensor(shape, choice.indices.map { choice[$0] != 0 ? x[$0] : y[$0] })
    default: break
    }
    guard inputs.allSatisfy({ $0?.count != 0 }) else { return nil }
    if let function = Self.functions[kind] {
      return ONNXTensor(first.shape, first.numbers.map(function))
    }
    if let comparison = Self.comparisons[kind], inputs.count == 2, let second = inputs[1],
      let shape = ModelGraph.broadcast(first.shape, second.shape)
    {
      _ = try product(shape, call)
      let (a, b) = (Self.spread(first, shape).numbers, Self.spread(second, shape).numbers)
      return ONNXTensor(shape, integers: a.indices.map { comparison(a[$0], b[$0]) ? 1 : 0 })
    }
    if let arithmetic = Self.arithmetic[kind], inputs.count == 2, let second = inputs[1] {
      guard let shape = ModelGraph.broadcast(first.shape, second.shape) else {
        throw call.refusal("shapes \(first.shape) and \(second.shape) differ")
      }
      _ = try product(shape, call)
      guard let result = Self.combine(arithmetic, first, second) else {
        throw call.refusal("a division by 0, or a number that is too large")
      }
      return result
    }
    return nil
  }

  /// The numbers from the first input, in steps of the third one, up to the second one, which is not among them.
  private func range(_ call: ONNXCall, _ inputs: [ONNXTensor?]) throws(Failure) -> ONNXTensor {
    let given = inputs.compactMap(\.self)
    guard given.count == 3, given.allSatisfy({ $0.count > 0 }) else {
      throw call.refusal("it is not given three numbers")
    }
    let whole = given.compactMap { $0.integers?[0] }
    guard whole.count == 3 else {
      let values = given.map { $0.numbers[0] }
      guard values[2] != 0 else { throw call.refusal("its step is 0") }
      let count = ((values[1] - values[0]) / values[2]).rounded(.up)
      guard count.isFinite, count <= Float(Self.most) else {
        throw call.refusal("a range of \(count) values")
      }
      let numbers = (0..<Int(max(0, count))).map { values[0] + Float($0) * values[2] }
      return ONNXTensor([numbers.count], numbers)
    }
    let (start, step) = (whole[0], whole[2])
    guard step != 0 else { throw call.refusal("its step is 0") }
    let (span, overflow) = whole[1].subtractingReportingOverflow(start)
    guard !overflow else { throw call.refusal("a range from \(start) to \(whole[1])") }
    let last = span.signum() == step.signum() ? (span.magnitude - 1) / step.magnitude : 0
    guard last < Self.most else { throw call.refusal("a range of more than \(Self.most) values") }
    let count = span.signum() == step.signum() ? Int(last) + 1 : 0
    // Within the span, so that nothing overflows.
    return ONNXTensor([count], integers: (0..<count).map { start + $0 * step })
  }

  private static let functions: [String: @Sendable (Float) -> Float] = [
    "Floor": { $0.rounded(.down) }, "Ceil": { $0.rounded(.up) }, "Sqrt": { $0.squareRoot() },
    "Neg": { -$0 }, "Abs": { abs($0) }, "Reciprocal": { 1 / $0 }, "Relu": { max($0, 0) },
  ]

  private static let comparisons: [String: @Sendable (Float, Float) -> Bool] = [
    "Equal": { $0 == $1 }, "Greater": { $0 > $1 }, "Less": { $0 < $1 },
  ]

  private static let arithmetic: [String: Arithmetic] = [
    "Add": .add, "Sub": .subtract, "Mul": .multiply, "Div": .divide, "Max": .maximum, "Min": .minimum,
  ]

  /// Of whole numbers whole ones; nil if shapes do not fit, a divisor is 0, or a result overflows.
  static func combine(_ kind: Arithmetic, _ first: ONNXTensor, _ second: ONNXTensor) -> ONNXTensor? {
    guard first.count > 0, second.count > 0,
      let shape = ModelGraph.broadcast(first.shape, second.shape),
      ONNXTensor.count(shape, most: most) != nil
    else { return nil }
    let (a, b) = (spread(first, shape), spread(second, shape))
    if let x = a.integers, let y = b.integers {
      var values: [Int] = []
      for (x, y) in zip(x, y) {
        let (value, overflow): (Int, Bool) =
          switch kind {
          case .add, .average: x.addingReportingOverflow(y)
          case .subtract: x.subtractingReportingOverflow(y)
          case .multiply: x.multipliedReportingOverflow(by: y)
          case .divide: x.dividedReportingOverflow(by: y)
          case .maximum: (max(x, y), false)
          case .minimum: (min(x, y), false)
          case .power: (0, true)
          }
        guard !overflow else { return nil }
        values.append(value)
      }
      return ONNXTensor(shape, integers: values)
    }
    let (x, y) = (a.numbers, b.numbers)
    return ONNXTensor(
      shape,
      x.indices.map {
        switch kind {
        case .add, .average: x[$0] + y[$0]
        case .subtract: x[$0] - y[$0]
        case .multiply: x[$0] * y[$0]
        case .divide: x[$0] / y[$0]
        case .maximum: max(x[$0], y[$0])
        case .minimum: min(x[$0], y[$0])
        case .power: .nan
        }
      })
  }

  /// A tensor repeated along axes of 1 until it has `shape`, which fits.
  private static func spread(_ tensor: ONNXTensor, _ shape: [Int]) -> ONNXTensor {
    if tensor.shape == shape { return tensor }
    let sides = [Int](repeating: 1, count: shape.count - tensor.shape.count) + tensor.shape
    let own = ONNXTensor.steps(sides)
    let steps = shape.indices.map { sides[$0] == 1 ? 0 : own[$0] }
    return tensor.taking(ONNXTensor.indices(shape, steps: steps), shape)
  }

  private static func cast(_ tensor: ONNXTensor, to type: Int) -> ONNXTensor? {
    if [1, 10, 11, 16].contains(type) { return ONNXTensor(tensor.shape, tensor.numbers) }
    guard (2...13).contains(type), type != 8 else { return nil }
    guard let values = tensor.floats else {
      return type == 9
        ? ONNXTensor(tensor.shape, integers: (tensor.integers ?? []).map { $0 == 0 ? 0 : 1 }) : tensor
    }
    guard values.allSatisfy({ abs($0) < 9e18 }) else { return nil }
    return ONNXTensor(
      tensor.shape, integers: values.map { type == 9 ? ($0 == 0 ? 0 : 1) : Int($0.rounded(.towardZero)) })
  }

  private func shaped(_ call: ONNXCall, _ tensor: ONNXTensor) throws(Failure) -> ONNXTensor {
    let shape = tensor.shape
    switch call.node.kind {
    case "Squeeze":
      let given = try call.axes(input: 1, since: 13)
      let axes =
        try given.map { (given) throws(Failure) in try call.axes(given, shape.count) }
        ?? shape.indices.filter { shape[$0] == 1 }
      guard axes.allSatisfy({ shape[$0] == 1 }) else { throw call.refusal("axes \(axes) of \(shape)") }
      return tensor.reshaped(shape.indices.filter { !axes.contains($0) }.map { shape[$0] })
    case "Unsqueeze":
      let given = try call.axes(input: 1, since: 13) ?? []
      try call.checkRank(shape.count + given.count)
      let axes = try call.axes(given, shape.count + given.count)
      var rest = shape[...]
      return tensor.reshaped(
        (0..<(shape.count + given.count)).map { axes.contains($0) ? 1 : rest.removeFirst() })
    case "Flatten":
      let axis = call.integer("axis", else: 1)
      let first = axis == shape.count ? axis : try call.axis(axis, shape.count)
      return tensor.reshaped([shape[..<first].reduce(1, *), shape[first...].reduce(1, *)])
    default:
      guard var sides = try call.integers(1), sides.count <= 8 else { throw call.refusal("no shape") }
      for index in sides.indices where sides[index] == 0 && shape.indices.contains(index) {
        sides[index] = shape[index]
      }
      let known = try product(sides.filter { $0 != -1 }, call)
      if let open = sides.firstIndex(of: -1), known > 0 { sides[open] = tensor.count / known }
      guard try product(sides, call) == tensor.count else {
        throw call.refusal("\(shape) does not fit \(sides)")
      }
      return tensor.reshaped(sides)
    }
  }

  private func joined(_ call: ONNXCall, _ inputs: [ONNXTensor?]) throws(Failure) -> ONNXTensor {
    let parts = inputs.compactMap { $0 }
    let axis = try call.axis(call.integer("axis", else: 0), parts[0].shape.count)
    var shape = parts[0].shape
    var length = 0
    for part in parts {
      guard part.shape.count == shape.count else { throw call.refusal("shapes differ") }
      shape[axis] = part.shape[axis]
      guard part.shape == shape else { throw call.refusal("\(part.shape) does not join \(shape)") }
      length += part.shape[axis]
    }
    shape[axis] = length
    let outer = shape[..<axis].reduce(1, *)
    _ = try product(shape, call)
    let isWhole = parts.allSatisfy { $0.integers != nil }
    var (floats, integers): ([Float], [Int]) = ([], [])
    for row in 0..<outer {
      for part in parts {
        let size = part.count / max(outer, 1)
        let range = (row * size)..<((row + 1) * size)
        if isWhole { integers += part.integers?[range] ?? [] } else { floats += part.numbers[range] }
      }
    }
    return isWhole ? ONNXTensor(shape, integers: integers) : ONNXTensor(shape, floats)
  }

  /// How many values a shape has.
  private func product(_ sides: [Int], _ call: ONNXCall) throws(Failure) -> Int {
    guard let count = ONNXTensor.count(sides, most: Self.most) else {
      throw call.refusal("\(sides) has a negative side, or too many values")
    }
    return count
  }
}
