import ArgumentParser
import ExpressionTraining
import NetworkModel

/// How weights are trained.
struct OptimizerOptions: RecipeOptions {
  @Option(number: "n", "Number of epochs (default: 16).", name: .shortAndLong)
  var epochs: Int?

  @Option(number: "n", "Batch size (default: 32).")
  var batchSize: Int?

  @Option(choice: "The optimizer (default: adam).")
  var optimizer: OptimizerAlgorithm?

  @Option(number: "f", "Peak learning rate (default: 0.001; 0.01 for sgd).")
  var learningRate: Double?

  @Option(
    choice:
      "Learning rate schedule: constant, cosine to 0, step down, or down on a plateau (default: constant).")
  var schedule: LearningRateSchedule.Shape?

  @Option(number: "epochs", "Epochs in which the rate rises from 0 first (default: 0).")
  var warmUp: Double?

  @Option(number: "n", "Epochs between two steps of the schedule step (default: 10).")
  var stepEpochs: Int?

  @Option(number: "f", "Decay factor of the step and plateau schedules (default: 0.1).")
  var factor: Double?

  @Option(
    number: "n", "Epochs without improvement before the plateau schedule lowers the rate (default: 10).")
  var patience: Int?

  @Option(number: "f", "Decoupled weight decay of all weights, as Keras's weight_decay.")
  var weightDecay: Double?

  @Option(number: "f", "Decay of kernels as a part of the loss's gradient.")
  var l2: Double?

  @Option(number: "f", "Momentum of sgd, Nesterov's (default: 0.9).")
  var momentum: Double?

  @Option(number: "f", "Scale gradients so that their norm is at most this.")
  var clipNorm: Double?

  @Option(number: "f", "Share of the target spread over all classes (default: 0).")
  var labelSmoothing: Double?

  @Option(
    value: "none|balanced|class=f,...",
    "Weights of classes in the loss, 1 for those not named; in quotes if with a comma (default: none).",
    completion: .list(["none", "balanced"]))
  var classWeights: String?

  @Option(number: "m", "Keep a moving average of the weights, with this momentum, and use it.")
  var average: Double?

  @Option(number: "epochs", "Stop after this many epochs without improvement in validation accuracy.")
  var earlyStopping: Int?

  @Option(
    choice:
      "Numbers to compute with; weights stay f32 (default: f32). auto is bf16 where the processor has it.")
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
