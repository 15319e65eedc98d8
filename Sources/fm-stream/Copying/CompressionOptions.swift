import ArgumentParser
import FilterTool
import StoredStream

/// How a compressed stream is made.
struct CompressionOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Level of zstd, from 1 (fast) to 19 (small).", valueName: "n"))
  var level = 3

  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    guard (1...19).contains(level) else { throw ValidationError("--level is from 1 to 19.") }
  }

  var form: StoredForm { .compressed(level: level, threads: threads.count) }
}

/// Whether a stream is compressed that otherwise would not be.
struct CompressionChoice: ParsableArguments {
  @Flag(
    name: [.customShort("z"), .long],
    help: "Compress the output, with an index, as fm-stream compress does (default for a FILE.zst).")
  var compress = false

  @OptionGroup var compression: CompressionOptions

  /// The form of the output with a name.
  func form(of output: String) -> StoredForm {
    compress || output.hasSuffix(StoredForm.compressedSuffix) ? compression.form : .plain
  }
}
