import NetworkEngine
import NetworkModel
import NetworkTraining
import SystemIO

extension Recipe {
  /// The numbers that the network computes with; ``precision`` is no longer auto.
  var networkPrecision: NetworkModel.Precision { precision == .bf16 ? .bf16 : .f32 }

  /// The optimizer that the recipe means.
  var optimizerConfiguration: OptimizerConfiguration {
    var result = OptimizerConfiguration(optimizer)
    if optimizer.hasMomentum {
      result.momentum = Float(momentum ?? 0.9)
      result.nesterov = nesterov && result.momentum > 0
    }
    result.beta1 = Float(beta1)
    result.beta2 = Float(beta2)
    result.epsilon = Float(epsilon)
    if let weightDecay { result.weightDecay = Float(weightDecay) }
    result.l2 = Float(l2)
    result.clipping = clipNorm.map { .globalNorm(Float($0)) }
    return result
  }

  /// How teachers count in the loss; nil if there are none.
  var distillation: Distillation? {
    get throws(Failure) {
      teachers.isEmpty
        ? nil : try Distillation(temperature: Float(teacherTemperature), weight: Float(teacherWeight))
    }
  }

  /// The optimizer, with the regularizers of the graph's layers, and the state that a model file has of one of its
  /// kind.
  func makeOptimizer(
    for network: TrainingNetwork, _ graph: ModelGraph, state: TrainingState?, threads: Int
  ) throws(Failure) -> Optimizer {
    let made = Optimizer(
      optimizerConfiguration, parameters: network.parameters,
      threads: threads > 0 ? threads : Processors.available)
    made.penalties = graph.penalties(of: network.parameters)
    // The state of another optimizer is of no use to this one.
    guard let state, let old = try? Optimizer(state, parameters: network.parameters),
      old.configuration.algorithm == made.configuration.algorithm
    else { return made }
    var snapshot = old.snapshot
    let wanted = made.snapshot
    // Averages are kept apart from the optimizer here.
    snapshot.arrays[2] = []
    guard snapshot.arrays.map(\.count) == wanted.arrays.map(\.count) else { return made }
    try made.restore(snapshot)
    return made
  }
}
