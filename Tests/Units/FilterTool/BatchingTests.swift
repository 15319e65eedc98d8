import FrameStream
import Glibc
import SystemIO
import Testing

@testable import FilterTool

/// Stages that take several frames at once.
@Suite(.timeLimit(.minutes(1)))
struct BatchingTests {
  /// Marks frames, and notes how many came at once; slow enough for more to come.
  final class Batches: BatchingStage {
    let framesAtOnce: Int
    let log = Log()
    let failing: Int?

    init(_ framesAtOnce: Int, failing: Int? = nil) {
      self.framesAtOnce = framesAtOnce
      self.failing = failing
    }

    func process(_ frame: Record) throws(Failure) {
      if frame.sequence == failing { throw Failure(.badInput, step: "cannot look", cause: "too dark") }
      frame.line.set("mark") { $0.value(frame.sequence) }
      usleep(300)
    }

    func process(_ frames: [Record]) throws(Failure) {
      if let failing, frames.contains(where: { $0.sequence == failing }) {
        throw Failure(.badInput, step: "cannot look", cause: "at one of them")
      }
      log.add("\(frames.count)")
      for frame in frames { frame.line.set("mark") { $0.value(frame.sequence) } }
      usleep(1000)
    }

    func pass(_ record: Record) throws(Failure) { log.add("pass") }
  }

  private var stream: [UInt8] {
    var stream = StreamText()
    for sequence in 0..<90 {
      stream.frame(sequence)
      if sequence % 4 == 1 {
        stream.line(#"{"type":"packet","track":1,"pts":0,"bytes":2}"#, payload: [1, 2])
      }
      if sequence == 40 {
        stream.end(41)
        stream.line(
          #"{"fm":1,"type":"stream","source":"b","video":{"width":4,"height":2,"pixel_format":"gray","time_base":[1,25]}}"#
        )
      }
    }
    stream.end(49)
    return stream.bytes
  }

  @Test func theSameComesOutForAnyNumberAtOnce() throws {
    let alone = try PipelineRun(stream, Batches(1))
    #expect(alone.failure == nil)
    #expect(try alone.lines.filter { $0.contains(#""mark":"#) }.count == 90)
    for count in [2, 8, 64] {
      let stage = Batches(count)
      let run = try PipelineRun(stream, stage)
      #expect(run.failure == nil)
      #expect(run.output == alone.output)
      #expect(stage.log.all.compactMap { Int($0) }.allSatisfy { $0 <= count })
      #expect(stage.log.all.contains { Int($0) ?? 0 > 1 }, "nothing was taken together")
      #expect(stage.log.all.filter { $0 == "pass" }.count == 23)
    }
  }

  @Test func aFailureHasItsPlace() throws {
    for failing in [0, 7, 33] {
      let run = try PipelineRun(stream, Batches(8, failing: failing))
      let failure = try #require(run.failure)
      #expect(failure.description == "input: frame \(failing): cannot look: too dark")
      #expect(try run.lines.filter { $0.contains(#""mark":"#) }.count == failing)
      #expect(try run.lines.last?.contains(#""frames":\#(failing),"status":"error""#) == true)
    }
  }

  /// A slow pipe's frames go through one by one, as they come.
  @Test func nothingIsHeldBack() throws {
    let (source, sourceEnd) = PipelineRun.makePipe()
    let (result, resultEnd) = PipelineRun.makePipe()
    let thread = try WorkerThread {
      let stage = Batches(8)
      let pipeline = Pipeline(
        PipelineRun.tool, reader: StreamReader(source), inputName: "input", stage: stage)
      _ = try? pipeline.run(output: resultEnd)
    }
    var text = StreamText()
    try text.bytes.withUnsafeBytes { try sourceEnd.write($0) }
    var sent = text.bytes.count
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    _ = read(result.number, &buffer, buffer.count)
    for sequence in 0..<5 {
      text.frame(sequence)
      try text.bytes[sent...].withUnsafeBytes { try sourceEnd.write($0) }
      sent = text.bytes.count
      // It comes before any more is sent; if it were held back, this would wait for ever.
      #expect(read(result.number, &buffer, buffer.count) > 0)
    }
    text.end(5)
    try text.bytes[sent...].withUnsafeBytes { try sourceEnd.write($0) }
    sourceEnd.close()
    thread.join()
    for end in [source, result, resultEnd] { end.close() }
  }
}
