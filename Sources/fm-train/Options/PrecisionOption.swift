import ArgumentParser
import NetworkEngine

/// The number format that a finished model computes in.
struct PrecisionOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Number format to compute in; auto is what fm-classify or fm-detect chooses.",
      valueName: "auto|f32|bf16|int8"))
  var precision = PrecisionChoice.auto
}

extension PrecisionChoice: ExpressibleByArgument {}
