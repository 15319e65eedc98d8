import ExpressionTraining
import SystemIO
import Testing

struct ArchitectureTests {
  @Test func theClassicNetworkHasItsParameters() throws {
    let graph = try Architecture(.classic).graph(inputShape: [48, 48, 1], classes: 7, seed: 1)
    #expect(graph.parameterCount == 2_641_543)
    #expect(graph.outputShape == [7])
    let kernels = graph.layers.compactMap { $0.weight("kernel")?.shape }
    #expect(
      kernels == [
        [9, 9, 1, 128], [6, 6, 128, 256], [3, 3, 256, 512], [2048, 128], [128, 64], [64, 7],
      ])
  }

  @Test func theCompactNetworkIsWithinItsBounds() throws {
    let graph = try Architecture(.compact).graph(inputShape: [48, 48, 1], classes: 7, seed: 1)
    #expect(graph.parameterCount <= 1_500_000)
    #expect(graph.multiplyAdds <= 120_000_000)
    let convolutions = graph.layers.filter { $0.kind == "Conv2D" }
    #expect(convolutions.count == 8 && convolutions.allSatisfy { $0.weight("bias") == nil })
    // A prepared input is not divided again.
    let bare = try Architecture(.compact).graph(
      inputShape: [44, 44, 1], classes: 7, rescaling: false, seed: 1)
    #expect(!bare.layers.contains { $0.kind == "Rescaling" })
  }

  @Test func excitationIsASmallAddition() throws {
    let plain = try Architecture(.compact).graph(inputShape: [48, 48, 1], classes: 7, seed: 1)
    let graph = try Architecture(.compactSE).graph(inputShape: [48, 48, 1], classes: 7, seed: 1)
    #expect(graph.parameterCount < plain.parameterCount + 25_000)
    #expect(graph.multiplyAdds < plain.multiplyAdds + 100_000)
    let products = graph.layers.filter { $0.operation == .multiply }
    #expect(products.map(\.shape) == [[24, 24, 32], [12, 12, 64], [6, 6, 128], [3, 3, 256]])
    for product in products {
      let factors = product.inputs.map { graph.layers[$0] }
      #expect(factors[0].kind == "MaxPooling2D" && factors[1].shape == [1, 1, product.shape[2]])
    }
  }

  @Test func partsCanBeOtherwise() throws {
    var architecture = Architecture(.compact)
    architecture.filters = [4, 8]
    architecture.kernels = [5, 3]
    architecture.denseUnits = [16]
    architecture.dropout = 0
    let graph = try architecture.graph(inputShape: [16, 16, 1], classes: 3, seed: 1)
    let kernels = graph.layers.compactMap { $0.weight("kernel")?.shape }
    #expect(
      kernels == [
        [5, 5, 1, 4], [5, 5, 4, 4], [3, 3, 4, 8], [3, 3, 8, 8], [8, 16], [16, 3],
      ])
    #expect(!graph.layers.contains { $0.kind == "Dropout" })
  }

  @Test func whatDoesNotFitIsNamed() throws {
    let failure = #expect(throws: Failure.self) {
      try Architecture(.classic).graph(inputShape: [24, 24, 1], classes: 7, seed: 1)
    }
    #expect(failure?.kind == .usage)
    #expect(failure?.description.contains("conv2d_2") ?? false, "\(String(describing: failure))")
  }

  /// Glorot's limit √(6/(in + out)) and He's deviation √(2/in), by Keras's fans.
  @Test func weightsAreDrawnAsKerasDrawsThem() throws {
    let glorot = try Architecture(.classic).graph(inputShape: [48, 48, 1], classes: 7, seed: 3)
    let kernel = try #require(glorot.layers.first { $0.name == "conv2d_1" }?.weight("kernel")).values
    let limit = (6.0 / Double(36 * (128 + 256))).squareRoot()
    #expect(kernel.allSatisfy { abs(Double($0)) <= limit })
    #expect(abs(Double(kernel.max() ?? 0) - limit) < limit / 1000)
    #expect(abs(deviation(kernel) - limit / 3.0.squareRoot()) < limit / 500)

    let he = try Architecture(.compact).graph(
      inputShape: [48, 48, 1], classes: 7, initializer: .heNormal, seed: 3)
    let values = try #require(he.layers.first { $0.name == "conv2d_7" }?.weight("kernel")).values
    let expected = (2.0 / Double(9 * 256)).squareRoot()
    #expect(abs(deviation(values) - expected) < expected / 200)
    #expect(values.allSatisfy { abs(Double($0)) <= 2 * expected / 0.8796 })
    let norm = try #require(he.layers.first { $0.kind == "BatchNormalization" })
    #expect(norm.weight("gamma")?.values.allSatisfy { $0 == 1 } ?? false)
    #expect(norm.weight("moving_variance")?.values.allSatisfy { $0 == 1 } ?? false)
    #expect(norm.weight("beta")?.values.allSatisfy { $0 == 0 } ?? false)
  }

  @Test func theSeedDecides() throws {
    func weights(_ seed: UInt64) throws -> [[Float]] {
      try Architecture(.compact).graph(inputShape: [48, 48, 1], classes: 7, seed: seed).layers.flatMap {
        $0.weights.map(\.values)
      }
    }
    #expect(try weights(1) == weights(1))
    #expect(try weights(1) != weights(2))
  }

  private func deviation(_ values: [Float]) -> Double {
    let mean = values.reduce(0) { $0 + Double($1) } / Double(values.count)
    let sum = values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    return (sum / Double(values.count)).squareRoot()
  }
}
