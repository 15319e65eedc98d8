import SystemIO

extension ModelFile {
  /// Rounds every kernel to the nearest numbers of 16 bits, and has the file store them so.
  ///
  /// The network then computes with exactly what the file will hold.
  /// - Throws: ``Failure`` (`badInput`) naming a layer with a weight beyond the largest such number, 65504.
  package mutating func roundKernels() throws(Failure) {
    for layer in graph.layers.indices {
      for position in graph.layers[layer].weights.indices where graph.layers[layer].weights[position].isKernel
      {
        let weight = graph.layers[layer].weights[position]
        let rounded = weight.values.map { Binary16.float(Binary16.bits($0)) }
        guard zip(weight.values, rounded).allSatisfy({ !$0.isFinite || $1.isFinite }) else {
          throw Failure(
            .badInput, step: "rounding weights", subject: "layer \(graph.layers[layer].name)",
            cause: "\(weight.name) has values beyond 65504, the most that 16 bits hold")
        }
        graph.layers[layer].weights[position].values = rounded
      }
    }
    weightFormat = .float16
  }
}
