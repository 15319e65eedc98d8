import Foundation
import FrameStream
import SeededNoise
import SystemIO
import Testing

@testable import FilterTool

/// What becomes of a pipeline's threads and stages when its output fails while its input continues.
@Suite struct PipelineFailureTests {
  /// The output fails while the reader's thread is in the second stream's `begin`, which asks for another copy.
  @Test func aStageIsLetGoThoughAStreamIsBeginning() throws {
    let (source, sourceEnd) = PipelineRun.makePipe()
    let (result, resultEnd) = PipelineRun.makePipe()
    let mayGoOn = DispatchSemaphore(value: 0)
    var stage: GrowingStage? = GrowingStage { stream in
      guard stream == 2 else { return }
      result.close()
      mayGoOn.wait()
    }
    let kept = Kept(stage: stage)
    let pipeline = Pipeline(
      PipelineRun.tool, reader: StreamReader(source), inputName: "input", stage: stage!, workers: 4)
    stage = nil
    var stream = StreamText("a")
    // More than a pipe holds: the writer waits with it until its reader is gone.
    stream.frame(0, width: 1024, height: 1024)
    stream.end(1)
    let bytes = stream.bytes + StreamText.frames(1, source: "b").bytes
    Thread.detachNewThread {
      bytes.withUnsafeBytes { try? sourceEnd.write($0) }
      sourceEnd.close()
    }
    let failure = #expect(throws: Failure.self) { try pipeline.run(output: resultEnd) }
    #expect(failure?.kind == .brokenPipe)
    mayGoOn.signal()
    for _ in 0..<5000 where kept.stage != nil { usleep(1000) }
    #expect(kept.stage == nil)
    withExtendedLifetime(pipeline) { resultEnd.close() }
  }

  /// Streams whose stages have more copies each time, into outputs that close anywhere.
  @Test func outputsThatCloseAnywhere() throws {
    var noise = Noise(5)
    var input: [UInt8] = []
    for stream in 0..<8 { input += StreamText.frames(3, source: "\(stream)").bytes }
    for round in 0..<60 {
      let (source, sourceEnd) = PipelineRun.makePipe()
      let (result, resultEnd) = PipelineRun.makePipe()
      let length = noise.below(2 * input.count)
      try input.withUnsafeBytes { try sourceEnd.write($0) }
      sourceEnd.close()
      Thread.detachNewThread {
        var left = length
        var buffer = [UInt8](repeating: 0, count: 1 << 12)
        while left > 0 {
          let count = read(result.number, &buffer, min(left, buffer.count))
          if count <= 0 { break }
          left -= count
        }
        result.close()
      }
      var stage: GrowingStage? = GrowingStage()
      let kept = Kept(stage: stage)
      let pipeline = Pipeline(
        PipelineRun.tool, reader: StreamReader(source), inputName: "input", stage: stage!, workers: 8)
      stage = nil
      var failure: Failure?
      do throws(Failure) { failure = try pipeline.run(output: resultEnd) } catch { failure = error }
      #expect(failure == nil || failure?.kind == .brokenPipe, "round \(round): \(failure?.description ?? "")")
      if failure != nil {
        for _ in 0..<5000 where kept.stage != nil { usleep(1000) }
        #expect(kept.stage == nil, "round \(round)")
      }
      withExtendedLifetime(pipeline) { resultEnd.close() }
    }
  }

  /// The format's limit of a line: the stream ends there, and says so.
  @Test(arguments: [1, 3]) func aRecordThatGrowsTooLongEndsTheStream(_ workers: Int) throws {
    final class Growing: Stage {
      func process(_ frame: Record) throws(Failure) {
        let count = frame.sequence == 2 ? StreamLimits.line : 10
        frame.line.set("x-note") { $0.value(String(repeating: "a", count: count)) }
      }
      func makeWorkerCopy() throws(Failure) -> (any Stage)? { Growing() }
    }
    let run = try PipelineRun(StreamText.frames(5).bytes, Growing(), workers: workers)
    #expect(run.failure?.kind == .failed)
    #expect(run.failure?.subject == "input: frame 2" && run.failure?.step == "writing")
    let lines = try run.lines
    #expect(lines.count == 4, "\(lines.map { $0.prefix(80) })")
    var last = RecordLine()
    try Array((lines.last ?? "").utf8).withUnsafeBufferPointer { try last.assign($0) }
    let end = try EndRecord(last)
    #expect(end.status == .error && end.frames == 2)
    #expect(end.message?.hasPrefix("fm-test: input: frame 2: writing: a record's line would be ") == true)
  }

  /// The stage, as long as somebody else holds it.
  private struct Kept {
    weak var stage: GrowingStage?
  }
}
