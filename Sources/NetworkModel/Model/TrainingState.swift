import FrameStream

/// What a model file keeps so that training can go on: how the model was compiled, and the optimizer's variables.
package struct TrainingState: Sendable {
  /// A variable of Keras's optimizer.
  package struct Variable: Sendable {
    package enum Values: Sendable {
      case floats([Float])
      /// Whole numbers, stored in 64 bits or in 32.
      case integers([Int64], isLong: Bool)
    }

    package var shape: [Int]
    package var values: Values

    package init(shape: [Int], values: Values) {
      self.shape = shape
      self.values = values
    }
  }

  /// Keras's `compile_config`: optimizer, loss, metrics.
  package var compilation: JSONValue?
  /// The optimizer's variables in Keras's order: iterations, learning rate, then its state for each weight.
  package var optimizer: [Variable] = []

  package init(compilation: JSONValue? = nil, optimizer: [Variable] = []) {
    self.compilation = compilation
    self.optimizer = optimizer
  }
}
