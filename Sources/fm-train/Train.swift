import ArgumentParser
import FilterTool

@main
struct Train: FilterCommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "fm-train",
    abstract: "Train, evaluate, tune and quantize expression networks.",
    usage: """
      fm-train [fit] [<options>] <model> <folder>
      fm-train <subcommand> [<options>] ...
      """,
    discussion: """
      Without a subcommand it runs fit, which trains a network on a folder of pictures by class and writes it as a \
      Keras file.

        fm-train my.keras faces/train
        fm-train my.keras faces/train -v faces/validation --epochs 60
        fm-train evaluate my.keras faces/validation
      """,
    version: versionLine("fm-train"),
    subcommands: [
      Fit.self, TrainDetector.self, Evaluate.self, Tune.self, Calibrate.self, Quantize.self, Export.self,
      Show.self, Compare.self,
    ],
    defaultSubcommand: Fit.self)

  static let commonOptions = [
    "--validation", "--validation-split", "--architecture", "--from", "--epochs", "--batch-size",
    "--learning-rate", "--recipe", "--continue", "--restart",
  ]
}
