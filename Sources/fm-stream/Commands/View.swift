import ArgumentParser
import FilterTool
import FrameStream
import StoredStream
import SystemIO

/// Writes a part of a stream.
struct View: FilterCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write some frames, some records, or all without pixels.",
    discussion: """
        fm-stream view --no-pixels party.fm > party.ndjson
        fm-stream view --seq 1000-1100 party.fm | fm-annotate -o part.mp4
        fm-stream view --header party.fm | jq .history
      """)

  @OptionGroup var stream: StreamOptions

  @Flag(help: "Write the stream record only: the first line.")
  var header = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Take the frames with these numbers (their seq): 90000, 100-199, 100- or -99.", valueName: "A-B"))
  var seq: SequenceRange?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Take frames from this time on.", valueName: "seconds"))
  var start: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Take frames before this time.", valueName: "seconds"))
  var end: Double?

  @Option(
    help: ArgumentHelp(
      "Take only the faces of these people, by the numbers of fm-track.", valueName: "n,n,..."))
  var ids: NumberList?

  @Option(
    help: ArgumentHelp(
      "Take only records of these types between the stream and the end record: frame, packet or others.",
      valueName: "name,name,..."))
  var types: String?

  @OptionGroup var compression: CompressionChoice
  @OptionGroup var messages: MessageOptions

  func validate() throws {
    if seq != nil, start != nil || end != nil {
      throw ValidationError("--seq excludes --start and --end.")
    }
    for time in [start, end].compactMap({ $0 }) where !time.isFinite {
      throw ValidationError("--start and --end are seconds.")
    }
    if let start, let end, start >= end { throw ValidationError("--start must be before --end.") }
    if types?.split(separator: ",").isEmpty ?? false {
      throw ValidationError("--types names at least one type.")
    }
  }

  private var range: FrameRange {
    if let seq { return .sequences(seq.range) }
    return start == nil && end == nil ? .all : .times(from: start ?? -.infinity, before: end ?? .infinity)
  }

  func execute(_ tool: Tool) throws(Failure) {
    let input = try StoredInput(stream.input, tool)
    defer { input.close() }
    if header { return try printHeader(of: input, tool) }
    try stream.existing.unlessWhole([stream.output], tool) { () throws(Failure) in try write(input, tool) }
  }

  private func write(_ input: StoredInput, _ tool: Tool) throws(Failure) {
    let range = range
    let index = try findIndex(in: input, for: range, tool)
    var selection = StreamSelection(
      range: range, people: ids.map { Set($0.numbers) },
      types: types.map { Set($0.split(separator: ",").map(String.init)) })
    let output = try StoredOutput(
      stream.output, compression.form(of: stream.output), isText: stream.noPixels, tool)
    try StreamCopy(tool, from: input, to: output).run { (record, reader) throws(Failure) in
      switch record.kind {
      case .stream:
        selection.begin(try StreamHeader(record.line))
        try record.line.appendHistory(
          HistoryEntry(
            name: tool.name, version: toolVersion, arguments: tool.arguments, options: tool.options))
      case .end: record.line.setFrameCount(output.frames)
      default: break
      }
      guard try selection.takes(record) else {
        return index.flatMap { selection.jump(in: $0, from: reader.offset) } ?? .leftOut
      }
      if stream.noPixels { record.dropPayload() }
      return .written
    }
  }

  /// Prints the first line of a stream.
  private func printHeader(of input: StoredInput, _ tool: Tool) throws(Failure) {
    let record = Record()
    let output = try OutputFile(stream.output, tool, isBinary: false)
    do throws(Failure) {
      guard case .record = try input.makeReader().read(into: record) else { throw Failure.interrupted }
    } catch { throw error.within(input.name) }
    if output.descriptor.isTerminal { record.line.escapeControls() }
    try StreamWriter(output.descriptor).write(record.line)
    try output.commit()
  }

  /// The frame at which to begin, and where the frames are over; nil to read from beginning to end.
  private func findIndex(
    in input: StoredInput, for range: FrameRange, _ tool: Tool
  ) throws(Failure) -> IndexJumps? {
    guard range != .all, input.descriptor.isRegularFile else { return nil }
    var entry: IndexRecord.Entry?
    let outcome: FoundIndex.Outcome
    do throws(Failure) {
      outcome = try FoundIndex.look(in: input.descriptor) { (index, header) in
        entry = range.start(in: index, header)
        return entry
      }
      try input.rewind()
    } catch { throw error.within(input.name) }
    switch outcome {
    case .found(let index):
      return IndexJumps(start: entry?.offset, end: range.isOver(with: index.record) ? index.offset : nil)
    case .absent:
      tool.diagnostics.note("\(input.name): no index: reading from the beginning")
    case .untrue(let reason):
      tool.diagnostics.warn("\(input.name): its index is wrong (\(reason)): reading from the beginning")
    }
    return nil
  }
}

/// Where reading may go on by a stream's index.
private struct IndexJumps {
  /// The record of the first frame that may be wanted.
  let start: Int?
  /// What comes behind the frames; nil if wanted frames may follow on others.
  let end: Int?
}

extension StreamSelection {
  /// What an index saves after a record that is not wanted; nil if the next record has to be read.
  fileprivate func jump(in index: IndexJumps, from offset: Int) -> StreamCopy.Fate? {
    if isBefore, let start = index.start, offset < start { return .leftOutAndJump(to: start) }
    if isBehind, let end = index.end, offset < end { return .leftOutAndJump(to: end) }
    return nil
  }
}
