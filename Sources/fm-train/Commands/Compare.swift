import ArgumentParser
import FilterTool
import SystemIO
import TrainingReports

/// Several reports in one table and one figure.
struct Compare: FilterCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare the reports of several trainings.",
    discussion: """
        fm-train compare classic.report compact.report -o both.png
      """)

  @Argument(
    help: ArgumentHelp("Report folder written by fit or evaluate.", valueName: "report"),
    completion: .directory)
  var reports: [String]

  @Option(
    value: "file", "Draw all curves in one figure: a PNG or SVG file.", name: .shortAndLong,
    completion: .file())
  var output: String?

  @Flag(help: "Print NDJSON: one JSON object per report.")
  var json = false

  @OptionGroup var messages: MessageOptions

  func execute(_ tool: Tool) throws(Failure) {
    var folders: [ReportFolder] = []
    for path in reports { folders.append(try ReportFolder(reading: path)) }
    let comparison = try RunComparison(folders)
    if let warning = comparison.warning { tool.diagnostics.warn(warning) }
    if let output { try Figure.comparison(comparison, title: "Comparison of runs").write(to: output) }
    try tool.print(json ? String(decoding: comparison.ndjson(), as: UTF8.self) : comparison.text)
  }
}
