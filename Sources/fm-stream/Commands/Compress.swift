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

  @OptionGroup var source: StreamArgument
  @OptionGroup var target: StreamTarget
  @OptionGroup var compression: CompressionOptions
  @OptionGroup var existing: ExistingOutput
  @OptionGroup var messages: MessageOptions

  func validate() throws { try existing.validate([target.output]) }

  func execute(_ tool: Tool) throws(Failure) {
    try existing.unlessWhole([target.output], tool) { () throws(Failure) in try write(tool) }
  }

  private func write(_ tool: Tool) throws(Failure) {
    let stream = try StoredInput(source.input, tool)
    defer { stream.close() }
    let result = try StoredOutput(target.output, compression.form, tool)
    try StreamCopy(tool, from: stream, to: result).run { (_, _) throws(Failure) in .written }
  }
}
