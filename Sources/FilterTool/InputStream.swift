import FrameStream
import SystemIO

/// An opened stream to read, and its name in messages.
package struct InputStream {
  /// Reads its records; stops when a signal comes.
  package let reader: StreamReader
  /// The file's name, or "standard input".
  package let name: String

  /// Opens a stream by its name, `-` being standard input.
  /// - Throws: ``Failure``: `inputOutput` for a file that cannot be opened, `usage` for a terminal, or for a file that is an output,
  ///   too.
  package init(_ path: String, _ tool: Tool) throws(Failure) {
    let isStandardInput = path == "-"
    if isStandardInput, Descriptor.standardInput.isTerminal {
      throw Failure(
        .usage, step: "nothing to read", cause: "standard input is a terminal; see \(tool.name) --help")
    }
    let file = FilePath.ofFileURL(path) ?? path
    try tool.places.claim(input: isStandardInput ? "/dev/stdin" : file)
    let descriptor: Descriptor =
      isStandardInput ? .standardInput : try .openForReading(file, unless: tool.stop.descriptor)
    reader = StreamReader(descriptor, stop: tool.stop.descriptor)
    name = isStandardInput ? "standard input" : path
  }
}
