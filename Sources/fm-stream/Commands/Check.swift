import ArgumentParser
import FilterTool
import FrameStream
import Glibc
import StoredStream
import SystemIO
import TextTables

/// Says whether streams are whole and valid.
struct Check: FilterCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say whether streams are whole and valid, in a line for each.",
    discussion: """
        fm-stream check party.fm
        fm-stream check --quick parts/*.fm.zst && fm-stream merge parts/*.fm.zst -o party.fm.zst
      """)

  @Argument(
    help: ArgumentHelp("Streams to check; - is standard input.", valueName: "file"), completion: .file())
  var inputs: [String] = ["-"]

  @Flag(help: "Look at the beginning and the end of each file only.")
  var quick = false

  @Flag(help: "Accept missing frame numbers that the stream does not explain.")
  var allowGaps = false

  @OptionGroup var messages: MessageOptions

  func execute(_ tool: Tool) throws(Failure) {
    let rules = try StreamRules(schema: quick ? nil : schema(tool))
    // All are checked; the last one that is not whole gives the exit status.
    var pending: Failure?
    for path in inputs {
      do throws(Failure) {
        let input = try StoredInput(path, tool)
        defer { input.close() }
        do throws(Failure) {
          let summary = quick ? try lookQuickly(at: input) : try read(input, rules, tool)
          if !messages.quiet {
            try tool.print("\(SingleLine.text(input.name, limit: 4096)): \(summary)\n")
          }
        } catch { throw error.kind == .brokenPipe ? error : error.within(input.name) }
      } catch {
        if let pending { tool.diagnostics.fail(pending) }
        pending = error
        if error.kind == .brokenPipe || error == .interrupted.within(path) { break }
      }
    }
    if let pending { throw pending }
  }

  /// The shipped schema; nil, with a warning, if it is not installed.
  private func schema(_ tool: Tool) throws(Failure) -> [UInt8]? {
    let path: String
    do throws(Failure) { path = try ShippedFiles.schemas.shipped("fm-stream") } catch {
      tool.diagnostics.warn("\(error); the values of keys are not checked")
      return nil
    }
    return try WholeFile.read(path, limit: 1 << 20, only: .regular)
  }

  /// Reads all of a stream.
  private func read(_ input: StoredInput, _ rules: StreamRules, _ tool: Tool) throws(Failure) -> String {
    let indexes = try knownIndexes(of: input)
    let reader = input.makeReader()
    reader.keepsIndex = true
    var table: SeekTableCheck?
    if input.descriptor.isRegularFile {
      // Before the first frame is decompressed.
      let isSeekable = try reader.seekableLength() != nil
      if let compression = reader.compression {
        if let found = try compression.seekTable() { table = SeekTableCheck(found, compression) }
      } else if isSeekable {
        try reader.seek(to: 0)
      }
    }
    let inspection = StreamInspection(rules, allowsGaps: allowGaps, indexes: indexes)
    let record = Record()
    var progress = Progress(tool.diagnostics, output: nil)
    reading: while true {
      let offset = reader.offset
      switch try reader.read(into: record) {
      case .end: break reading
      case .stopped: throw .interrupted
      case .record: try inspection.add(record, at: offset, to: reader.offset)
      }
      progress.update(frames: inspection.facts.frames, of: nil)
    }
    try table?.finish()
    if let failure = inspection.statusFailure { throw failure }
    var facts = inspection.facts
    if reader.compression != nil { facts.note(compressedByteCount: input.descriptor.fileLength) }
    if indexes.unchecked > 0 {
      tool.diagnostics.warn(
        "\(input.name): \(indexes.unchecked) index\(indexes.unchecked == 1 ? "" : "es") not checked: "
          + "only those at the end of a file are")
    }
    return "whole: \(facts.summary)"
  }

  /// The indexes at the end of a file; none for a pipe.
  private func knownIndexes(of input: StoredInput) throws(Failure) -> KnownIndexes {
    guard input.descriptor.isRegularFile else { return KnownIndexes() }
    let reader = input.makeReader()
    var indexes = KnownIndexes()
    do throws(Failure) {
      if let length = try reader.seekableLength() { indexes = try KnownIndexes(reader, length: length) }
    } catch {
      // Reading it from the beginning says what is wrong, and where.
      guard error.kind == .badInput else { throw error }
    }
    try input.rewind()
    return indexes
  }

  /// Reads both ends of a file.
  private func lookQuickly(at input: StoredInput) throws(Failure) -> String {
    let reader = input.makeReader()
    guard let length = try reader.seekableLength() else {
      throw Failure(
        .usage, step: "--quick",
        cause: "this can only be read from its beginning: a pipe, or compressed without a seek table")
    }
    let ending = try StreamEnding(reader, length: length)
    if let failure = ending.end.failure(step: "not whole", subject: "end record") { throw failure }
    try reader.seek(to: 0)
    let record = Record()
    guard case .record = try reader.read(into: record) else { throw .interrupted }
    let header = try StreamHeader(record.line)
    try input.rewind()
    if case .untrue(let reason) = try FoundIndex.look(
      in: input.descriptor, for: { index, _ in index.entries.last })
    {
      throw Failure(.badInput, step: "bad index", cause: reason)
    }
    var facts = StreamFacts()
    facts.note(
      ending, header, byteCount: length,
      compressedByteCount: reader.compression == nil ? nil : input.descriptor.fileLength)
    return "both ends are good: \(facts.summary)"
  }
}
