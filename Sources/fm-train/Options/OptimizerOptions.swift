import ArgumentParser
import ExpressionTraining
import NetworkModel
import NetworkTraining

/// How weights are trained.
struct OptimizerOptions: RecipeOptions {
  @Option(number: "n", "Number of epochs (default: 16).", name: .shortAndLong)
  var epochs: Int?

  @Option(number: "n", "Batch size (default: 32).")
  var batchSize: Int?

  @Option(choice: "Optimizer, with Keras's constants (default: adam).")
  var optimizer: OptimizerAlgorithm?

  @Option(number: "f", "Peak learning rate (default: 0.001; 0.01 for sgd).")
  var learningRate: Double?

  @Option(
    choice:
      "Learning rate schedule: constant, cosine to 0, step down, or down on a plateau (default: constant).")
  var schedule: LearningRateSchedule.Shape?

  @Option(
    number: "epochs", "Epochs during which the rate first rises from 0; may be a fraction (default: 0).")
  var warmUp: Double?

  @Option(number: "n", "Epochs between two steps of the step schedule (default: 10).")
  var stepEpochs: Int?

  @Option(number: "f", "Decay factor of the step and plateau schedules (default: 0.1).")
  var factor: Double?

  @Option(
    number: "n", "Epochs without improvement before the plateau schedule lowers the rate (default: 10).")
  var patience: Int?

  @Option(
    number: "f",
    "Decoupled decay of all weights, as Keras's weight_decay (default: 0.004 for adamw, otherwise none).")
  var weightDecay: Double?

  @Option(number: "f", "L2 penalty on kernels, added to the gradient (default: 0).")
  var l2: Double?

  @Option(number: "f", "Nesterov momentum of sgd (default: 0.9).")
  var momentum: Double?

  @Option(number: "f", "Scale gradients so that their global norm is at most this (Keras's global_clipnorm).")
  var clipNorm: Double?

  @Option(number: "f", "Share of each target that is spread over all classes (default: 0).")
  var labelSmoothing: Double?

  @Option(
    value: "none|balanced|class=f,...",
    "Class weights in the loss: balanced, or a weight per class, 1 for those not named (default: none).",
    completion: .list(["none", "balanced"]))
  var classWeights: String?

  @Option(number: "m", "Validate and save a moving average of the weights, with this momentum.")
  var average: Double?

  @Option(number: "epochs", "Stop after this many epochs without improvement in validation accuracy.")
  var earlyStopping: Int?

  @Option(
    choice:
      "Number format to compute in; weights stay f32; auto is bf16 where the processor is fast at it (default: f32)."
  )
  var precision: Recipe.Precision?

  @Option(number: "n", "Random seed (default: 1).")
  var seed: Int?

  var values: [(key: String, value: (any CustomStringConvertible)?)] {
    [
      ("epochs", epochs), ("batch_size", batchSize), ("optimizer", optimizer?.rawValue),
      ("learning_rate", learningRate), ("schedule", schedule?.rawValue), ("warm_up", warmUp),
      ("step_epochs", stepEpochs), ("factor", factor), ("patience", patience),
      ("weight_decay", weightDecay), ("l2", l2), ("momentum", momentum), ("clip_norm", clipNorm),
      ("label_smoothing", labelSmoothing), ("class_weights", classWeights), ("average", average),
      ("early_stopping", earlyStopping), ("precision", precision?.rawValue), ("seed", seed),
    ]
  }
}
