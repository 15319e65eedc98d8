import SystemIO

/// How a model file stores its kernels, the weights of two dimensions or more.
///
/// Biases and what belongs to normalisation are 32-bit floats in either: they are few, and an error in one shifts a
/// whole channel.
package enum WeightFormat: Sendable {
  /// IEEE 754 binary32.
  case float32
  /// IEEE 754 binary16, for a kernel whose values that holds exactly; others stay as they are.
  case float16
}

extension ExpressionModel {
  /// Rounds every kernel to the nearest numbers of 16 bits, and has the file store them so.
  ///
  /// What runs then is what the file will hold.
  /// - Throws: ``Failure`` (`badInput`) naming a layer with a weight beyond the largest such number, 65504.
  package mutating func roundKernels() throws(Failure) {
    for layer in graph.layers.indices {
      for place in graph.layers[layer].weights.indices where graph.layers[layer].weights[place].isKernel {
        let weight = graph.layers[layer].weights[place]
        let rounded = weight.values.map { Binary16.float(Binary16.bits($0)) }
        guard zip(weight.values, rounded).allSatisfy({ !$0.isFinite || $1.isFinite }) else {
          throw Failure(
            .badInput, step: "rounding weights", subject: "layer \(graph.layers[layer].name)",
            cause: "\(weight.name) has values beyond 65504, the most that 16 bits hold")
        }
        graph.layers[layer].weights[place].values = rounded
      }
    }
    weightFormat = .float16
  }
}

extension Weight {
  /// True for what ``WeightFormat`` is about.
  package var isKernel: Bool { shape.count > 1 && name != "count" }
}
