import ArgumentParser
import FrameStream
import SystemIO

/// Which stream a tool reads.
package struct StreamArgument: ParsableArguments, Sendable {
  /// Its file; `-` is standard input.
  @Argument(
    help: ArgumentHelp("Stream to read; - is standard input.", valueName: "file"), completion: .file())
  package var input = "-"

  /// Standard input.
  package init() {}
}

/// Where a tool writes its stream.
package struct StreamTarget: ParsableArguments, Sendable {
  /// The file; `-` is standard output.
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "File to write the stream to, complete or not at all; - is standard output.", valueName: "file"),
    completion: .file())
  package var output = "-"

  /// Standard output.
  package init() {}
}

/// Where a filter reads and writes its stream.
package struct StreamOptions: ParsableArguments, Sendable {
  @OptionGroup private var source: StreamArgument
  @OptionGroup private var target: StreamTarget

  /// The stream to read; `-` is standard input.
  package var input: String { source.input }
  /// The stream to write; `-` is standard output.
  package var output: String { target.output }

  /// Whether payloads are dropped.
  @Flag(
    help:
      "Drop frame and packet payloads; the rest of the pipe is then NDJSON (one JSON object per line)."
  )
  package var noPixels = false

  /// Whether an output that is whole stays.
  @OptionGroup package var existing: ExistingOutput

  /// From standard input to standard output.
  package init() {}

  /// Checks that there is an output that can be left alone.
  package func validate() throws { try existing.validate([output]) }
}

/// How many threads a filter uses.
package struct ThreadOptions: ParsableArguments, Sendable {
  /// As on the command line: 0 is one for each processor.
  @Option(help: ArgumentHelp("Number of threads; 0 means one per processor.", valueName: "n"))
  package var threads = 0

  /// One for each processor.
  package init() {}

  /// Checks the range.
  package func validate() throws {
    guard (0...1024).contains(threads) else { throw ValidationError("--threads is from 0 to 1024.") }
  }

  /// The number of threads, `0` resolved to the number of processors that this process may use.
  package var count: Int { threads > 0 ? threads : Processors.available }
}

extension StreamOptions {
  /// Runs the stage that `makeStage` makes from the input's stream to the output's.
  /// - Parameters:
  ///   - workers: how many frames may be in work at once, if the stage can be copied.
  ///   - makeStage: makes the stage when both ends are open; called with the input's name for messages.
  /// - Throws: as ``FilterRun/run(_:from:to:dropsPayloads:workers:makeStage:)``.
  package func run(
    _ tool: Tool, workers: Int = 1, makeStage: (_ inputName: String) throws(Failure) -> any Stage
  ) throws(Failure) {
    try existing.unlessWhole([output], tool) { () throws(Failure) in
      try FilterRun.run(
        tool, from: input, to: output, dropsPayloads: noPixels, workers: workers, makeStage: makeStage)
    }
  }
}
