import ArgumentParser
import FilterTool
import FrameStream
import StoredStream
import SystemIO

/// Puts the parts of a stream together.
struct Merge: FilterCommand {
  static let configuration = CommandConfiguration(
    abstract: "Put the parts of a stream together; refuse them if one is missing, double or cut.",
    discussion: """
        fm-stream merge part-1.ndjson part-2.ndjson part-3.ndjson > party.ndjson
        fm-stream merge parts/*.fm.zst -o party.fm.zst
      """)

  @Argument(
    help: ArgumentHelp(
      "Streams to merge, in any order if they are chunks of fm-decode --chunk, otherwise in theirs.",
      valueName: "file"), completion: .file())
  var inputs: [String]

  @OptionGroup var target: StreamTarget

  @Flag(help: "Merge also parts that differ in source or in how they were made.")
  var force = false

  @OptionGroup var compression: CompressionChoice
  @OptionGroup var existing: ExistingOutput
  @OptionGroup var messages: MessageOptions

  func validate() throws { try existing.validate([target.output]) }

  func execute(_ tool: Tool) throws(Failure) {
    try existing.unlessWhole([target.output], tool) { () throws(Failure) in try merge(tool) }
  }

  private func merge(_ tool: Tool) throws(Failure) {
    var parts: [StreamPart] = []
    var sources: [PartSource] = []
    for path in inputs {
      let source = try PartSource(path, tool)
      sources.append(source)
      parts.append(source.part)
    }
    let order = try parts.arranged()
    try compare(parts, order, tool)
    guard let first = order.first else { return }
    let result = try StoredOutput(
      target.output, compression.form(of: target.output), isText: !sources.contains(where: \.hasPayloads),
      tool)
    do throws(Failure) {
      let record = Record()
      record.line = parts[first].lineOfWhole
      try record.line.appendHistory(
        HistoryEntry(
          name: tool.name, version: toolVersion, arguments: tool.arguments, options: tool.options))
      try record.interpret()
      try result.write(record)
      var sequence = PartSequence()
      for index in order {
        sequence.begin(parts[index])
        guard try sources[index].copy(to: result, &sequence) else {
          result.close(.interrupted, .interrupted)
          return try result.keep()
        }
      }
      try result.end(sequence.ending)
      tool.diagnostics.note("\(order.count) parts, \(sequence.frameCount) frames")
    } catch {
      result.close(.error, error)
      throw error
    }
    try result.commit()
  }

  /// Refuses parts of different streams.
  private func compare(_ parts: [StreamPart], _ order: [Int], _ tool: Tool) throws(Failure) {
    guard let first = order.first else { return }
    for index in order.dropFirst() {
      guard let difference = PartComparison.difference(of: parts[index], from: parts[first]) else { continue }
      let cause = "\(difference) as in \(parts[first].name)"
      guard force else {
        throw Failure(
          .badInput, step: "cannot merge", subject: parts[index].name, cause: "\(cause) (--force merges it)")
      }
      tool.diagnostics.warn("\(parts[index].name): \(cause)")
    }
    if parts[first].line.history.contains(where: { $0.name == "fm-track" }), order.count > 1 {
      tool.diagnostics.warn(
        "fm-track has numbered the people of each part by itself: run it on the merged stream")
    }
  }
}
