import ArgumentParser
import ExpressionTraining
import FilterTool
import SystemIO

/// Several reports in one table and one figure.
struct Compare: FilterCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare the reports of several trainings.",
    discussion: """
        fm-train compare classic.report compact.report -o both.png
      """)

  @Argument(help: ArgumentHelp("Folders that fit or evaluate has written.", valueName: "report"))
  var reports: [String]

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Draw the curves of all in one figure, PNG or SVG.", valueName: "file"))
  var output: String?

  @Flag(help: "Print NDJSON: one JSON object a report.")
  var json = false

  @OptionGroup var messages: MessageOptions

  func execute(_ tool: Tool) throws(Failure) {
    var folders: [ReportFolder] = []
    for path in reports { folders.append(try ReportFolder(reading: path)) }
    let comparison = try RunComparison(folders)
    if let warning = comparison.warning { tool.diagnostics.warn(warning) }
    if let output { try comparison.write(figure: output) }
    try tool.print(json ? String(decoding: comparison.ndjson(), as: UTF8.self) : comparison.text)
  }
}
