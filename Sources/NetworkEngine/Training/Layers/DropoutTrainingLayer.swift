import SystemIO

/// Dropout, which oneDNN does not do: a loop over our own memory.
struct DropoutTrainingLayer: TrainingLayers {
  let context: TrainingContext

  /// Each value is kept with probability 1 - `rate` and divided by that, as in Keras. What is dropped depends on the
  /// step's seed, the layer and the value's position alone, so nothing is kept for the backward part.
  func dropout(_ index: Int, _ rate: Float, _ together: [Int]) throws(Failure) -> Value {
    let node = graph.nodes[index]
    if !together.isEmpty { return try dropoutTogether(index, rate, together) }
    let source = try tape.input(index)
    // A layer that is called twice drops differently each time.
    let mask = DropoutMask(rate: rate, stream: UInt64(index))
    let isInPlace = canOverwrite(node.inputs[0])
    let result = isInPlace ? source : try plan.value(source.layout, source.type)
    let (from, to, type, threads) = (source.slot, result.slot, source.type, context.threads)
    plan.append(
      node.name,
      .loop { plan, context in
        mask.apply(
          seed: context.seed, from: plan.bytes(from), to: plan.bytes(to), byteCount: plan.byteCount(from),
          type, threads)
      }, touching: [from, to])
    // Of rectified values, those that are not 0 were neither dropped nor cut off: one look decides both.
    let isRectified = isInPlace && tape.pendingRelu[node.inputs[0]] == 0
    if isRectified { tape.pendingRelu[node.inputs[0]] = nil }
    tape.onGradient(of: index) { (gradient: Gradient) throws(Failure) in
      let incoming = try tape.arranged(gradient, in: result.layout, result.type, node.name)
      let outgoing = try tape.room(for: incoming)
      let (from, to, values) = (incoming.value.slot, outgoing.slot, result.slot)
      plan.append(
        node.name + " (backward)",
        .loop { plan, context in
          if isRectified {
            mask.pass(
              where: plan.bytes(values), from: plan.bytes(from), to: plan.bytes(to),
              byteCount: plan.byteCount(from), type, threads)
          } else {
            mask.apply(
              seed: context.seed, from: plan.bytes(from), to: plan.bytes(to),
              byteCount: plan.byteCount(from), type, threads)
          }
        }, touching: [from, to, values])
      try tape.contribute(Gradient(value: outgoing, isExclusive: true), toInputOf: index)
    }
    return result
  }

  /// One decision for all values along some sides: a mask of a smaller shape, which the values are multiplied with.
  private func dropoutTogether(_ index: Int, _ rate: Float, _ together: [Int]) throws(Failure) -> Value {
    let node = graph.nodes[index]
    let (source, shape) = try context.natural(index)
    let result = try plan.value(source.layout, .float32)
    let small = shape.enumerated().map { together.contains($0.offset - 1) ? 1 : $0.element }
    let mask = try plan.value(.plain([small.reduce(1, *)]), .float32)
    let walk = Broadcast(shape, shape, small)
    let dropout = DropoutMask(rate: rate, stream: UInt64(index))
    let (from, to, factors, threads) = (source.slot, result.slot, mask.slot, context.threads)
    let count = small.reduce(1, *)
    plan.append(
      node.name,
      .loop { plan, context in
        let values = plan.floats(factors)
        values.update(repeating: 1, count: count)
        dropout.apply(
          seed: context.seed, from: plan.bytes(factors), to: plan.bytes(factors),
          byteCount: count * MemoryLayout<Float>.stride, .float32, threads)
        walk.combine(.multiply, plan.floats(from), values, plan.floats(to), threads)
      }, touching: [from, to, factors])
    tape.onGradient(of: index) { (gradient: Gradient) throws(Failure) in
      let incoming = try context.natural(gradient, source.dimensions, node.name)
      let outgoing = try plan.value(source.layout, .float32)
      let (arriving, leaving) = (incoming.value.slot, outgoing.slot)
      plan.append(
        node.name + " (backward)",
        .loop { plan, _ in
          walk.combine(
            .multiply, plan.floats(arriving), plan.floats(factors), plan.floats(leaving), threads)
        }, touching: [arriving, leaving, factors])
      try tape.contribute(Gradient(value: outgoing, isExclusive: true), toInputOf: index)
    }
    return result
  }

  /// True if a node's result is not needed once its only reader has read it, by its own gradient least of all. (A
  /// rectifier's looks at it, but where a value was dropped there is no gradient left.)
  private func canOverwrite(_ index: Int) -> Bool {
    let node = graph.nodes[index]
    guard node.readers == 1 else { return false }
    switch node.kind {
    case .input, .softmax, .reduction, .constant, .parameter: return false
    case .flatten, .reshape: return canOverwrite(node.inputs[0])
    default: return true
    }
  }
}
