import FrameStream

/// What a model file keeps so that training can continue: how the model was compiled, and the optimizer's variables.
package struct TrainingState: Sendable {
  /// A variable of Keras's optimizer.
  package struct Variable: Sendable {
    /// A variable's values, the last dimension fastest.
    package enum Values: Sendable {
      case floats([Float])
      /// Whole numbers, stored in 64 bits or in 32.
      case integers([Int64], isLong: Bool)
    }

    /// The sides; none for a single value.
    package var shape: [Int]
    /// As many as `shape` says.
    package var values: Values

    /// A variable of a shape.
    package init(shape: [Int], values: Values) {
      self.shape = shape
      self.values = values
    }
  }

  /// Keras's `compile_config`: optimizer, loss, metrics.
  package var compilation: JSONValue?
  /// The optimizer's variables in Keras's order: iterations, learning rate, then its state for each weight.
  package var optimizer: [Variable] = []

  /// The state of a file or of a training; empty unless given.
  package init(compilation: JSONValue? = nil, optimizer: [Variable] = []) {
    self.compilation = compilation
    self.optimizer = optimizer
  }
}
