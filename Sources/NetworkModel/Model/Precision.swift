/// The numbers that a network computes with. Sums are made in f32 (int8: in 32-bit integers) in all of them.
package enum Precision: String, Sendable, CaseIterable {
  case f32
  /// Weights and activations as bfloat16: a float's first 16 bits.
  case bf16
  /// Weights and activations as 8-bit integers, where a layer can: convolutions and dense layers.
  case int8
}
