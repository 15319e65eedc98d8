import ArgumentParser
import FilterTool
import SystemIO

/// Trained networks whose answers are learned from too.
struct TeacherOptions: RecipeOptions {
  @Option(
    name: .customLong("teacher"),
    help: ArgumentHelp(
      "Learn also from the answers of this model, a file or a shipped model of the same classes and input; give it several times for the mean of several.",
      valueName: "file"),
    completion: .names(ShippedFiles.models.names, orFiles: ["keras", "h5", "hdf5"]))
  var teachers: [String] = []

  @Option(
    number: "t", "Temperature that softens the answers of the teachers and of the network (default: 4).")
  var teacherTemperature: Double?

  @Option(
    number: "f", "Weight of the teachers in the loss, 0 to 1; labels and votes get the rest (default: 0.9).")
  var teacherWeight: Double?

  var values: [(key: String, value: (any CustomStringConvertible)?)] {
    [
      ("teacher", teachers.isEmpty ? nil : teachers), ("teacher_temperature", teacherTemperature),
      ("teacher_weight", teacherWeight),
    ]
  }
}
