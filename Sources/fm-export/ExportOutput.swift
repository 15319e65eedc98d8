import FilterTool
import FindingsExport
import SystemIO

/// A file that is written, in its format.
final class ExportOutput {
  let name: String
  let format: ExportFormat
  let writer: any FindingsWriter
  private let file: OutputFile
  private let text: TextOutput

  init(_ path: String, _ format: ExportFormat, _ options: ExportOptions, _ tool: Tool) throws(Failure) {
    name = Tool.isStandardOutput(path) ? "standard output" : path
    self.format = format
    file = try OutputFile(path, tool, isBinary: false)
    tool.stop.boundWrites(to: file.descriptor)
    text = TextOutput(file.descriptor, name: name)
    writer = format.makeWriter(text, options)
  }

  /// Writes what is still held.
  func flush() throws(Failure) { try text.flush() }

  /// Gives the file its name.
  func commit() throws(Failure) { try file.commit() }
}
