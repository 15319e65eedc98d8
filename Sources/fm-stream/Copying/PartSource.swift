import FilterTool
import FrameStream
import StoredStream
import SystemIO

/// A part that is to be merged: its beginning has been read. A file is closed in between, so that there may be more parts
/// than a process may have open files.
final class PartSource {
  /// What its stream record says.
  let part: StreamPart
  /// Whether its first record after the stream record has a payload.
  let hasPayloads: Bool
  private let path: String
  private let tool: Tool
  /// A pipe, which is read on from where it is.
  private let pipe: (input: StoredInput, reader: StreamReader, next: Record)?

  /// Opens a stream, and reads the beginning; of a file also the end.
  /// - Throws: `Failure` naming it, if it is no stream, or one that is cut or did not end well.
  init(_ path: String, _ tool: Tool) throws(Failure) {
    (self.path, self.tool) = (path, tool)
    let input = try StoredInput(path, tool)
    var isKept = false
    defer { if !isKept { input.close() } }
    do throws(Failure) {
      if input.descriptor.isRegularFile { try Self.checkEnd(of: input) }
      let reader = input.makeReader()
      let record = Record()
      guard case .record = try reader.read(into: record) else { throw Failure.interrupted }
      let line = record.line
      let next = Record()
      guard case .record = try reader.read(into: next) else { throw Failure.interrupted }
      part = try StreamPart(name: input.name, line: line)
      hasPayloads = next.payloadCount > 0
      pipe = input.descriptor.isRegularFile ? nil : (input, reader, next)
      isKept = pipe != nil
    } catch { throw error.subject.hasPrefix(input.name) ? error : error.within(input.name) }
  }

  /// Refuses at once what a look at the end shows, before anything is written.
  private static func checkEnd(of input: StoredInput) throws(Failure) {
    let reader = input.makeReader()
    if let length = try reader.seekableLength() {
      let ending = try StreamEnding(reader, length: length)
      if let failure = ending.end.failure(step: "cannot merge", subject: "") { throw failure }
    }
    try input.rewind()
  }

  /// Writes the part's records without its first and last one.
  /// - Returns: false if a signal came.
  /// - Throws: `Failure` naming the part.
  func copy(to output: StoredOutput, _ sequence: inout PartSequence) throws(Failure) -> Bool {
    let input: StoredInput
    if let pipe { input = pipe.input } else { input = try StoredInput(path, tool) }
    defer { input.close() }
    let reader = pipe?.reader ?? input.makeReader()
    let record = pipe?.next ?? Record()
    do throws(Failure) {
      if pipe == nil {
        guard case .record = try reader.read(into: record) else { return false }
        guard record.line.bytes == part.line.bytes else {
          throw Failure(.badInput, step: "cannot merge", cause: "it has changed meanwhile")
        }
        guard case .record = try reader.read(into: record) else { return false }
      }
      while record.kind != .end {
        if try sequence.takes(record) { try output.write(record) }
        guard case .record = try reader.read(into: record) else { return false }
      }
      try sequence.end(record.line)
      switch try reader.read(into: record) {
      case .stopped: return false
      case .end: return true
      case .record:
        throw Failure(.badInput, step: "cannot merge", cause: "it has more than one stream")
      }
    } catch {
      let isNamed =
        error.kind == .brokenPipe || error.subject == "output" || error.subject.hasPrefix(part.name)
      throw isNamed ? error : error.within(part.name)
    }
  }
}
