import COneDNN
import SystemIO

/// A convolution by ``WinogradTiles``.
struct WinogradInferenceLayer: InferenceLayers {
  let context: InferenceContext

  /// - Returns: nil if the convolution is better done directly.
  ///
  /// Picture by picture: as many rows as a picture has tiles keep the product busy, its tiles stay in the caches, and a
  /// face's result cannot depend on which others came with it.
  func convolution(_ node: InferenceNode, _ index: Int, _ shape: ConvolutionShape)
    throws(Failure) -> Value?
  {
    let (before, output) = (try context.input(node).dimensions, context.dimensions(node.shape))
    // A bfloat16 multiplication takes half the time, but no less where it is emulated.
    let isShorter =
      numbers.floatType == .bfloat16 && cdnnl_has_instructions(dnnl_cpu_isa_avx512_core_bf16) != 0
    guard
      let tiles = WinogradTiles(
        shape, input: (before[2], before[3]), output: (output[2], output[3]),
        directRate: isShorter ? 2 : 1)
    else { return nil }
    let name = node.name
    let points = tiles.points
    let pixels = try builder.value(context.real(node), in: .channelsLast(before), name)
    let transformed = try builder.value(.plain([points, tiles.count, tiles.channels]))
    let products = try builder.value(.plain([points, tiles.count, tiles.filters]))
    let result = try builder.value(.channelsLast(output))
    let matrices = try TensorLayout.plain([points, tiles.channels, tiles.filters])
    let anyMatrices = try TensorLayout.any(matrices.dimensions)
    func make(_ threadLimit: Int?) throws(Failure) -> Primitive {
      try engine.limited(to: threadLimit) { () throws(Failure) in
        try Primitive.matrixProducts(transformed.layout, anyMatrices, products.layout, engine)
      }
    }
    // Without AVX-512 the library splits products unless their number divides evenly among the threads, and where it
    // splits, the results' last bits change.
    var primitive = try make(nil)
    var threadLimit: Int?
    if !primitive.implementation.hasPrefix("brg") {
      threadLimit = 1
      while let limit = threadLimit, limit < points, 2 * limit <= cdnnl_get_parts() {
        threadLimit = 2 * limit
      }
      primitive = try make(threadLimit)
    }
    let kernelLayout = try primitive.chosenLayout(dnnl_query_weights_md, matrices.dimensions)
    let kernel = try context.weights.memory(
      index, "Winograd kernel", Self.matrices(tiles, node.kernel), matrices, in: kernelLayout)
    // Any other function is a step of its own.
    let slope = node.post.isEmpty ? 1 : node.post.count == 1 ? node.post[0].slope : nil
    let bias = node.bias
    let (from, tile, product, to) = (pixels.slot, transformed.slot, products.slot, result.slot)
    for picture in 0..<builder.batch {
      builder.loop(name + " (tiles)", touching: [from, tile]) { plan in
        WinogradTransform(
          kind: .input, tiles: tiles, source: plan.floats(from) + picture * tiles.inputCount,
          result: plan.floats(tile)
        ).run()
      }
      try builder.step(
        name, primitive, [(Argument.source, transformed), (Argument.destination, products)],
        weights: [(Argument.weights, kernel)], threadLimit: threadLimit)
      builder.loop(name + " (results)", touching: [product, to]) { plan in
        bias.withUnsafeBufferPointer { bias in
          WinogradTransform(
            kind: .output, tiles: tiles, source: plan.floats(product),
            result: plan.floats(to) + picture * tiles.outputCount,
            bias: bias.isEmpty ? nil : bias.baseAddress, slope: slope ?? 1
          ).run()
        }
      }
    }
    return slope == nil
      ? try PlainInferenceLayers(context: context).elementwise(name, node.post, result) : result
  }

  /// The kernel's matrices [channels, filters].
  private static func matrices(_ tiles: WinogradTiles, _ kernel: [Float]) -> [Float] {
    [Float](unsafeUninitializedCapacity: tiles.kernelCount) { matrices, count in
      count = tiles.kernelCount
      kernel.withUnsafeBufferPointer { kernel in
        guard let source = kernel.baseAddress, let result = matrices.baseAddress else { return }
        WinogradTransform(kind: .kernel, tiles: tiles, source: source, result: result).run()
      }
    }
  }
}

extension ElementwiseFunction {
  /// What a rectifier multiplies negative values with; nil if it is another function.
  fileprivate var slope: Float? { algorithm == dnnl_eltwise_relu ? alpha : nil }
}
