import ArgumentParser
import FilterTool
import FrameStream
import StoredStream
import SystemIO

/// Makes a stored stream able to be read from any frame on.
struct Index: FilterCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a stream with an index, by which fm-stream view finds frames at once.",
    discussion: """
        fm-decode party.mp4 | fm-detect | fm-stream index > party.fm
        fm-stream index party.fm -o party.fm
      """)

  @Argument(
    help: ArgumentHelp("Stream to read; - is standard input.", valueName: "file"), completion: .file())
  var input = "-"

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "File to write the stream to, complete or not at all; - is standard output.", valueName: "file"),
    completion: .file())
  var output = "-"

  @OptionGroup var existing: ExistingOutput
  @OptionGroup var messages: MessageOptions

  func validate() throws { try existing.validate([output]) }

  func execute(_ tool: Tool) throws(Failure) {
    try existing.unlessWhole([output], tool) { () throws(Failure) in try write(tool) }
  }

  private func write(_ tool: Tool) throws(Failure) {
    let source = try StoredInput(input, tool, mayBeReplaced: true)
    defer { source.close() }
    let target = try StoredOutput(output, .indexed, tool)
    try StreamCopy(tool, from: source, to: target).run { (_, _) throws(Failure) in .written }
  }
}
