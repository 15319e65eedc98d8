import FilterTool
import FrameStream
import StoredStream
import SystemIO

/// Reads streams, changes or leaves out records, and writes the rest.
struct StreamCopy {
  private let tool: Tool
  private let input: StoredInput
  private let output: StoredOutput

  /// What becomes of a record.
  enum Fate {
    case written, leftOut
    /// Left out; the next record to read begins elsewhere.
    case leftOutAndJump(to: Int)
  }

  init(_ tool: Tool, from input: StoredInput, to output: StoredOutput) {
    self.tool = tool
    self.input = input
    self.output = output
  }

  /// Copies until the input ends, and gives a file its name.
  /// - Parameter edit: what becomes of each record, which it may change.
  /// - Throws: `Failure`: what is wrong with the input, after the records before it have been written and the stream
  ///   closed; also if a stage upstream did not end well.
  func run(_ edit: (Record, StreamReader) throws(Failure) -> Fate) throws(Failure) {
    let reader = input.makeReader()
    let record = Record()
    var progress = Progress(tool.diagnostics, output: nil)
    var upstream: Failure?
    var isKept = true
    var frames = 0
    do throws(Failure) {
      reading: while true {
        switch try reader.read(into: record) {
        case .end: break reading
        case .stopped:
          output.close(.interrupted, .interrupted)
          return try output.keep()
        case .record: break
        }
        if record.kind == .frame {
          frames += 1
          progress.update(frames: frames, of: nil)
        }
        if record.kind == .end {
          let end = try EndRecord(record.line)
          upstream = upstream ?? end.failure(subject: input.name)
          isKept = isKept && end.status.keepsRecords
        }
        switch try edit(record, reader) {
        case .written: try output.write(record)
        case .leftOut: break
        case .leftOutAndJump(let offset): try reader.seek(to: offset)
        }
      }
    } catch {
      let failure =
        error.kind == .brokenPipe || error.subject == "output" ? error : error.within(input.name)
      output.close(.error, failure)
      throw failure
    }
    // Records that were only interrupted are good; those of a failure are not kept as a whole stream.
    guard let upstream else { return try output.commit() }
    if isKept { try output.commit() } else { output.close(.error, upstream) }
    throw upstream
  }
}
