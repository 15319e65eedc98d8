import COneDNN
import NetworkModel
import SystemIO

/// Layers that oneDNN does not have, in Keras's order of values.
struct LoopInferenceLayers: InferenceLayers {
  let context: InferenceContext
  private var threads: Int { builder.threads }

  /// Values that are the same for every picture. They lie in the arena like any others, copied there at each run.
  func constant(_ node: InferenceNode, _ values: [Float]) throws(Failure) -> Value {
    let dimensions = TensorLayout.dimensions(node.shape, batch: 1, channelsFirst: context.graph.channelsFirst)
    let result = try builder.value(context.plain(dimensions))
    let slot = result.slot
    builder.loop(node.name, touching: [slot]) { plan in
      values.withUnsafeBufferPointer { values in
        guard let from = values.baseAddress else { return }
        plan.floats(slot).update(from: from, count: values.count)
      }
    }
    return result
  }

  func scalar(_ node: InferenceNode, _ function: ScalarFunction) throws(Failure) -> Value {
    var source = try context.number(context.input(node), as: .float, node.name)
    // f(0) need not be 0, which is what fills up a blocked layout.
    source = try builder.value(source, in: context.plain(source.dimensions), node.name)
    let result = try builder.value(source.layout)
    let (from, to, threads) = (source.slot, result.slot, threads)
    let count = source.layout.byteCount / MemoryLayout<Float>.stride
    builder.loop(node.name, touching: [from, to]) { plan in
      let (source, result) = (plan.floats(from), plan.floats(to))
      parallel(count, threads) { for i in $0 { result[i] = function.value(source[i]) } }
    }
    return result
  }

  /// Combines two values of different shapes, or of any, by a loop.
  func combine(_ node: InferenceNode, _ kind: Arithmetic) throws(Failure) -> Value {
    let (first, second) = (try context.natural(node, 0), try context.natural(node, 1))
    let isSame = first.shape[0] == 1 && second.shape[0] == 1 && builder.batch > 1
    let dimensions = TensorLayout.dimensions(
      node.shape, batch: isSame ? 1 : builder.batch, channelsFirst: context.graph.channelsFirst)
    let result = try builder.value(context.plain(dimensions))
    let sides = [dimensions[0]] + node.shape
    func aligned(_ shape: [Int]) -> [Int] {
      [shape[0]] + [Int](repeating: 1, count: sides.count - shape.count) + shape.dropFirst()
    }
    let walk = Broadcast(sides, aligned(first.shape), aligned(second.shape))
    let (a, b, to, threads) = (first.value.slot, second.value.slot, result.slot, threads)
    builder.loop(node.name, touching: [a, b, to]) { plan in
      walk.combine(kind, plan.floats(a), plan.floats(b), plan.floats(to), threads)
    }
    return try PlainInferenceLayers(context: context).elementwise(node.name, node.post, result)
  }

  func reduce(_ node: InferenceNode, _ kind: Reduction, _ axes: [Int]) throws(Failure) -> Value {
    let source = try context.natural(node)
    let result = try context.naturalResult(node)
    let reduction = AxisReduction(kind, Array(source.shape.dropFirst()), axes: axes)
    let (from, to, count, threads) = (source.value.slot, result.slot, builder.batch, threads)
    builder.loop(node.name, touching: [from, to]) { plan in
      reduction.run(plan.floats(from), plan.floats(to), pictures: count, threads)
    }
    return result
  }

  /// The same memory under another shape.
  func reshape(_ node: InferenceNode) throws(Failure) -> Value {
    let source = try context.natural(node)
    return try builder.alias(source.value.slot, context.plain(context.dimensions(node.shape)))
  }

  func transpose(_ node: InferenceNode, _ order: [Int]) throws(Failure) -> Value {
    let source = try context.natural(node)
    let result = try context.naturalResult(node)
    let (turned, plain) = try TensorLayout.transposed(source.shape, order)
    try builder.step(
      node.name, Primitive.reorder(turned, plain, engine),
      [
        (Argument.source, builder.alias(source.value.slot, turned)),
        (Argument.destination, builder.alias(result.slot, plain)),
      ])
    return result
  }

  func slice(_ node: InferenceNode, _ starts: [Int], _ size: [Int], _ steps: [Int]) throws(Failure) -> Value {
    let source = try context.natural(node)
    let result = try context.naturalResult(node)
    let dimensions = [builder.batch] + size
    let (part, start) = try TensorLayout.part(
      of: source.shape, dimensions, at: [0] + starts, steps: [1] + steps)
    let whole = try TensorLayout.plain(dimensions)
    try builder.step(
      node.name, Primitive.reorder(part, whole, engine),
      [
        (Argument.source, builder.alias(source.value.slot, part, offset: start)),
        (Argument.destination, builder.alias(result.slot, whole)),
      ])
    return result
  }

  func resample(_ node: InferenceNode, _ resizing: Resizing) throws(Failure) -> Value {
    let source = try context.natural(node)
    let result = try context.naturalResult(node)
    let resampling = Resampling(
      source.value.dimensions, result.dimensions, channelsFirst: context.graph.channelsFirst, resizing)
    let (from, to, count, threads) = (source.value.slot, result.slot, builder.batch, threads)
    builder.loop(node.name, touching: [from, to]) { plan in
      resampling.run(plan.floats(from), plan.floats(to), pictures: count, threads)
    }
    return result
  }

  func standardize(_ node: InferenceNode, _ standardization: Standardization) throws(Failure) -> Value {
    let source = try context.natural(node)
    let result = try context.naturalResult(node)
    let (scale, shift) = (node.kernel, node.bias)
    let (from, to, count, threads) = (source.value.slot, result.slot, builder.batch, threads)
    builder.loop(node.name, touching: [from, to]) { plan in
      scale.withUnsafeBufferPointer { scale in
        shift.withUnsafeBufferPointer { shift in
          standardization.run(
            plan.floats(from), plan.floats(to), pictures: count,
            scale: scale.isEmpty ? nil : scale.baseAddress, shift: shift.isEmpty ? nil : shift.baseAddress,
            threads)
        }
      }
    }
    return result
  }
}

extension Resampling {
  /// Between tensors of these dimensions in oneDNN's order, whose values lie in Keras's.
  init(
    _ source: [Int], _ result: [Int], channelsFirst: Bool, _ resizing: Resizing
  ) {
    self.init(
      from: (source[2], source[3]), to: (result[2], result[3]), channels: channelsFirst ? 1 : source[1],
      planes: channelsFirst ? source[1] : 1, resizing)
  }
}

extension TensorLayout {
  /// A part of a plain tensor of this shape, each side in steps of some values: its layout, and at which byte it
  /// begins.
  static func part(of shape: [Int], _ dimensions: [Int], at starts: [Int], steps: [Int]) throws(Failure) -> (
    layout: TensorLayout, offset: Int
  ) {
    var strides = [Int](repeating: 1, count: shape.count)
    for i in shape.indices.dropLast().reversed() { strides[i] = strides[i + 1] * shape[i + 1] }
    let start = zip(starts, strides).reduce(0) { $0 + $1.0 * $1.1 }
    let layout = try TensorLayout(dimensions, strides: zip(strides, steps).map { $0 * $1 })
    return (layout, start * ElementType.float32.byteCount)
  }

  /// A tensor of this shape (batch included) with its sides after the batch in another order: as it lies, and plain.
  static func transposed(_ shape: [Int], _ order: [Int]) throws(Failure) -> (
    turned: TensorLayout, plain: TensorLayout
  ) {
    var strides = [Int](repeating: 1, count: shape.count)
    for i in shape.indices.dropLast().reversed() { strides[i] = strides[i + 1] * shape[i + 1] }
    let all = [0] + order.map { $0 + 1 }
    let dimensions = all.map { shape[$0] }
    return (try TensorLayout(dimensions, strides: all.map { strides[$0] }), try .plain(dimensions))
  }
}
