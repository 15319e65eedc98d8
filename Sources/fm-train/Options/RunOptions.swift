import ArgumentParser
import FilterTool
import SystemIO

/// How a training runs.
struct RunOptions: ParsableArguments {
  @Option(
    value: "file.json",
    "JSON file of hyper-parameters, or the name of a shipped recipe; options take precedence over it.",
    completion: .names(ShippedFiles.recipes.names, orFiles: ["json"]))
  var recipe: String?

  @Flag(name: .customLong("continue"), help: "Train a finished model further, for --epochs more epochs.")
  var continuesTraining = false

  @Flag(help: "Discard the checkpoint, and a finished model, and start over.")
  var restart = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Minutes between checkpoints, in addition to those after each epoch.", valueName: "minutes"))
  var checkpointMinutes = 5.0

  @OptionGroup var classes: ClassNamesOption

  func validate() throws {
    if continuesTraining, restart { throw ValidationError("--continue and --restart exclude each other.") }
    guard checkpointMinutes >= 0, checkpointMinutes < 1e6 else {
      throw ValidationError("--checkpoint-minutes is from 0 to 1000000.")
    }
  }
}
