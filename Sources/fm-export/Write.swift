import ArgumentParser
import FilterTool
import FindingsExport
import SystemIO

/// Findings in other formats.
struct Write: FilterCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write findings in one or more formats, in one pass.",
    discussion: """
        fm-export faces.ndjson -o talk.csv -o talk.vtt -o talk.html
        fm-export -f srt < faces.ndjson > talk.srt
      """)

  @Argument(
    help: ArgumentHelp("Stream to read; - is standard input.", valueName: "file"), completion: .file())
  var input = "-"

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "File to write, complete or not at all; - is standard output. The option may be repeated.",
      valueName: "file"), completion: .file())
  var output: [String] = []

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Format of the output (default: by the file's name, csv for standard output); repeated, one for each output.",
      valueName: "name"), completion: .list(ExportFormat.all.map(\.name)))
  var format: [String] = []

  @Flag(help: "List the formats: names, ends of file names, and what reads them.")
  var formats = false

  @OptionGroup var existing: ExistingOutput
  @OptionGroup var runs: RunChoices

  @Option(
    help: ArgumentHelp(
      "Video that the html report plays: a path as seen from the report, or a URL.", valueName: "file"),
    completion: .file())
  var video: String?

  @Flag(
    help: "Keep what came before the input was cut or a tool before this one failed; the exit status stays.")
  var partial = false

  @OptionGroup var messages: MessageOptions

  func validate() throws {
    let outputs = max(output.count, 1)
    guard format.count <= 1 || format.count == outputs else {
      throw ValidationError("--format is given once for all outputs, or once for each of them.")
    }
    for name in format where ExportFormat.named(name) == nil {
      throw ValidationError(
        "there is no format '\(name)'; there are \(ExportFormat.all.map(\.name).joined(separator: ", ")).")
    }
    try existing.validate(output)
    for (index, path) in output.enumerated() where chosenFormat(index) == nil {
      throw ValidationError("the name of '\(path)' does not say the format; --format does.")
    }
  }

  /// The format of an output by its place; nil if nothing says it.
  private func chosenFormat(_ index: Int) -> ExportFormat? {
    if let name = format.count == 1 ? format[0] : format.indices.contains(index) ? format[index] : nil {
      return ExportFormat.named(name)
    }
    guard output.indices.contains(index), !Tool.isStandardOutput(output[index]) else {
      return ExportFormat.named("csv")
    }
    return ExportFormat.of(path: output[index])
  }

  func execute(_ tool: Tool) throws(Failure) {
    if formats {
      try tool.print(
        table: [["name", "files", "what it is"]]
          + ExportFormat.all.map { format in
            [format.name, format.extensions.map { "." + $0 }.joined(separator: " "), format.summary]
          })
      return
    }
    try existing.unlessWhole(output, tool) { () throws(Failure) in try write(tool) }
  }

  private func write(_ tool: Tool) throws(Failure) {
    var options = ExportOptions()
    options.generator = "fm-export " + toolVersion
    options.isRaw = runs.raw
    options.video = video
    // Kept here: after a failure the pipeline has released its own, and what was whole may still be wanted.
    var kept: ExportStage?
    do throws(Failure) {
      try FilterRun.run(tool, from: input, to: nil) { (inputName) throws(Failure) in
        var outputs: [ExportOutput] = []
        for (index, path) in (output.isEmpty ? ["-"] : output).enumerated() {
          guard let format = chosenFormat(index) else { continue }
          outputs.append(try ExportOutput(path, format, options, tool))
        }
        reportIdleOptions(outputs, tool)
        let stage = ExportStage(outputs, runs.options, inputName: inputName, tool.diagnostics)
        kept = stage
        return stage
      }
    } catch {
      if partial, error.kind != .brokenPipe { try kept?.keepWhatIsWhole() }
      throw error
    }
  }

  /// Says which options change nothing in which formats.
  private func reportIdleOptions(_ outputs: [ExportOutput], _ tool: Tool) {
    var said: Set<String> = []
    for output in outputs where said.insert(output.format.name).inserted {
      let idle = runs.idle(in: output.format.uses)
      if !idle.isEmpty {
        tool.diagnostics.warn(
          "\(output.name): \(idle.joined(separator: " and ")) change\(idle.count == 1 ? "s" : "") nothing in the format "
            + output.format.name)
      }
    }
    if video != nil, !outputs.contains(where: { $0.format.uses.contains(.video) }) {
      tool.diagnostics.warn("--video changes nothing: no output is an html report")
    }
  }
}
