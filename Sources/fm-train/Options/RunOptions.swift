import ArgumentParser
import SystemIO

/// How a training goes about.
struct RunOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Take hyper-parameters from a JSON file; options given here come before it.", valueName: "file.json"))
  var recipe: String?

  @Flag(name: .customLong("continue"), help: "Train a finished model on, for --epochs more epochs.")
  var goesOn = false

  @Flag(help: "Drop the checkpoint, and a finished model, and begin anew.")
  var restart = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Write a checkpoint so often, besides those after each epoch.", valueName: "minutes"))
  var checkpointMinutes = 5.0

  @OptionGroup var classes: ClassNamesOption

  func validate() throws {
    if goesOn, restart { throw ValidationError("--continue and --restart exclude each other.") }
    guard checkpointMinutes >= 0, checkpointMinutes < 1e6 else {
      throw ValidationError("--checkpoint-minutes is from 0 to 1000000.")
    }
  }
}
