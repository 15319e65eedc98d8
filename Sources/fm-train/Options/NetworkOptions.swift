import ArgumentParser
import ExpressionTraining
import FilterTool
import SystemIO

/// Which network is trained.
struct NetworkOptions: RecipeOptions {
  @Option(choice: "Architecture of a new network (default: classic).")
  var architecture: Architecture.Name?

  @Option(
    value: "file", "Start from the architecture and weights of this Keras model, a file or a shipped model.",
    completion: .names(ShippedFiles.models.names, orFiles: ["keras", "h5", "hdf5"]))
  var from: String?

  @Flag(help: "Use only the architecture of the --from model, with fresh weights.")
  var fromScratch = false

  @Option(
    value: "n,n,...",
    "Filters per convolution or block (default: 128,256,512 for classic, 32,64,128,256 for the others).")
  var filters: WholeNumbers?

  @Option(
    value: "n,n,...",
    "Kernel size per convolution or block; the last value is repeated (default: 9,6,3 for classic, 3 for the others)."
  )
  var kernels: WholeNumbers?

  @Option(value: "n,n,...", "Units of the dense layers before the last (default: 128,64 for classic).")
  var denseUnits: WholeNumbers?

  @Option(value: "f", "Dropout rate; 0 means none (default: 0.5 for classic, 0.3 for the others).")
  var dropout: Double?

  @Option(
    value: "name",
    "Kernel initializer: glorot_uniform (the default), glorot_normal, he_normal, he_uniform, lecun_normal or lecun_uniform."
  )
  var initializer: String?

  @Option(
    value: "pixels", "Resize pictures to this side in pixels (default: 48, or the input of the --from model)."
  )
  var size: Int?

  var values: [(key: String, value: (any CustomStringConvertible)?)] {
    [
      ("architecture", architecture?.rawValue), ("from", from), ("from_scratch", fromScratch ? true : nil),
      ("filters", filters), ("kernels", kernels), ("dense_units", denseUnits), ("dropout", dropout),
      ("initializer", initializer), ("size", size),
    ]
  }
}
