import ArgumentParser
import FrameStream
import SystemIO

/// Where a filter reads and writes its stream.
package struct StreamOptions: ParsableArguments, Sendable {
  @Argument(
    help: ArgumentHelp("The stream to read; - is standard input.", valueName: "file"), completion: .file())
  package var input = "-"

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write the stream there, whole or not at all; - is standard output.", valueName: "file"),
    completion: .file())
  package var output = "-"

  @Flag(
    help:
      "Drop the payloads of frames and packets, so that the rest of the pipe is NDJSON (one JSON object a line)."
  )
  package var noPixels = false

  package init() {}
}

/// How many threads a filter works with.
package struct ThreadOptions: ParsableArguments, Sendable {
  @Option(help: ArgumentHelp("Work with this many threads; 0 is one for each processor.", valueName: "n"))
  package var threads = 0

  package init() {}

  package func validate() throws {
    guard (0...1024).contains(threads) else { throw ValidationError("--threads is from 0 to 1024.") }
  }

  /// The number of threads, `0` resolved to the number of processors that there are for this process.
  package var count: Int { threads > 0 ? threads : Processors.available }
}

/// An opened input and output stream, and how to name them in messages.
package struct OpenedStreams {
  /// Reads the input.
  package let reader: StreamReader
  /// What the input is called in messages.
  package let inputName: String
  let outputFile: FileReplacement?
  /// Where the output goes.
  package let outputDescriptor: Descriptor

  /// Gives a named output its final name; to be called when all has been written.
  package func commit() throws(Failure) {
    try outputFile?.commit()
  }
}

extension StreamOptions {
  /// Opens both ends.
  /// - Throws: ``Failure``: `inputOutput` for files, `usage` for binary output to a terminal.
  package func open(_ tool: Tool) throws(Failure) -> OpenedStreams {
    let source = try StreamOptions.openInput(input, tool)
    let file: FileReplacement? =
      Tool.isStandardOutput(output)
      ? nil : try FileReplacement(path: output, unless: tool.stop.descriptor)
    let descriptor = file?.descriptor ?? tool.standardOutput
    if descriptor.isTerminal, !noPixels { throw StreamOptions.refusal() }
    return OpenedStreams(
      reader: source.reader, inputName: source.name, outputFile: file, outputDescriptor: descriptor)
  }

  /// Opens a stream to read by its name, `-` being standard input.
  package static func openInput(
    _ path: String, _ tool: Tool
  ) throws(Failure) -> (reader: StreamReader, name: String) {
    if path == "-", Descriptor.standardInput.isTerminal {
      throw Failure(
        .usage, step: "nothing to read", cause: "standard input is a terminal; see \(tool.name) --help")
    }
    let descriptor: Descriptor =
      path == "-" ? .standardInput : try .openForReading(path, unless: tool.stop.descriptor)
    return (
      StreamReader(descriptor, stop: tool.stop.descriptor), path == "-" ? "standard input" : path
    )
  }

  /// The answer to a person who would have pixels poured over the terminal.
  package static func refusal() -> Failure {
    Failure(
      .usage, step: "refusing to write binary data to a terminal",
      cause: "pipe it into another tool, give --output FILE, or --no-pixels where there is that option")
  }
}
