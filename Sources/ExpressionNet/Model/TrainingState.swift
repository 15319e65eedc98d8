import FrameStream

/// What a model file keeps so that training can go on: how the model was compiled, and the optimizer's variables.
public struct TrainingState: Sendable {
  /// A variable of Keras's optimizer.
  public struct Variable: Sendable {
    public enum Values: Sendable {
      case floats([Float])
      /// Whole numbers, stored in 64 bits or in 32.
      case integers([Int64], isLong: Bool)
    }

    public var shape: [Int]
    public var values: Values

    public init(shape: [Int], values: Values) {
      self.shape = shape
      self.values = values
    }
  }

  /// Keras's `compile_config`: optimizer, loss, metrics.
  public var compilation: JSONValue?
  /// The optimizer's variables in Keras's order: iterations, learning rate, then its state for each weight.
  public var optimizer: [Variable] = []

  public init(compilation: JSONValue? = nil, optimizer: [Variable] = []) {
    self.compilation = compilation
    self.optimizer = optimizer
  }
}
