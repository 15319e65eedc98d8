import Glibc

/// The hidden Markov chain of a person's expression: how long one lasts, and how much a frame's answer counts.
struct LabelChain: Sendable {
  /// Changes of expression a second.
  var changeRate = 0.5
  /// How long a classifier's errors last, seconds: answers within that time count as one.
  var errorMemory = 0.08
  /// The least probability that an answer counts with.
  var floor: Float = 0.01
  /// The time constant of exponential smoothing, seconds.
  var meanMemory = 0.3
  /// What comes later than this, in seconds, changes nothing any more: the chain has long forgotten.
  var horizon = 30.0

  /// The probability that an expression lasts `seconds`.
  func stay(_ seconds: Double) -> Float { Float(exp(-changeRate * max(0, seconds))) }

  /// How much an answer counts that comes `seconds` after the one before.
  func weight(_ seconds: Double) -> Float { Float(min(1, max(0.02, seconds / errorMemory))) }

  /// How much of a mean is left after `seconds`.
  func kept(_ seconds: Double) -> Float { Float(exp(-max(0, seconds) / meanMemory)) }

  /// Makes `values` the chain's distribution after a step: it stays, or becomes any class at random.
  static func step(_ values: UnsafeMutablePointer<Float>, _ count: Int, stay: Float) {
    var sum: Float = 0
    for index in 0..<count { sum += values[index] }
    let other = (1 - stay) * sum / Float(count)
    for index in 0..<count { values[index] = stay * values[index] + other }
  }

  /// Makes `values`, the logarithms of the best course's probability that ends in each class, those after a step, up to
  /// a constant: the best is 0.
  static func bestStep(_ values: UnsafeMutablePointer<Float>, _ count: Int, stay: Float) {
    let share = (1 - stay) / Float(count)
    let staying = log(stay + share)
    var other = -Float.infinity
    for index in 0..<count { other = max(other, values[index]) }
    other += log(max(share, 1e-30))
    for index in 0..<count { values[index] = max(values[index] + staying, other) }
    normalizeBest(values, count)
  }

  /// Divides `values` by their sum, if that is not 0.
  static func normalize(_ values: UnsafeMutablePointer<Float>, _ count: Int) {
    var sum: Float = 0
    for index in 0..<count { sum += values[index] }
    guard sum > 0 else { return }
    for index in 0..<count { values[index] /= sum }
  }

  /// Makes the largest of logarithms 0.
  static func normalizeBest(_ values: UnsafeMutablePointer<Float>, _ count: Int) {
    var top = -Float.infinity
    for index in 0..<count { top = max(top, values[index]) }
    for index in 0..<count { values[index] -= top }
  }
}
