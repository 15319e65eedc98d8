import ArgumentParser
import ExpressionTraining

/// Which network is trained.
struct NetworkOptions: RecipeOptions {
  @Option(help: ArgumentHelp("A network made here (default: classic).", valueName: "classic|compact"))
  var architecture: Architecture.Name?

  @Option(
    help: ArgumentHelp("Begin with the architecture and the weights of a Keras model.", valueName: "file"))
  var from: String?

  @Flag(help: "Of the --from file take the architecture only.")
  var fromScratch = false

  @Option(
    help: ArgumentHelp(
      "Filters of each convolution (classic) or block (compact): 128,256,512 or 32,64,128,256.",
      valueName: "n,n,..."))
  var filters: WholeNumbers?

  @Option(
    help: ArgumentHelp(
      "Kernel sides likewise; the last one serves the rest: 9,6,3 or 3.", valueName: "n,n,..."))
  var kernels: WholeNumbers?

  @Option(
    help: ArgumentHelp("Units of the dense layers before the last: 128,64 (classic).", valueName: "n,n,..."))
  var denseUnits: WholeNumbers?

  @Option(
    help: ArgumentHelp("Rate of the dropout layers, 0 for none (default: 0.5, compact 0.3).", valueName: "f"))
  var dropout: Double?

  @Option(
    help: ArgumentHelp(
      "How kernels are drawn: glorot_uniform, glorot_normal, he_normal, he_uniform, lecun_normal, lecun_uniform.",
      valueName: "name"))
  var initializer: String?

  @Option(help: ArgumentHelp("Bring pictures to this side in pixels (default: 48).", valueName: "pixels"))
  var size: Int?

  var values: [(key: String, value: (any CustomStringConvertible)?)] {
    [
      ("architecture", architecture?.rawValue), ("from", from), ("from_scratch", fromScratch ? true : nil),
      ("filters", filters), ("kernels", kernels), ("dense_units", denseUnits), ("dropout", dropout),
      ("initializer", initializer), ("size", size),
    ]
  }
}
