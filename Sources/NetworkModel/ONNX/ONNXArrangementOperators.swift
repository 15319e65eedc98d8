import SystemIO

/// Operators that move, cut or join values.
struct ONNXArrangementOperators: ONNXOperators {
  let layers: ONNXLayers

  func values(_ call: ONNXCall) throws(Failure) -> [ONNXValue]? {
    switch call.node.kind {
    case "Identity", "Dropout": return [try call.value()]
    case "Cast":
      let type = call.integer("to", else: 1)
      guard [1, 10, 11, 16].contains(type) else {
        throw call.refusal(
          "what depends on the picture is cast to \(ONNXTensorData.typeName(type)), not supported")
      }
      return [try call.value()]
    case "Reshape": return [.computed(try reshape(call))]
    case "Flatten":
      let value = try call.computed()
      let axis = call.integer("axis", else: 1)
      let first = axis == value.shape.count ? axis : try call.axis(axis, value.shape.count)
      let sides = [value.shape[..<first].reduce(1, *), value.shape[first...].reduce(1, *)]
      return [.computed(try layers.reshaped(value, sides))]
    case "Squeeze": return [.computed(try squeeze(call))]
    case "Unsqueeze": return [.computed(try unsqueeze(call))]
    case "Transpose": return [.computed(try transpose(call))]
    case "Slice": return [.computed(try slice(call))]
    case "Gather": return [.computed(try gather(call))]
    case "Split": return try split(call)
    case "Concat": return [.computed(try concatenate(call))]
    case "Pad": return [.computed(try pad(call))]
    default: return nil
    }
  }

  private func reshape(_ call: ONNXCall) throws(Failure) -> ONNXComputed {
    let value = try call.computed()
    guard var sides = try call.operatorSet < 5 ? call.list("shape") : call.integers(1), sides.count <= 8
    else {
      throw call.refusal("no shape, or one of more than 8 sides")
    }
    if !call.flag("allowzero") {
      for index in sides.indices where sides[index] == 0 {
        guard index < value.shape.count else { throw call.refusal("\(sides) has a 0 beyond \(value.shape)") }
        sides[index] = value.shape[index]
      }
    }
    let count = value.shape.reduce(1, *)
    var known = 1
    for side in sides where side != -1 {
      guard side > 0, side <= count / known else {
        throw call.refusal("\(value.shape) does not fit \(sides)")
      }
      known *= side
    }
    if let open = sides.firstIndex(of: -1) { sides[open] = count / known }
    guard sides.allSatisfy({ $0 > 0 }), sides.reduce(1, *) == count else {
      throw call.refusal("\(value.shape) does not fit \(sides)")
    }
    return try layers.reshaped(value, sides)
  }

  private func squeeze(_ call: ONNXCall) throws(Failure) -> ONNXComputed {
    let value = try call.computed()
    let given = try call.axes(input: 1, since: 13)
    let axes =
      try given.map { (given) throws(Failure) in try call.axes(given, value.shape.count) }
      ?? value.shape.indices.filter { value.shape[$0] == 1 }
    guard axes.allSatisfy({ value.shape[$0] == 1 }) else {
      throw call.refusal("axes \(axes) of \(value.shape) are not all 1")
    }
    return try layers.reshaped(
      value, value.shape.indices.filter { !axes.contains($0) }.map { value.shape[$0] })
  }

  private func unsqueeze(_ call: ONNXCall) throws(Failure) -> ONNXComputed {
    let value = try call.computed()
    guard let given = try call.axes(input: 1, since: 13) else { throw call.refusal("no axes") }
    try call.checkRank(value.shape.count + given.count)
    let axes = try call.axes(given, value.shape.count + given.count)
    var rest = value.shape[...]
    return try layers.reshaped(
      value, (0..<(value.shape.count + given.count)).map { axes.contains($0) ? 1 : rest.removeFirst() })
  }

  private func transpose(_ call: ONNXCall) throws(Failure) -> ONNXComputed {
    var value = try call.computed()
    let order = call.list("perm") ?? value.shape.indices.reversed()
    guard order.sorted() == Array(value.shape.indices) else {
      throw call.refusal("perm \(order) does not order \(value.shape)")
    }
    // Nothing moves: axes get other numbers.
    value.order = value.order.map { order.firstIndex(of: $0)! }
    value.shape = order.map { value.shape[$0] }
    return value
  }

  /// The part of `value` that `ranges` leaves of its axes.
  private func part(_ value: ONNXComputed, _ ranges: [Int: ONNXRange]) throws(Failure) -> ONNXComputed {
    var result = value
    var slices: [Slice] = []
    for axis in value.order {
      let range = ranges[axis] ?? ONNXRange(whole: value.shape[axis])
      slices.append(Slice(start: range.start, stop: range.end, step: range.step))
    }
    for (axis, range) in ranges { result.shape[axis] = range.count }
    if result.shape != value.shape { result.layer = try layers.append(.slice(slices), [value.layer]) }
    return result
  }

  private func slice(_ call: ONNXCall) throws(Failure) -> ONNXComputed {
    let value = try call.computed()
    return try part(value, ONNXRange.ranges(call, value.shape))
  }

  /// One index of an axis, which is left out, or several that follow each other.
  private func gather(_ call: ONNXCall) throws(Failure) -> ONNXComputed {
    let value = try call.computed()
    let axis = try call.axis(call.integer("axis", else: 0), value.shape.count)
    guard let indices = try call.integers(1), let first = indices.first else {
      throw call.refusal("no indices")
    }
    let length = value.shape[axis]
    let start = first < 0 ? first + length : first
    // In this order nothing overflows, whatever numbers the file has.
    guard start >= 0, start < length, indices.count <= length - start,
      indices.enumerated().allSatisfy({ ($1 < 0 ? $1 + length : $1) == start + $0 })
    else { throw call.refusal("indices that do not follow each other are not supported") }
    let result = try part(value, [axis: ONNXRange(start: start, count: indices.count)])
    let shape = try call.known(1).shape
    try call.checkRank(value.shape.count - 1 + shape.count)
    return shape.count == 1
      ? result
      : try layers.reshaped(
        result, Array(value.shape[..<axis]) + shape + Array(value.shape[(axis + 1)...]))
  }

  private func split(_ call: ONNXCall) throws(Failure) -> [ONNXValue] {
    let value = try call.computed()
    let axis = try call.axis(call.integer("axis", else: 0), value.shape.count)
    let (length, parts) = (value.shape[axis], call.node.outputs.count)
    let share = (length + parts - 1) / max(parts, 1)
    let sizes =
      try call.axes("split", input: 1, since: 13)
      ?? (0..<parts).map { min(share, length - $0 * share) }
    guard sizes.count == parts, sizes.allSatisfy({ $0 > 0 && $0 <= length }), sizes.reduce(0, +) == length
    else {
      throw call.refusal("\(sizes) are not \(parts) parts of \(length)")
    }
    var start = 0
    var results: [ONNXValue] = []
    for size in sizes {
      results.append(.computed(try part(value, [axis: ONNXRange(start: start, count: size)])))
      start += size
    }
    return results
  }

  private func concatenate(_ call: ONNXCall) throws(Failure) -> ONNXComputed {
    var main: ONNXComputed?
    for input in call.inputs { if case .computed(let value) = input, main == nil { main = value } }
    guard var result = main else { throw call.refusal("it has no inputs") }
    let axis = try call.axis(call.integer("axis", else: 0), result.shape.count)
    result = try layers.having(result, axis)
    var operands: [Int] = []
    var length = 0
    var expected = result.shape
    for index in call.inputs.indices {
      let input = try call.value(index)
      let shape = input.shape
      guard shape.count == expected.count else { throw call.refusal("\(shape) does not join \(expected)") }
      expected[axis] = shape[axis]
      guard shape == expected else { throw call.refusal("\(shape) does not join \(expected)") }
      length += shape[axis]
      switch input {
      case .computed(let value): operands.append(try layers.arranged(value, result.order))
      case .known(let tensor):
        let left = shape.indices.filter { !result.order.contains($0) }
        operands.append(
          try layers.constant(
            result.order.map { shape[$0] }, tensor.transposed(left + result.order).numbers))
      }
    }
    result.shape[axis] = length
    if operands.count > 1 {
      result.layer = try layers.append(
        .concatenate(axis: result.order.firstIndex(of: axis)), operands)
    }
    return result
  }

  /// One number around, on any axes. Each axis is padded as the columns of a picture.
  private func pad(_ call: ONNXCall) throws(Failure) -> ONNXComputed {
    var value = try call.computed()
    let rank = value.shape.count
    guard let pads = try call.operatorSet < 11 ? call.list("pads") ?? call.list("paddings") : call.integers(1)
    else { throw call.refusal("no pads") }
    let axes =
      try call.operatorSet < 18 || call.optional(3) == nil
      ? Array(0..<rank) : call.axes(call.integers(3) ?? [], rank)
    guard pads.count == 2 * axes.count, pads.allSatisfy((0...4096).contains) else {
      throw call.refusal("pads \(pads) are not two numbers from 0 to 4096 for each axis")
    }
    let mode = call.text("mode", else: "constant")
    guard pads.contains(where: { $0 > 0 }) else { return value }
    guard mode == "constant" else { throw call.refusal("mode \(mode) is not supported") }
    var number = call.float("value", else: 0)
    if call.operatorSet >= 11, call.optional(2) != nil { number = try call.floats(2).values.first ?? 0 }
    guard number.isFinite else { throw call.refusal("a padding of \(number) is not supported") }
    if number != 0 {
      value.layer = try layers.append(
        .activation(.scaled(scale: 1, offset: -number)), [value.layer])
    }
    func extent(_ axis: Int) -> (before: Int, after: Int) {
      axes.firstIndex(of: axis).map { (pads[$0], pads[$0 + axes.count]) } ?? (0, 0)
    }
    for axis in axes where extent(axis) != (0, 0) { value = try layers.having(value, axis) }
    let sides = value.order.map { extent($0) }
    if value.order.count == 3, sides[2] == (0, 0) {
      value.layer = try layers.append(
        .zeroPadding(
          top: sides[0].before, bottom: sides[0].after, left: sides[1].before, right: sides[1].after),
        [value.layer])
      for (axis, side) in zip(value.order, sides) { value.shape[axis] += side.before + side.after }
    } else {
      for (index, side) in sides.enumerated() where side != (0, 0) {
        let own = value.order.map { value.shape[$0] }
        let flat = [own[..<index].reduce(1, *), own[index], own[(index + 1)...].reduce(1, *)]
        let picture = try layers.append(.reshape(flat), [value.layer])
        let padded = try layers.append(
          .zeroPadding(top: 0, bottom: 0, left: side.before, right: side.after), [picture])
        value.shape[value.order[index]] += side.before + side.after
        value.layer = try layers.append(.reshape(value.order.map { value.shape[$0] }), [padded])
      }
    }
    if number != 0 {
      value.layer = try layers.append(.activation(.scaled(scale: 1, offset: number)), [value.layer])
    }
    return value
  }
}
