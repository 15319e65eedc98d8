import ArgumentParser
import FilterTool

@main
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fm-train",
    abstract: "Train, evaluate and quantize expression networks.",
    version: "fm-train \(toolVersion)")
}
