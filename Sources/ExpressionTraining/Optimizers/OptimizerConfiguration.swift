/// Which optimizer, with which constants. The rules and the defaults are Keras 3's (keras.optimizers).
package struct OptimizerConfiguration: Sendable, Equatable {
  package enum Algorithm: String, Sendable, CaseIterable {
    /// Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015.
    case adam
    /// Adam with decoupled weight decay (Loshchilov and Hutter, 2019): Keras's decay of 0.004 unless said otherwise.
    case adamW = "adamw"
    /// Stochastic gradient descent, with momentum where it is not 0.
    case sgd
  }

  /// How gradients are bounded; at most one way, as in Keras.
  package enum Clipping: Sendable, Equatable {
    /// Each weight's gradient to this Euclidean norm (`clipnorm`).
    case norm(Float)
    /// Each value to this magnitude (`clipvalue`).
    case value(Float)
    /// All gradients together to this Euclidean norm (`global_clipnorm`).
    case globalNorm(Float)
  }

  package var algorithm: Algorithm
  /// SGD's momentum; 0 for none.
  package var momentum: Float = 0
  /// SGD looks ahead (Nesterov).
  package var nesterov = false
  package var beta1: Float = 0.9
  package var beta2: Float = 0.999
  package var epsilon: Float = 1e-7
  /// Keras's `weight_decay`: before its update a weight loses this share of itself times the learning rate. 0 for none.
  package var weightDecay: Float = 0
  /// True to spare biases and the factors and summands of batch normalisation from weight decay. (Keras's
  /// `exclude_from_weight_decay`, which its files do not keep.)
  package var decaysKernelsOnly = false
  /// Adds this times the kernel to each kernel's gradient: the coupled weight decay of the classic SGD recipe, and
  /// Keras's `regularizers.L2` with half this factor. 0 for none.
  package var l2: Float = 0
  package var clipping: Clipping?
  /// Keeps an average of the weights: average·this + weight·(1 - this) after each step (Keras's `ema_momentum`). nil
  /// for none.
  package var averageMomentum: Float?

  package init(_ algorithm: Algorithm = .adam) {
    self.algorithm = algorithm
    if algorithm == .adamW { weightDecay = 0.004 }
  }

  /// Values of state that each weight has.
  var slotCount: Int {
    switch algorithm {
    case .adam, .adamW: 2
    case .sgd: momentum == 0 ? 0 : 1
    }
  }
}
