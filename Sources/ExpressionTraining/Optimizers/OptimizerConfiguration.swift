/// Which optimizer, with which constants. The rules and the defaults are Keras 3's (keras.optimizers).
public struct OptimizerConfiguration: Sendable, Equatable {
  public enum Algorithm: String, Sendable, CaseIterable {
    /// Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015.
    case adam
    /// Adam with decoupled weight decay (Loshchilov and Hutter, 2019): Keras's decay of 0.004 unless said otherwise.
    case adamW = "adamw"
    /// Stochastic gradient descent, with momentum where it is not 0.
    case sgd
  }

  /// How gradients are bounded; at most one way, as in Keras.
  public enum Clipping: Sendable, Equatable {
    /// Each weight's gradient to this Euclidean norm (`clipnorm`).
    case norm(Float)
    /// Each value to this magnitude (`clipvalue`).
    case value(Float)
    /// All gradients together to this Euclidean norm (`global_clipnorm`).
    case globalNorm(Float)
  }

  public var algorithm: Algorithm
  /// SGD's momentum; 0 for none.
  public var momentum: Float = 0
  /// SGD looks ahead (Nesterov).
  public var nesterov = false
  public var beta1: Float = 0.9
  public var beta2: Float = 0.999
  public var epsilon: Float = 1e-7
  /// Keras's `weight_decay`: before its update a weight loses this share of itself times the learning rate. 0 for none.
  public var weightDecay: Float = 0
  /// True to spare biases and the factors and summands of batch normalisation from weight decay. (Keras's
  /// `exclude_from_weight_decay`, which its files do not keep.)
  public var decaysKernelsOnly = false
  /// Adds this times the kernel to each kernel's gradient: the coupled weight decay of the classic SGD recipe, and
  /// Keras's `regularizers.L2` with half this factor. 0 for none.
  public var l2: Float = 0
  public var clipping: Clipping?
  /// Keeps an average of the weights: average·this + weight·(1 - this) after each step (Keras's `ema_momentum`). nil
  /// for none.
  public var averageMomentum: Float?

  public init(_ algorithm: Algorithm = .adam) {
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
