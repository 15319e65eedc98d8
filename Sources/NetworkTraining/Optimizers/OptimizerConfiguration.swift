/// Which optimizer, with which constants. The rules and the defaults are Keras 3's (keras.optimizers).
package struct OptimizerConfiguration: Sendable, Equatable {
  /// How gradients are bounded; at most one way, as in Keras.
  package enum Clipping: Sendable, Equatable {
    /// Each weight's gradient to this Euclidean norm (`clipnorm`).
    case norm(Float)
    /// Each value to this magnitude (`clipvalue`).
    case value(Float)
    /// All gradients together to this Euclidean norm (`global_clipnorm`).
    case globalNorm(Float)
  }

  /// The rule by which weights are moved.
  package var algorithm: OptimizerAlgorithm
  /// SGD's momentum; 0 for none.
  package var momentum: Float = 0
  /// True for SGD with Nesterov's momentum.
  package var nesterov = false
  /// Adam's decay of the first moments.
  package var beta1: Float = 0.9
  /// Adam's decay of the second moments.
  package var beta2: Float = 0.999
  /// Adam's summand against division by zero.
  package var epsilon: Float = 1e-7
  /// Keras's `weight_decay`: before its update a weight loses this share of itself times the learning rate. 0 for none.
  package var weightDecay: Float = 0
  /// True to exclude biases and the scales and offsets of batch normalization from weight decay. (Keras's
  /// `exclude_from_weight_decay`, which its files do not keep.)
  package var decaysKernelsOnly = false
  /// Adds this times the kernel to each kernel's gradient: the coupled weight decay of the classic SGD recipe, and
  /// Keras's `regularizers.L2` with half this factor. 0 for none.
  package var l2: Float = 0
  /// Nil for gradients without bounds.
  package var clipping: Clipping?
  /// Keeps an average of the weights: average·this + weight·(1 - this) after each step (Keras's `ema_momentum`). nil
  /// for none.
  package var averageMomentum: Float?

  /// Keras's defaults for an algorithm.
  package init(_ algorithm: OptimizerAlgorithm = .adam) {
    self.algorithm = algorithm
    weightDecay = algorithm.defaultWeightDecay ?? 0
  }

  /// Values of state that each weight has.
  var slotCount: Int { algorithm.slotCount(self) }
}
