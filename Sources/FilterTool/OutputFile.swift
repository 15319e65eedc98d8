import SystemIO

/// Where a tool's data goes: standard output, or a file that appears under its name when it is whole.
package struct OutputFile {
  /// Where the bytes are to be written.
  package let descriptor: Descriptor
  private let file: FileReplacement?

  /// Opens the file, or takes standard output for `-` and its other names.
  /// - Parameter isBinary: whether a terminal cannot show what is written.
  /// - Throws: ``Failure``: `inputOutput` if it cannot be created, `usage` for binary data on a terminal, or if it is an input or
  ///   another output, too.
  package init(_ path: String, _ tool: Tool, isBinary: Bool = true) throws(Failure) {
    let path = FilePath.ofFileURL(path) ?? path
    try tool.places.claim(output: path)
    file =
      Tool.isStandardOutput(path) ? nil : try FileReplacement(path: path, unless: tool.stop.descriptor)
    descriptor = file?.descriptor ?? tool.standardOutput
    if isBinary, descriptor.isTerminal {
      throw Failure(
        .usage, step: "refusing to write binary data to a terminal",
        cause: "pipe it into another tool, or use --output FILE, or --no-pixels if the tool has it")
    }
  }

  /// Whether the file is invisible before ``commit()``.
  package var isHidden: Bool { file?.isHidden ?? false }

  /// Gives a file its final name; to be called when all has been written.
  /// - Throws: ``Failure`` (`inputOutput`) naming it.
  package func commit() throws(Failure) { try file?.commit() }

  /// Removes what was written of a file; its name keeps what it had.
  package func discard() { file?.discard() }
}
