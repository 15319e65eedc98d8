import ArgumentParser
import FilterTool

@main
struct Train: FilterCommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "fm-train",
    abstract: "Train, evaluate, tune and quantize expression networks.",
    discussion: """
      Without the name of a subcommand it is fit: it trains a network on a folder of pictures by class and writes it \
      as a Keras file. `fm-train fit --help` lists its options.

        fm-train expressions.keras faces/train --validation faces/validation --epochs 60
        fm-train evaluate expressions.keras faces/validation
      """,
    version: "fm-train \(toolVersion)",
    subcommands: [
      Fit.self, Evaluate.self, Tune.self, Calibrate.self, Quantize.self, Export.self, Show.self, Compare.self,
    ],
    defaultSubcommand: Fit.self)
}
