import ArgumentParser
import ExpressionTraining

/// Which network is trained.
struct NetworkOptions: RecipeOptions {
  @Option(choice: "A network made here (default: classic).")
  var architecture: Architecture.Name?

  @Option(value: "file", "Begin with the architecture and the weights of a Keras model.")
  var from: String?

  @Flag(help: "Use only the architecture of the --from model, with fresh weights.")
  var fromScratch = false

  @Option(
    value: "n,n,...",
    "Filters of each convolution (classic) or block (compact): 128,256,512 or 32,64,128,256.")
  var filters: WholeNumbers?

  @Option(
    value: "n,n,...",
    "Kernel size per convolution or block; the last value is repeated (default: 9,6,3 for classic, 3 for compact)."
  )
  var kernels: WholeNumbers?

  @Option(value: "n,n,...", "Units of the dense layers before the last: 128,64 (classic).")
  var denseUnits: WholeNumbers?

  @Option(value: "f", "Rate of the dropout layers, 0 for none (default: 0.5, compact 0.3).")
  var dropout: Double?

  @Option(
    value: "name",
    "How kernels are initialized: glorot_uniform, glorot_normal, he_normal, he_uniform, lecun_normal, lecun_uniform."
  )
  var initializer: String?

  @Option(value: "pixels", "Resize pictures to this side in pixels (default: 48).")
  var size: Int?

  var values: [(key: String, value: (any CustomStringConvertible)?)] {
    [
      ("architecture", architecture?.rawValue), ("from", from), ("from_scratch", fromScratch ? true : nil),
      ("filters", filters), ("kernels", kernels), ("dense_units", denseUnits), ("dropout", dropout),
      ("initializer", initializer), ("size", size),
    ]
  }
}
