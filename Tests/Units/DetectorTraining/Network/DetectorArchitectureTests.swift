import NetworkModel
import Testing

@testable import DetectorTraining

struct DetectorArchitectureTests {
  @Test func theShippedNetworkKeepsTheBounds() throws {
    let graph = try DetectorArchitecture().graph(side: 128, seed: 1)
    #expect(graph.parameterCount == 47_592)
    #expect(graph.outputShape == [16, 16, 4] && graph.hasFreeSize)
    let large = try graph.resized(height: 320, width: 320)
    // All octaves of a picture are 4/3 of it.
    #expect(Double(large.multiplyAdds) * 4 / 3 < 150e6)
    #expect(large.outputShape == [40, 40, 4])
    #expect(large.layers.map { $0.weights.map(\.values) } == graph.layers.map { $0.weights.map(\.values) })
  }

  @Test func aSeedIsANetwork() throws {
    func kernels(_ seed: UInt64) throws -> [[Float]] {
      try DetectorArchitecture().graph(side: 64, seed: seed).layers.flatMap { $0.weights.map(\.values) }
    }
    #expect(try kernels(1) == kernels(1) && kernels(1) != kernels(2))
  }
}
