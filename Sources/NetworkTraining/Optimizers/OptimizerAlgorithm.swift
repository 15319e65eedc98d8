import FrameStream

/// An optimizer's algorithm: everything that distinguishes it from the others, in one value.
///
/// Each has a file of its own, with its update rule; ``allCases`` lists them, and recipes, options and model files go by
/// that list.
package struct OptimizerAlgorithm: Sendable {
  /// Its name in recipes and options.
  let name: String
  /// The name of Keras's class.
  let kerasClass: String
  /// Keras's name for an instance.
  let kerasName: String
  /// Keras's learning rate where none is given.
  package let defaultLearningRate: Double
  /// Keras's weight decay where none is given; nil for an optimizer that Keras builds without one.
  let defaultWeightDecay: Float?
  /// Whether it has a momentum, which recipes may set.
  package let hasMomentum: Bool
  /// Values of state that each weight has: at most two.
  let slotCount: @Sendable (OptimizerConfiguration) -> Int
  /// Writes its own keys of Keras's `get_config()`.
  let writeConstants: @Sendable (OptimizerConfiguration, inout JSONWriter) -> Void
  /// The rule of one step, which is numbered from 1.
  let rule:
    @Sendable (_ configuration: OptimizerConfiguration, _ learningRate: Float, _ step: Int) -> any UpdateRule
}

extension OptimizerAlgorithm: CaseIterable {
  /// All algorithms, the default first.
  package static let allCases: [OptimizerAlgorithm] = [.adam, .adamW, .sgd]
}

extension OptimizerAlgorithm: RawRepresentable, Hashable, CustomStringConvertible {
  /// Its name in recipes and options.
  package var rawValue: String { name }

  /// The algorithm of this name; nil if there is none.
  package init?(rawValue: String) {
    guard let found = Self.allCases.first(where: { $0.name == rawValue }) else { return nil }
    self = found
  }

  /// Algorithms are the same if their names are.
  package static func == (first: Self, second: Self) -> Bool { first.name == second.name }

  /// By the name.
  package func hash(into hasher: inout Hasher) { hasher.combine(name) }

  /// The name.
  package var description: String { name }
}

/// How one step changes weights.
protocol UpdateRule: Sendable {
  /// Changes the weights in `range`.
  /// - Parameters:
  ///   - first, second: The state of each weight, laid out as the weights; nil for what the algorithm does not keep.
  func update(
    _ weight: UnsafeMutablePointer<Float>, _ gradient: UnsafePointer<Float>,
    _ first: UnsafeMutablePointer<Float>?, _ second: UnsafeMutablePointer<Float>?, _ range: Range<Int>)
}
