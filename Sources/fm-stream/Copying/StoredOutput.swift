import FilterTool
import FrameStream
import StoredStream
import SystemIO

/// Where a stream is written, in one of its forms, and what becomes of it when something fails.
final class StoredOutput {
  private let file: OutputFile
  private let writer: StoredStreamWriter
  private let tool: Tool
  private let isTerminal: Bool

  /// - Parameter isText: whether the stream has no payloads.
  /// - Throws: `Failure`: `inputOutput` if the file cannot be made, `usage` for binary data on a terminal.
  init(_ path: String, _ form: StoredForm, isText: Bool = false, _ tool: Tool) throws(Failure) {
    var isBinary = !isText
    if case .compressed = form { isBinary = true }
    file = try OutputFile(path, tool, isBinary: isBinary)
    isTerminal = file.descriptor.isTerminal
    writer = StoredStreamWriter(file.descriptor, form)
    self.tool = tool
    tool.stop.beginWork()
    tool.stop.boundWrites(to: file.descriptor)
  }

  /// How many frames the present stream has so far.
  var frames: Int { writer.frames }

  /// Writes a record.
  /// - Throws: `Failure`: `brokenPipe`, or what is wrong with the output.
  func write(_ record: Record) throws(Failure) {
    if isTerminal { record.line.escapeControls() }
    do throws(Failure) { try writer.write(record) } catch {
      throw error.kind == .failed ? error.within(record.subject) : error.within("output")
    }
  }

  /// Ends the present stream with a record of one's own.
  func end(_ line: RecordLine) throws(Failure) {
    do throws(Failure) { try writer.end(line) } catch { throw error.within("output") }
  }

  /// The work has failed: closes the stream, if it is open, with an end record that says why. A file is not kept.
  /// - Parameter status: `interrupted` for what a signal has ended, which a file keeps.
  func close(_ status: EndRecord.Status, _ failure: Failure) {
    guard failure.kind != .brokenPipe else { return }
    if writer.isInsideStream {
      var line = RecordLine()
      line.assign(EndRecord(frames: writer.frames, status: status, message: "\(tool.name): \(failure)"))
      // If this cannot be written, the reader sees a cut stream, which says the same.
      try? writer.end(line)
    }
    try? writer.finish()
  }

  /// All has been written: a file gets its name.
  func commit() throws(Failure) {
    do throws(Failure) { try writer.finish() } catch { throw error.within("output") }
    try file.commit()
  }

  /// What was written is kept as it is, after ``close(_:_:)``.
  func keep() throws(Failure) { try file.commit() }
}
