import ArgumentParser
import FilterTool
import FrameStream
import StoredStream
import SystemIO

/// Makes a stream small, and able to be read from any frame on.
struct Compress: FilterCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compress a stream with zstd, with an index, so that all tools and zstd -d read it.",
    discussion: """
        fm-stream compress party.fm -o party.fm.zst
        fm-decode party.mp4 | fm-detect | fm-stream compress > party.fm.zst
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

  @OptionGroup var compression: CompressionOptions
  @OptionGroup var existing: ExistingOutput
  @OptionGroup var messages: MessageOptions

  func validate() throws { try existing.validate([output]) }

  func execute(_ tool: Tool) throws(Failure) {
    try existing.unlessWhole([output], tool) { () throws(Failure) in try write(tool) }
  }

  private func write(_ tool: Tool) throws(Failure) {
    let source = try StoredInput(input, tool)
    defer { source.close() }
    let target = try StoredOutput(output, compression.form, tool)
    try StreamCopy(tool, from: source, to: target).run { (_, _) throws(Failure) in .written }
  }
}
