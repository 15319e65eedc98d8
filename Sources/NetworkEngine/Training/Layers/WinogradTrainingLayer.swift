import CLayers
import COneDNN
import SystemIO

/// A convolution by Winograd's minimal filtering, forward and backward: the gradient goes through the adjoint
/// transforms, and the products of matrices have the same sizes three times.
struct WinogradTrainingLayer: TrainingLayers {
  let context: TrainingContext
  private var count: Int { plan.count }

  /// - Returns: nil if the convolution is better done directly.
  func convolution(_ index: Int, _ shape: ConvolutionShape, _ output: [Int]) throws(Failure)
    -> Value?
  {
    let node = graph.nodes[index]
    let source = try tape.input(index)
    let before = source.dimensions
    guard
      let tiles = WinogradTiles(
        shape, input: (before[2], before[3]), output: (output[2], output[3]),
        pictures: count, directRate: context.type == .bfloat16 ? 2 : 1, sides: [8, 10])
    else { return nil }
    let name = node.name
    let weights = try parameters.entry(node, node.kernelName)
    let bias = node.hasBias ? try parameters.entry(node, "bias") : nil
    let pixels = try plan.value(source, in: .channelsLast(before), .float32, name)
    let result = try plan.value(.channelsLast(output), .float32)
    let kernel = try plan.value(
      .plain([tiles.points, tiles.channels, tiles.filters]), .float32)
    let values = parameters.store.weights.values
    let matrices = kernel.slot
    plan.append(
      name + " (kernel)",
      .loop { plan, _ in
        WinogradTransform(
          kind: .kernel, tiles: tiles, source: UnsafePointer(values.baseAddress! + weights.offset),
          result: plan.floats(matrices)
        ).run()
      }, touching: [matrices])
    let slope = node.relu ?? 1
    for chunk in try chunks(tiles) {
      let (transformed, products) = (chunk.transformed, chunk.products)
      transform(name + " (tiles)", .input, tiles, chunk, from: pixels.slot, to: transformed.slot)
      try plan.append(
        name,
        Primitive.matrixProducts(transformed.layout, kernel.layout, products.layout, engine),
        [(Argument.source, transformed), (Argument.weights, kernel), (Argument.destination, products)])
      let (from, to) = (products.slot, result.slot)
      plan.append(
        name + " (results)",
        .loop { plan, _ in
          WinogradTransform(
            kind: .output, tiles: tiles, pictures: chunk.count, source: plan.floats(from),
            result: plan.floats(to) + chunk.first * tiles.outputCount,
            bias: bias.map { UnsafePointer(values.baseAddress! + $0.offset) }, slope: slope
          ).run()
        }, touching: [from, to])
    }
    tape.pendingRelu[index] = node.relu

    tape.onGradient(of: index) { (gradient: Gradient) throws(Failure) in
      let incoming = try tape.arranged(gradient, in: .channelsLast(output), .float32, name)
      let step = WinogradGradient(
        name: name, tiles: tiles, pixels: pixels, kernel: kernel, incoming: incoming.value,
        outgoing: tape.needsGradient(index) ? try plan.value(.channelsLast(before), .float32) : nil,
        matrices: weights.parameter == nil ? nil : try plan.value(kernel.layout, .float32),
        sums: bias?.parameter == nil ? nil : try plan.value(.plain([tiles.filters]), .float32))
      for chunk in try chunks(tiles) { try backward(step, chunk) }
      if let matrices = step.matrices { try finish(step, matrices, weights, shape) }
      if let sums = step.sums, let bias {
        let layout = try TensorLayout.plain([tiles.filters])
        let target = try parameters.gradient(bias, layout, in: layout, name)
        try plan.append(
          name + " (bias)", Primitive.reorder(layout, layout, engine), [(Argument.source, sums)],
          others: [(Argument.destination, target.operand)])
        try parameters.finish(target)
      }
      guard var outgoing = step.outgoing else { return }
      outgoing.channelsLast = source.channelsLast
      try tape.contribute(Gradient(value: outgoing, isExclusive: true), toInputOf: index)
    }
    return result
  }

  /// Some pictures that are transformed together.
  private struct Chunk {
    let first, count: Int
    /// [points, tiles, channels] and [points, tiles, filters]. Chunks of one size share them.
    let transformed, products: Value
  }

  private func chunks(_ tiles: WinogradTiles) throws(Failure) -> [Chunk] {
    let size = tiles.picturesAtOnce
    let points = tiles.points
    func room(_ pictures: Int) throws(Failure) -> (Value, Value) {
      (
        try plan.value(.plain([points, pictures * tiles.count, tiles.channels]), .float32),
        try plan.value(.plain([points, pictures * tiles.count, tiles.filters]), .float32)
      )
    }
    let (transformed, products) = try room(size)
    var chunks = stride(from: 0, to: count - count % size, by: size).map {
      Chunk(first: $0, count: size, transformed: transformed, products: products)
    }
    if count % size > 0 {
      let (transformed, products) = try room(count % size)
      chunks.append(
        Chunk(
          first: count - count % size, count: count % size, transformed: transformed, products: products))
    }
    return chunks
  }

  /// Appends a transform between a chunk's pictures and its tiles.
  private func transform(
    _ name: String, _ kind: WinogradTransform.Kind, _ tiles: WinogradTiles, _ chunk: Chunk, from: Int, to: Int
  ) {
    // Of the whole batch's pictures, these begin here; tiles are the chunk's own.
    let (skippedBefore, skippedAfter) =
      switch kind {
      case .input: (chunk.first * tiles.inputCount, 0)
      case .outputAdjoint: (chunk.first * tiles.outputCount, 0)
      case .inputAdjoint: (0, chunk.first * tiles.inputCount)
      default: (0, 0)
      }
    plan.append(
      name,
      .loop { plan, _ in
        WinogradTransform(
          kind: kind, tiles: tiles, pictures: chunk.count, source: plan.floats(from) + skippedBefore,
          result: plan.floats(to) + skippedAfter
        ).run()
      }, touching: [from, to])
  }

  /// What the backward part of one layer works on.
  private struct WinogradGradient {
    let name: String
    let tiles: WinogradTiles
    /// The input, the kernel's matrices, and the gradient of the result.
    let pixels, kernel, incoming: Value
    /// Gradients to compute, where they are wanted: of the input, of the kernel's matrices, and of the bias.
    let outgoing, matrices, sums: Value?
  }

  private func backward(_ step: WinogradGradient, _ chunk: Chunk) throws(Failure) {
    let (name, tiles) = (step.name + " (backward)", step.tiles)
    let (transformed, products) = (chunk.transformed, chunk.products)
    transform(name, .outputAdjoint, tiles, chunk, from: step.incoming.slot, to: products.slot)
    let (points, rows) = (tiles.points, chunk.count * tiles.count)
    if let matrices = step.matrices {
      transform(name, .input, tiles, chunk, from: step.pixels.slot, to: transformed.slot)
      let transposed = try TensorLayout(
        [points, tiles.channels, rows], strides: [rows * tiles.channels, 1, tiles.channels])
      try plan.append(
        name,
        Primitive.matrixProducts(
          transposed, products.layout, matrices.layout, engine, adds: chunk.first > 0),
        [
          (Argument.source, plan.alias(transformed.slot, transposed, .float32)), (Argument.weights, products),
          (Argument.destination, matrices),
        ])
    }
    if let sums = step.sums {
      let (from, to) = (products.slot, sums.slot)
      plan.append(
        name,
        .loop { plan, _ in
          // At the point (1, 1), the transformed gradient is the sum over the tile.
          let ones = plan.floats(from) + (tiles.side + 1) * rows * tiles.filters
          let result = plan.floats(to)
          if chunk.first == 0 { result.update(repeating: 0, count: tiles.filters) }
          for row in 0..<rows {
            for filter in 0..<tiles.filters { result[filter] += ones[row * tiles.filters + filter] }
          }
        }, touching: [from, to])
    }
    if let outgoing = step.outgoing {
      let transposed = try TensorLayout(
        [points, tiles.filters, tiles.channels],
        strides: [tiles.channels * tiles.filters, 1, tiles.filters])
      try plan.append(
        name, Primitive.matrixProducts(products.layout, transposed, transformed.layout, engine),
        [
          (Argument.source, products), (Argument.weights, plan.alias(step.kernel.slot, transposed, .float32)),
          (Argument.destination, transformed),
        ])
      transform(name, .inputAdjoint, tiles, chunk, from: transformed.slot, to: outgoing.slot)
    }
  }

  /// The kernel's gradient from that of its matrices.
  private func finish(
    _ step: WinogradGradient, _ matrices: Value, _ weights: ParameterTable.Entry,
    _ shape: ConvolutionShape
  ) throws(Failure) {
    let side = shape.window.kernel.height
    let natural = try TensorLayout.plain([side, side, step.tiles.channels, step.tiles.filters])
    let target = try parameters.gradient(weights, natural, in: natural, step.name)
    let (tiles, from, to) = (step.tiles, matrices.slot, target.operand.slot)
    plan.append(
      step.name + " (backward)",
      .loop { plan, _ in
        WinogradTransform(
          kind: .kernelAdjoint, tiles: tiles, source: plan.floats(from), result: target.floats(plan)
        ).run()
      }, touching: [from] + (to.map { [$0] } ?? []))
    try parameters.finish(target)
  }
}
