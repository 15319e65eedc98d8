import FrameStream
import SystemIO
import Testing

@testable import FilterTool

/// A stage that lets each frame wait for the next two.
private final class PatientStage: LookaheadStage {
  let log: Log
  let keepsPayloads: Bool
  let entersHistory: Bool
  private var waiting = 0
  private var isEnded = false

  init(_ log: Log, keepsPayloads: Bool = false, entersHistory: Bool = true) {
    self.log = log
    self.keepsPayloads = keepsPayloads
    self.entersHistory = entersHistory
  }

  func receive(_ frame: Record) throws(Failure) {
    isEnded = false
    waiting += 1
  }
  var mayRelease: Bool { waiting > (isEnded ? 0 : 2) }
  func release(_ frame: Record) throws(Failure) {
    waiting -= 1
    log.add("frame \(frame.sequence)\(frame.hasPixels ? "" : " without pixels")")
  }
  func endStream() { isEnded = true }
  func isCutShort(_ frames: Int) {}
  func pass(_ record: Record) throws(Failure) { log.add(record.subject) }
}

@Suite(.timeLimit(.minutes(1)))
struct LookaheadTests {
  /// Four frames, and a packet after each.
  private var stream: [UInt8] {
    var stream = StreamText()
    for number in 0..<4 {
      stream.frame(number)
      stream.line(#"{"type":"packet","track":\#(number + 1),"bytes":2}"#, payload: [1, 2])
    }
    stream.end(4)
    return stream.bytes
  }

  /// Packets come to the stage in their turn, behind the frames that wait, as they go into the output.
  @Test func packetsWaitWithTheFrames() throws {
    let log = Log()
    let run = try PipelineRun(stream, PatientStage(log))
    #expect(run.failure == nil)
    #expect(log.all == (0..<4).flatMap { ["frame \($0)", "packet of track \($0 + 1)"] })
    #expect(try run.lines.count == 10)
  }

  /// Without payloads in the output, they are gone before the release, unless the stage needs them.
  @Test(arguments: [false, true]) func payloadsAreKeptOnDemand(_ keepsPayloads: Bool) throws {
    let log = Log()
    let run = try PipelineRun(stream, PatientStage(log, keepsPayloads: keepsPayloads), dropsPayloads: true)
    #expect(log.all.contains("frame 0") == keepsPayloads)
    #expect(try run.lines.allSatisfy { !$0.contains("bytes") })
  }

  @Test(arguments: [false, true]) func aStageThatAddsNothingLeavesNoTrace(_ entersHistory: Bool) throws {
    let run = try PipelineRun(stream, PatientStage(Log(), entersHistory: entersHistory))
    #expect(try run.lines[0].contains("history") == entersHistory)
  }
}
