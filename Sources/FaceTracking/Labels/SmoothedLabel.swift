/// A person's expression at a time, with all that is known of the times around it.
package struct SmoothedLabel: Sendable, Equatable {
  /// The class's index.
  package let index: Int
  /// A probability for each class.
  package let probabilities: [Float]

  init(index: Int, probabilities: [Float]) {
    self.index = index
    self.probabilities = probabilities
  }

  /// The class of the largest probability; nil without classes.
  init?(_ probabilities: [Float]) {
    guard let best = probabilities[...].indexOfMaximum() else { return nil }
    self.init(index: best, probabilities: probabilities)
  }
}

extension ArraySlice where Element == Float {
  /// The index of the largest value; the first of equal ones.
  func indexOfMaximum() -> Int? { indices.max { self[$0] < self[$1] || self[$0] == self[$1] && $0 > $1 } }
}
