import Glibc
import SystemIO

/// How a network learns from teachers besides its targets.
///
/// Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network", 2015: with softmax(z ÷ T) of the teachers, q,
/// and of the network, p, a picture's loss is (1 - weight)·cross-entropy of the targets + weight·T²·KL(q ‖ p). The factor
/// T² keeps gradients as large as at T = 1.
package struct Distillation: Sendable, Equatable {
  /// T, positive and finite.
  package let temperature: Float
  /// The teachers' part of the loss, 0 to 1.
  package let weight: Float

  /// - Throws: ``Failure`` (`usage`) for numbers out of range.
  package init(temperature: Float, weight: Float) throws(Failure) {
    guard temperature > 0, temperature.isFinite, (0...1).contains(weight) else {
      throw Failure(
        .usage, step: "distillation", cause: "a temperature of \(temperature) and a weight of \(weight)")
    }
    self.temperature = temperature
    self.weight = weight
  }

  /// Adds one picture's divergence to its loss and gradient, which have the targets' part already.
  /// - Parameters:
  ///   - logits: `classes` values; `largest` is the largest of them.
  ///   - teachers: The teachers' probabilities at ``temperature``; they add up to 1.
  ///   - factor: The picture's weight in the gradient.
  /// - Returns: T²·KL(q ‖ p).
  func add(
    _ logits: UnsafePointer<Float>, largest: Float, teachers: UnsafePointer<Float>, classes: Int,
    factor: Float,
    to gradient: UnsafeMutablePointer<Float>
  ) -> Float {
    var sum: Float = 0
    for i in 0..<classes { sum += expf((logits[i] - largest) / temperature) }
    let logarithm = logf(sum)
    var divergence: Float = 0
    for i in 0..<classes {
      let logProbability = (logits[i] - largest) / temperature - logarithm
      // 0·ln 0 is 0.
      if teachers[i] > 0 { divergence += teachers[i] * (logf(teachers[i]) - logProbability) }
      gradient[i] += weight * temperature * (expf(logProbability) - teachers[i]) * factor
    }
    return temperature * temperature * divergence
  }
}
