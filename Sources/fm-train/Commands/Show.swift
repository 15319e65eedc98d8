import ArgumentParser
import ExpressionNet
import ExpressionTraining
import FilterTool
import FrameStream
import SystemIO
import TextTables
import TrainingReports

/// Prints what is in a model file.
struct Show: FilterCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print a model's layers, classes, history and recipe.")

  @OptionGroup var model: ModelOptions

  @Flag(help: "Print fm.json, the member of the file that holds everything but layers and weights.")
  var json = false

  @OptionGroup var messages: MessageOptions

  func execute(_ tool: Tool) throws(Failure) {
    if let detector = DetectorFile(path: try model.find()) { return try detector.show(asJSON: json, tool) }
    let loaded = try model.load(tool, keepingTrainingState: true)
    var information = loaded.information
    if !loaded.hasGuessedClasses { information.classes = loaded.classes }
    if json {
      return try tool.print(String(decoding: information.encoded(), as: UTF8.self) + "\n")
    }
    try tool.print(
      "\(loaded.graph.description)\nClasses: \(NameList.text(of: loaded.classes))"
        + (loaded.hasGuessedClasses ? " (guessed: the file names none)\n" : "\n"))
    let isSaid = information.preprocessing != nil
    try tool.print("\(isSaid ? loaded.inputDescription : "Input: " + loaded.inputSize)\n")
    try tool.print(information.temperatureLines)
    if !loaded.trainingState.optimizer.isEmpty {
      let kind = loaded.trainingState.compilation?["optimizer"]?["class_name"]?.string
      try tool.print("Optimizer: \(Self.line(kind ?? "unknown")), with its state\n")
    }
    if let provenance = information["provenance"] { try show(provenance, tool) }
    let epochs = information["history"]?.array ?? []
    if !epochs.isEmpty {
      let columns = ["epoch", "loss", "accuracy", "val_loss", "val_accuracy", "learning_rate"]
      let rows = epochs.map { record in
        columns.map { key in
          key == "epoch" ? record[key]?.int.map { "\($0)" } ?? "" : Self.digits(record[key]?.double)
        }
      }
      if let stages = (try? TrainingHistory(keptIn: loaded))?.stages { try tool.print("Stages: \(stages)\n") }
      try tool.print("\n")
      try tool.print(table: [columns] + rows)
    }
  }

  private func show(_ provenance: JSONValue, _ tool: Tool) throws(Failure) {
    if let version = provenance["version"]?.string {
      try tool.print("Made by: \(Self.line(version))\n")
    }
    if let pictures = provenance["pictures"], let training = pictures["training"]?.int {
      let validation = pictures["validation"]?.int ?? 0
      try tool.print("Pictures: \(training) for training, \(validation) for validation\n")
    }
    if let epoch = provenance["epoch"]?.int, let epochs = provenance["epochs"]?.int {
      try tool.print("Weights: epoch \(epoch) of \(epochs)\n")
    }
    if let recipe = provenance["recipe"]?.object {
      var writer = JSONWriter()
      writer.value(JSONValue.object(recipe))
      // A model keeps the recipe of its last training.
      let isLast = (recipe["epochs"]?.int ?? .max) < (provenance["epochs"]?.int ?? 0)
      try tool.print(
        "Recipe\(isLast ? " of the last stage" : ""): \(String(decoding: writer.bytes, as: UTF8.self))\n")
    }
  }

  /// A text of the file's on one line.
  private static func line(_ text: String) -> String { SingleLine.text(text, limit: 400) }

  /// About four significant digits.
  private static func digits(_ number: Double?) -> String {
    number.map { DecimalText.rounded($0, $0.magnitude < 0.01 ? 7 : 4) } ?? ""
  }
}
