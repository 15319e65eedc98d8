import ArgumentParser
import ExpressionTraining

/// How weights are moved.
struct OptimizerOptions: RecipeOptions {
  @Option(
    name: .shortAndLong, parsing: .unconditional,
    help: ArgumentHelp("Times to go through all pictures (default: 16).", valueName: "n")
  )
  var epochs: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Pictures in one step (default: 32).", valueName: "n"))
  var batchSize: Int?

  @Option(help: ArgumentHelp("The optimizer (default: adam).", valueName: "adam|adamw|sgd"))
  var optimizer: Recipe.OptimizerName?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The highest learning rate (default: 0.001, sgd 0.01).", valueName: "f"))
  var learningRate: Double?

  @Option(
    help: ArgumentHelp(
      "How the rate moves: constant, cosine to 0, step down, or down on a plateau (default: constant).",
      valueName: "constant|cosine|step|plateau"))
  var schedule: LearningRateSchedule.Shape?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Epochs in which the rate rises from 0 first (default: 0).", valueName: "epochs"))
  var warmUp: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Epochs between two steps of the schedule step (default: 10).", valueName: "n"))
  var stepEpochs: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("What step and plateau multiply the rate with (default: 0.1).", valueName: "f"))
  var factor: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Epochs without improvement that make a plateau (default: 10).", valueName: "n"))
  var patience: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Decay of all weights apart from the loss, as Keras's weight_decay.", valueName: "f"))
  var weightDecay: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Decay of kernels as a part of the loss's gradient.", valueName: "f"))
  var l2: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Momentum of sgd, Nesterov's (default: 0.9).", valueName: "f"))
  var momentum: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Scale gradients so that their norm is at most this.", valueName: "f"))
  var clipNorm: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Share of the target spread over all classes (default: 0).", valueName: "f"))
  var labelSmoothing: Double?

  @Option(
    help: ArgumentHelp(
      "Weights of classes in the loss, 1 for those not named; in quotes if with a comma (default: none).",
      valueName: "none|balanced|class=f,..."),
    completion: .list(["none", "balanced"]))
  var classWeights: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Keep a moving average of the weights, with this momentum, and use it.", valueName: "m"))
  var average: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("End after so many epochs without a better validation.", valueName: "epochs"))
  var earlyStopping: Int?

  @Option(
    help: ArgumentHelp(
      "Numbers to compute with; weights stay f32 (default: f32). auto is bf16 where the processor has it.",
      valueName: "f32|bf16|auto"))
  var precision: Recipe.Precision?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("What all that is random follows from (default: 1).", valueName: "n"))
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
