import ArgumentParser
import FilterTool
import FrameStream
import SystemIO

/// Where the report goes.
struct ReportOptions: ParsableArguments {
  @Option(
    value: "folder",
    "Folder to write the report to (default: the model's name with .report instead of .keras).",
    completion: .directory)
  var report: String?

  @Flag(help: "Write no report.")
  var noReport = false

  @Flag(help: "Print NDJSON to standard output: one JSON object per line.")
  var json = false

  func validate() throws {
    if report != nil, noReport { throw ValidationError("--report and --no-report exclude each other.") }
  }

  /// The report's folder; nil for none.
  func folder(forModel path: String) -> String? {
    if noReport { return nil }
    if let report { return report }
    for ending in [".keras", ".h5", ".hdf5"] where path.hasSuffix(ending) {
      return path.dropLast(ending.count) + ".report"
    }
    return path + ".report"
  }
}
