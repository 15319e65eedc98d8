import COneDNN
import NetworkModel
import SystemIO

/// Layers that oneDNN does not have, forward and backward, in Keras's order of values.
struct LoopTrainingLayers: TrainingLayers {
  let context: TrainingContext
  private var threads: Int { context.threads }

  private func name(_ index: Int) -> String { graph.nodes[index].name }

  /// Room for a node's result, of as many pictures as the plan's unless it is the same for all.
  private func result(_ index: Int, count: Int? = nil) throws(Failure) -> Value {
    let dimensions = TensorLayout.dimensions(
      graph.nodes[index].shape, batch: count ?? plan.count, channelsFirst: graph.channelsFirst)
    return try plan.value(context.natural(dimensions), .float32)
  }

  /// Keeps what turns the gradient of a node's result, in Keras's order, into that of its only input.
  private func onGradient(
    of index: Int, _ result: Value, _ source: Value,
    _ body: @escaping (_ incoming: Value, _ outgoing: Value) throws(Failure) -> Void
  ) {
    let name = name(index)
    let dimensions = result.dimensions
    tape.onGradient(of: index) { (gradient: Gradient) throws(Failure) in
      let incoming = try context.natural(gradient, dimensions, name)
      let outgoing = try plan.value(source.layout, .float32)
      try body(incoming.value, outgoing)
      try tape.contribute(Gradient(value: outgoing, isExclusive: true), toInputOf: index)
    }
  }

  func constant(_ index: Int, _ values: [Float]) throws(Failure) -> Value {
    let result = try result(index, count: 1)
    let slot = result.slot
    plan.append(
      name(index),
      .loop { plan, _ in
        values.withUnsafeBufferPointer { values in
          guard let from = values.baseAddress else { return }
          plan.floats(slot).update(from: from, count: values.count)
        }
      }, touching: [slot])
    return result
  }

  /// A weight as a tensor beside others.
  func parameter(_ index: Int) throws(Failure) -> Value {
    let node = graph.nodes[index]
    let entry = try parameters.entry(node, node.kernelName)
    let result = try result(index, count: 1)
    let (slot, count) = (result.slot, entry.count)
    let from = parameters.store.weights.values.baseAddress! + entry.offset
    plan.append(
      node.name, .loop { plan, _ in plan.floats(slot).update(from: from, count: count) }, touching: [slot])
    guard entry.parameter != nil else { return result }
    let dimensions = result.dimensions
    tape.onGradient(of: index) { (gradient: Gradient) throws(Failure) in
      let layout = try context.natural(dimensions)
      let incoming = try tape.arranged(gradient, in: layout, .float32, node.name)
      let target = try parameters.gradient(entry, layout, in: layout, node.name)
      try plan.append(
        node.name + " (gradient)", Primitive.reorder(layout, layout, engine),
        [(Argument.source, incoming.value)], others: [(Argument.destination, target.operand)])
      try parameters.finish(target)
    }
    return result
  }

  func scalar(_ index: Int, _ function: ScalarFunction) throws(Failure) -> Value {
    let source = try context.natural(index).value
    let result = try plan.value(source.layout, .float32)
    let count = source.dimensions.reduce(1, *)
    let (from, to, threads) = (source.slot, result.slot, threads)
    plan.append(
      name(index),
      .loop { plan, _ in
        let (source, result) = (plan.floats(from), plan.floats(to))
        parallel(count, threads) { for i in $0 { result[i] = function.value(source[i]) } }
      }, touching: [from, to])
    onGradient(of: index, result, source) { (incoming, outgoing) throws(Failure) in
      let (arriving, leaving) = (incoming.slot, outgoing.slot)
      plan.append(
        name(index) + " (backward)",
        .loop { plan, _ in
          let (source, g, result) = (plan.floats(from), plan.floats(arriving), plan.floats(leaving))
          parallel(count, threads) { for i in $0 { result[i] = g[i] * function.derivative(source[i]) } }
        }, touching: [from, arriving, leaving])
    }
    return result
  }

  func combine(_ index: Int, _ kind: Arithmetic) throws(Failure) -> Value {
    let node = graph.nodes[index]
    let (first, second) = (try context.natural(index, 0), try context.natural(index, 1))
    let result = try result(index, count: max(first.shape[0], second.shape[0]))
    let sides = [result.dimensions[0]] + node.shape
    func aligned(_ shape: [Int]) -> [Int] {
      [shape[0]] + [Int](repeating: 1, count: sides.count - shape.count) + shape.dropFirst()
    }
    let walk = Broadcast(sides, aligned(first.shape), aligned(second.shape))
    let (a, b, to, threads) = (first.value.slot, second.value.slot, result.slot, threads)
    plan.append(
      node.name,
      .loop { plan, _ in
        walk.combine(kind, plan.floats(a), plan.floats(b), plan.floats(to), threads)
      }, touching: [a, b, to])
    let dimensions = result.dimensions
    tape.onGradient(of: index) { (gradient: Gradient) throws(Failure) in
      let incoming = try context.natural(gradient, dimensions, node.name).value.slot
      for (position, operand) in [first.value, second.value].enumerated()
      where tape.needsGradient(index, position) {
        let outgoing = try plan.value(operand.layout, .float32)
        let slot = outgoing.slot
        plan.append(
          node.name + " (backward)",
          .loop { plan, _ in
            walk.differentiate(
              kind, ofFirst: position == 0, plan.floats(a), plan.floats(b), incoming: plan.floats(incoming),
              plan.floats(slot))
          }, touching: [a, b, incoming, slot])
        try tape.contribute(Gradient(value: outgoing, isExclusive: true), toInputOf: index, position)
      }
    }
    return result
  }

  func reduce(_ index: Int, _ kind: Reduction, _ axes: [Int]) throws(Failure) -> Value {
    let (source, shape) = try context.natural(index)
    let result = try result(index, count: shape[0])
    let reduction = AxisReduction(kind, Array(shape.dropFirst()), axes: axes)
    let (from, to, count, threads) = (source.slot, result.slot, shape[0], threads)
    plan.append(
      name(index),
      .loop { plan, _ in reduction.run(plan.floats(from), plan.floats(to), pictures: count, threads) },
      touching: [from, to])
    onGradient(of: index, result, source) { (incoming, outgoing) throws(Failure) in
      let ties = try plan.value(result.layout, .float32)
      let (arriving, leaving, room) = (incoming.slot, outgoing.slot, ties.slot)
      plan.append(
        name(index) + " (backward)",
        .loop { plan, _ in
          reduction.differentiate(
            plan.floats(from), plan.floats(to), incoming: plan.floats(arriving), plan.floats(leaving),
            ties: plan.floats(room), pictures: count, threads)
        }, touching: [from, to, arriving, leaving, room])
    }
    return result
  }

  /// The same memory under another shape.
  func reshape(_ index: Int) throws(Failure) -> Value {
    let (source, shape) = try context.natural(index)
    let dimensions = TensorLayout.dimensions(
      graph.nodes[index].shape, batch: shape[0], channelsFirst: graph.channelsFirst)
    let result = try plan.alias(source.slot, context.natural(dimensions), .float32)
    tape.onGradient(of: index) { (gradient: Gradient) throws(Failure) in
      let incoming = try context.natural(gradient, dimensions, name(index))
      let outgoing = try plan.alias(incoming.value.slot, source.layout, .float32)
      try tape.contribute(
        Gradient(value: outgoing, isExclusive: incoming.isExclusive), toInputOf: index)
    }
    return result
  }

  func transpose(_ index: Int, _ order: [Int]) throws(Failure) -> Value {
    let (source, shape) = try context.natural(index)
    let result = try result(index, count: shape[0])
    let (turned, plain) = try TensorLayout.transposed(shape, order)
    try plan.append(
      name(index), Primitive.reorder(turned, plain, engine),
      [
        (Argument.source, plan.alias(source.slot, turned, .float32)),
        (Argument.destination, plan.alias(result.slot, plain, .float32)),
      ])
    onGradient(of: index, result, source) { (incoming, outgoing) throws(Failure) in
      try plan.append(
        name(index) + " (backward)", Primitive.reorder(plain, turned, engine),
        [
          (Argument.source, plan.alias(incoming.slot, plain, .float32)),
          (Argument.destination, plan.alias(outgoing.slot, turned, .float32)),
        ])
    }
    return result
  }

  func slice(_ index: Int, _ starts: [Int], _ size: [Int]) throws(Failure) -> Value {
    let (source, shape) = try context.natural(index)
    let result = try result(index, count: shape[0])
    let dimensions = [shape[0]] + size
    let part = try TensorLayout.plain(shape).part(dimensions, at: [0] + starts)
    let whole = try TensorLayout.plain(dimensions)
    try plan.append(
      name(index), Primitive.reorder(part, whole, engine),
      [
        (Argument.source, plan.alias(source.slot, part, .float32)),
        (Argument.destination, plan.alias(result.slot, whole, .float32)),
      ])
    onGradient(of: index, result, source) { (incoming, outgoing) throws(Failure) in
      plan.append(name(index) + " (backward)", .clear(slot: outgoing.slot), touching: [outgoing.slot])
      try plan.append(
        name(index) + " (backward)", Primitive.reorder(whole, part, engine),
        [
          (Argument.source, plan.alias(incoming.slot, whole, .float32)),
          (Argument.destination, plan.alias(outgoing.slot, part, .float32)),
        ])
    }
    return result
  }

  func resample(_ index: Int, _ resizing: Resizing) throws(Failure) -> Value {
    let (source, shape) = try context.natural(index)
    let result = try result(index, count: shape[0])
    let resampling = Resampling(
      source.dimensions, result.dimensions, channelsFirst: graph.channelsFirst, resizing)
    let (from, to, count, threads) = (source.slot, result.slot, shape[0], threads)
    plan.append(
      name(index),
      .loop { plan, _ in resampling.run(plan.floats(from), plan.floats(to), pictures: count, threads) },
      touching: [from, to])
    onGradient(of: index, result, source) { (incoming, outgoing) throws(Failure) in
      let (arriving, leaving) = (incoming.slot, outgoing.slot)
      plan.append(
        name(index) + " (backward)",
        .loop { plan, _ in
          resampling.differentiate(
            incoming: plan.floats(arriving), plan.floats(leaving), pictures: count, threads)
        }, touching: [arriving, leaving])
    }
    return result
  }

  func standardize(_ index: Int, _ standardization: Standardization) throws(Failure) -> Value {
    let (source, shape) = try context.natural(index)
    let result = try result(index, count: shape[0])
    let (from, to, count, threads) = (source.slot, result.slot, shape[0], threads)
    plan.append(
      name(index),
      .loop { plan, _ in standardization.run(plan.floats(from), plan.floats(to), pictures: count, threads) },
      touching: [from, to])
    onGradient(of: index, result, source) { (incoming, outgoing) throws(Failure) in
      let (arriving, leaving) = (incoming.slot, outgoing.slot)
      plan.append(
        name(index) + " (backward)",
        .loop { plan, _ in
          standardization.differentiate(
            plan.floats(from), incoming: plan.floats(arriving), plan.floats(leaving), pictures: count, threads
          )
        }, touching: [from, arriving, leaving])
    }
    return result
  }
}
