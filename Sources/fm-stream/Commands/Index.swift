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

  @OptionGroup var source: StreamArgument
  @OptionGroup var target: StreamTarget
  @OptionGroup var existing: ExistingOutput
  @OptionGroup var messages: MessageOptions

  func validate() throws { try existing.validate([target.output]) }

  func execute(_ tool: Tool) throws(Failure) {
    try existing.unlessWhole([target.output], tool) { () throws(Failure) in try write(tool) }
  }

  private func write(_ tool: Tool) throws(Failure) {
    let stream = try StoredInput(source.input, tool, mayBeReplaced: true)
    defer { stream.close() }
    let result = try StoredOutput(target.output, .indexed, tool)
    try StreamCopy(tool, from: stream, to: result).run { (_, _) throws(Failure) in .written }
  }
}
