import FrameStream
import SystemIO

/// The whole work of a filter: open both ends, move the stream through a stage, give the output its final name.
package enum FilterRun {
  /// Runs a filter until its input ends or a signal comes.
  /// - Parameters:
  ///   - input: the name of the stream to read; `-` is standard input.
  ///   - output: the name of the stream to write; nil if the stage itself is where the stream ends.
  ///   - dropsPayloads: whether payloads are left out (`--no-pixels`).
  ///   - workers: how many frames may be in work at once, if the stage can be copied.
  ///   - makeStage: makes the stage when both ends are open; called with the input's name for messages.
  /// - Throws: ``Failure``: what opening or the pipeline throws; also, when all has been written, if a stage upstream
  ///   was interrupted by a signal, or the stage's second input is incomplete.
  package static func run(
    _ tool: Tool, from input: String, to output: String?, dropsPayloads: Bool = false, workers: Int = 1,
    makeStage: (_ inputName: String) throws(Failure) -> any Stage
  ) throws(Failure) {
    let source = try InputStream(input, tool)
    let file = try output.map { (path) throws(Failure) in
      try OutputFile(path, tool, isBinary: !dropsPayloads)
    }
    let stage = try makeStage(source.name)
    let pipeline = Pipeline(
      tool, reader: source.reader, inputName: source.name, stage: stage, workers: workers)
    let interruption = try pipeline.run(output: file?.descriptor, dropsPayloads: dropsPayloads)
    try file?.commit()
    if let interruption = interruption ?? stage.interruption { throw interruption }
  }
}
