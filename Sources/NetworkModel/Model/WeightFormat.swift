/// How a model file stores its kernels, the weights of two dimensions or more.
///
/// Biases and what belongs to normalization are 32-bit floats in either: they are few, and an error in one shifts a
/// whole channel.
package enum WeightFormat: Sendable {
  /// IEEE 754 binary32.
  case float32
  /// IEEE 754 binary16, for a kernel whose values that holds exactly; others stay as they are.
  case float16
}

extension Weight {
  /// True for what ``WeightFormat`` is about.
  package var isKernel: Bool { shape.count > 1 && name != "count" }
}
