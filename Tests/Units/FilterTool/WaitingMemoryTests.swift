import FilterTool
import FrameStream
import SystemIO
import Testing

/// Keeps all frames until the stream ends, and then looks at what they hold.
private final class KeepingStage: LookaheadStage {
  /// What the stage says that it keeps for each frame.
  var frameMemory = 0
  private(set) var frames: [Record] = []
  private(set) var held = 0
  private(set) var cutShort: Int?

  var mayRelease: Bool { false }
  var waitingMemory: Int { frames.count * frameMemory }
  func receive(_ frame: Record) throws(Failure) { frames.append(frame) }
  func release(_ frame: Record) throws(Failure) { frames.removeFirst() }
  func endStream() { held = frames.reduce(0) { $0 + $1.memory } }
  func isCutShort(_ frames: Int) { cutShort = frames }
}

/// What the records that wait for a stage hold.
struct WaitingMemoryTests {
  private let side = 160

  private func stream(_ count: Int, packets: Int = 0) -> [UInt8] {
    var stream = StreamText()
    for sequence in 0..<count {
      stream.frame(sequence, width: side, height: side)
      for _ in 0..<packets {
        stream.line(#"{"type":"packet","track":1,"pts":\#(sequence),"bytes":8}"#, payload: Array(0..<8))
      }
    }
    stream.end(count)
    return stream.bytes
  }

  /// Pictures that are dropped leave no memory with the lines that wait.
  @Test func linesThatWaitHoldNoPictures() throws {
    for count in [50, 200] {
      let stage = KeepingStage()
      let run = try PipelineRun(stream(count), stage, dropsPayloads: true)
      #expect(run.failure == nil)
      #expect(try run.lines.count == count + 2)
      #expect(stage.held < count * 2048, "\(stage.held / count) bytes a frame")
    }
  }

  /// Records are used again, a frame's for a packet: then it must not keep a frame's memory.
  @Test func packetsThatWaitHoldNoPictures() throws {
    let stage = PassingStage()
    let input = stream(60, packets: 4)
    let run = try PipelineRun(input, stage)
    #expect(run.failure == nil)
    #expect(try run.lines.count == 60 * 5 + 2)
    #expect(run.output.count > 60 * side * side)
    #expect(stage.buffers.filter { $0 > side * side }.count <= 20 + 4)
  }

  @Test func whatTheStageKeepsCounts() throws {
    let stage = KeepingStage()
    stage.frameMemory = 1 << 27
    let run = try PipelineRun(stream(10), stage, dropsPayloads: true)
    #expect(try run.lines.count == 12)
    #expect(stage.cutShort == 4)
  }
}

/// Lets ten frames wait, and notes the buffers of the records that it saw.
private final class PassingStage: LookaheadStage {
  private var waiting = 0
  private var records: [ObjectIdentifier: Record] = [:]

  /// How many bytes the payloads' buffers have.
  var buffers: [Int] { records.values.map(\.payload.capacity) }
  var mayRelease: Bool { waiting > 10 }
  func receive(_ frame: Record) throws(Failure) {
    waiting += 1
    records[ObjectIdentifier(frame)] = frame
  }
  func release(_ frame: Record) throws(Failure) { waiting -= 1 }
  func endStream() {}
  func isCutShort(_ frames: Int) {}
}
