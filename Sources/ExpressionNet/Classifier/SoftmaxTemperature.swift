import Glibc

/// One number by which a network's logits are divided before softmax, so that its confidence is as often right as it
/// says; it changes no decision.
///
/// Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks", 2017, section 4.2. Softmax forgets
/// what is added to all logits, so ln p serves as the logits, and only the probabilities are needed.
package struct SoftmaxTemperature: Sendable, Equatable {
  /// Above 1 for an overconfident network; positive and finite.
  package let value: Double

  /// - Parameter value: nil, or a number that is not positive and finite, gives none.
  package init?(_ value: Double?) {
    guard let value, value > 0, value.isFinite else { return nil }
    self.value = value
  }

  /// Replaces one picture's probabilities by p^(1/T) ÷ Σ p^(1/T). A row with an output that is not finite stays.
  package func apply(to row: UnsafeMutableBufferPointer<Float>) {
    guard !row.isEmpty, row.allSatisfy({ $0.isFinite }) else { return }
    let largest = row.reduce(-Double.infinity) { max($0, Self.logit($1)) }
    let sum = row.reduce(0.0) { $0 + exp((Self.logit($1) - largest) / value) }
    for index in row.indices {
      row[index] = Float(exp((Self.logit(row[index]) - largest) / value) / sum)
    }
  }

  /// ln p; a probability too small for a `Float`, 0, counts as the smallest normal one.
  package static func logit(_ probability: Float) -> Double {
    log(Double(max(probability, Float.leastNormalMagnitude)))
  }
}
