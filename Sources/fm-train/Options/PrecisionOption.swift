import ArgumentParser
import NetworkEngine

/// The numbers that a finished model computes with.
struct PrecisionOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Numbers to compute with; auto is what fm-classify chooses.", valueName: "auto|f32|bf16|int8"))
  var precision = PrecisionChoice.auto
}

extension PrecisionChoice: ExpressibleByArgument {}
