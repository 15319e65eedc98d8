import COneDNN
import SystemIO

/// The gradient of a convolution's kernel and bias as the sum over parts of the batch, each of which one thread computes.
///
/// oneDNN's own way to share such a sum out lets threads wait for each other in the middle, spinning; here a thread that
/// the system lets wait holds up one part. How many parts there are follows from the batch alone, and they are added in
/// their order: the result's bits do not depend on the number of threads.
struct BatchPartsGradient {
  typealias Value = TrainingPlan.Value

  let layers: ProductTrainingLayers
  let name: String
  let product: ProductTrainingLayers.Product
  /// Input, and gradient of the result, as the primitive for the whole batch wants them.
  let source, incoming: Value
  /// Where the gradients go.
  let kernel: TrainingPlan.Operand
  let bias: TrainingPlan.Operand?
  let kernelLayout: TensorLayout
  let biasLayout: TensorLayout?
  let output: [Int]

  private var plan: TrainingPlan { layers.plan }

  /// Bytes that the parts' gradients may take.
  private static var limit: Int { 64 << 20 }

  /// How many pictures each part has.
  private var sizes: [Int] {
    let count = source.dimensions[0]
    let parts = min(count, count < 64 ? 4 : 8, 1 + Self.limit / max(kernelLayout.byteCount, 1))
    return (0..<parts).map { count * ($0 + 1) / parts - count * $0 / parts }
  }

  /// Appends the parts and their sum.
  /// - Returns: false if the library has another layout for a part than for the whole, or they take too much room.
  func append() throws(Failure) -> Bool {
    let sizes = sizes
    guard case .convolution = product.operation, sizes.count > 1 else { return false }
    var primitives: [Int: Primitive] = [:]
    for size in Set(sizes) {
      guard let primitive = try primitive(size) else { return false }
      primitives[size] = primitive
    }
    var parts: [(primitive: Primitive, arguments: [dnnl_exec_arg_t])] = []
    var touched: [Int] = []
    var sums: [(kernel: Int, bias: Int?)] = []
    var first = 0
    for size in sizes {
      guard let primitive = primitives[size] else { return false }
      var others: [(Int, TrainingPlan.Operand)] = []
      if first == 0 {
        others.append((Argument.weightsGradient, kernel))
        if let bias { others.append((Argument.biasGradient, bias)) }
      } else {
        let part = try plan.value(kernelLayout, .float32)
        let bias = try biasLayout.map { (layout) throws(Failure) in try plan.value(layout, .float32) }
        others.append((Argument.weightsGradient, .init(part)))
        if let bias { others.append((Argument.biasGradient, .init(bias))) }
        sums.append((part.slot, bias?.slot))
      }
      let (arguments, slots) = try plan.arguments(
        primitive,
        [
          (Argument.source, pictures(of: source, from: first, size)),
          (Argument.destinationGradient, pictures(of: incoming, from: first, size)),
        ], others)
      parts.append((primitive, arguments))
      touched += slots
      first += size
    }
    plan.append(name + " (backward weights)", .atOnce(PrimitivesAtOnce(parts)), touching: touched)
    add(sums.map(\.kernel), to: kernel, kernelLayout)
    if let bias, let biasLayout { add(sums.compactMap(\.bias), to: bias, biasLayout) }
    return true
  }

  /// Some pictures of a tensor whose slowest dimension they are.
  private func pictures(of value: Value, from first: Int, _ count: Int) throws(Failure) -> Value {
    let layout = try part(of: value.layout, count)
    return try plan.alias(
      value.slot, layout, value.type, offset: value.layout.byteCount / value.dimensions[0] * first)
  }

  private func part(of layout: TensorLayout, _ count: Int) throws(Failure) -> TensorLayout {
    let dimensions = [count] + layout.dimensions.dropFirst()
    return try layout.part(dimensions, at: [Int](repeating: 0, count: dimensions.count))
  }

  /// The gradient for `count` pictures; nil if its layouts are not those of the whole batch.
  private func primitive(_ count: Int) throws(Failure) -> Primitive? {
    try layers.engine.limited(to: 1) { () throws(Failure) in
      let forward = try layers.primitive(product, .training, biasLayout, output, count: count)
      let backward = try layers.primitive(
        product, .backwardWeights(forward), biasLayout, output, count: count)
      let inputs = try backward.chosenLayout(dnnl_query_src_md, source.dimensions, source.type)
      let results = try backward.chosenLayout(dnnl_query_diff_dst_md, output, incoming.type)
      let gradient = try backward.chosenLayout(dnnl_query_diff_weights_md, product.kernel.dimensions)
      guard inputs.isEqual(to: try part(of: source.layout, count)),
        results.isEqual(to: try part(of: incoming.layout, count)), gradient.isEqual(to: kernelLayout)
      else { return nil }
      return backward
    }
  }

  /// Adds the gradients in `slots`, one after the other, to `target`.
  private func add(_ slots: [Int], to target: TrainingPlan.Operand, _ layout: TensorLayout) {
    let count = layout.byteCount / MemoryLayout<Float>.stride
    let (to, address, threads) = (target.slot, target.address, layers.context.threads)
    plan.append(
      name + " (backward weights)",
      .loop { plan, _ in
        guard let sum = to.map({ plan.floats($0) }) ?? address else { return }
        parallel(count, threads) { range in
          for slot in slots {
            let part = plan.floats(slot)
            for index in range { sum[index] += part[index] }
          }
        }
      }, touching: slots + (to.map { [$0] } ?? []))
  }
}
