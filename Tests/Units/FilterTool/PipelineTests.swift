import FrameStream
import SystemIO
import Testing

@testable import FilterTool

@Suite(.timeLimit(.minutes(1)))
struct PipelineTests {
  @Test func orderIsKeptForAnyNumberOfWorkers() throws {
    let input = StreamText.frames(120).bytes
    let one = try PipelineRun(input, SleepyStage(longest: 0))
    #expect(one.failure == nil)
    let lines = try one.lines
    #expect(lines.count == 122)
    for (index, line) in lines.dropFirst().dropLast().enumerated() {
      #expect(line.hasPrefix(#"{"type":"frame","seq":\#(index),"#))
      #expect(line.contains(#","sum":"#))
    }
    for workers in [2, 4, 16] {
      let many = try PipelineRun(input, SleepyStage(), workers: workers)
      #expect(many.failure == nil)
      #expect(many.output == one.output, "\(workers) workers")
    }
  }

  @Test(arguments: [false, true]) func framesBeforeAFailureAreWritten(hasCopies: Bool) throws {
    let stage = FailingStage(at: 7, hasCopies: hasCopies)
    let run = try PipelineRun(StreamText.frames(20).bytes, stage, workers: hasCopies ? 4 : 1)
    let failure = try #require(run.failure)
    #expect(failure.description == "input: frame 7: cannot look: too dark")
    #expect(failure.kind == .badInput)
    let lines = try run.lines
    #expect(lines.count == 9, "header, frames 0 to 6, end")
    #expect(lines[7].contains(#""seq":6,"#))
    #expect(
      lines.last
        == #"{"type":"end","frames":7,"status":"error","message":"fm-test: input: frame 7: cannot look: too dark"}"#
    )
    #expect(stage.log.all.isEmpty, "finish is not for broken streams")
  }

  /// What a stage owns, such as half a file, must go before the process ends, whatever the reader waits for.
  @Test(arguments: [1, 4]) func aFailureLetsGoOfTheStage(workers: Int) throws {
    final class Owner { weak var stage: FailingStage? }
    let owner = Owner()
    let (source, sourceEnd) = PipelineRun.makePipe()
    try StreamText.frames(6).bytes.dropLast(30).withUnsafeBytes { try sourceEnd.write($0) }
    func run() throws(Failure) {
      let stage = FailingStage(at: 3, hasCopies: workers > 1)
      owner.stage = stage
      let pipeline = Pipeline(
        PipelineRun.tool, reader: StreamReader(source), inputName: "input", stage: stage, workers: workers)
      _ = try pipeline.run(output: nil)
    }
    let failure = #expect(throws: Failure.self) { try run() }
    #expect(failure?.subject == "input: frame 3")
    #expect(owner.stage == nil)
    sourceEnd.close()
  }

  @Test func aFailureInTheHeaderIsToldBeforeAnythingIsWritten() throws {
    let stage = ListeningStage()
    stage.failsAt = "begin a"
    let run = try PipelineRun(StreamText.frames(2).bytes, stage)
    #expect(run.failure?.description == "input: cannot begin a: told so")
    #expect(run.output.isEmpty)
  }

  @Test func cutInputIsTold() throws {
    let whole = StreamText.frames(3).bytes
    var offsets = 0
    for cut in stride(from: 0, to: whole.count, by: 5) {
      let run = try PipelineRun(Array(whole[..<cut]), SleepyStage(longest: 0), workers: 2)
      let failure = try #require(run.failure, "cut at \(cut)")
      #expect(failure.kind == .inputOutput, "cut at \(cut)")
      #expect(failure.description.hasPrefix("input: input cut short: "), "cut at \(cut)")
      guard !run.output.isEmpty else { continue }
      let end = try #require(try run.lines.last)
      let frames = try run.lines.filter { $0.contains(#""type":"frame""#) }.count
      #expect(end.hasPrefix(#"{"type":"end","frames":\#(frames),"status":"error","message":"fm-test: "#))
      offsets += 1
    }
    #expect(offsets > 50)
  }

  @Test func malformedInputKeepsWhatCameBefore() throws {
    var stream = StreamText()
    stream.frame(0)
    stream.frame(1)
    stream.line("not json")
    let run = try PipelineRun(stream.bytes, SleepyStage(longest: 0), workers: 4)
    #expect(run.failure?.kind == .badInput)
    #expect(run.failure?.subject == "input: after frame 1")
    #expect(try run.lines.count == 4)
    #expect(try run.lines.last?.contains(#""status":"error""#) == true)
  }

  @Test(arguments: [
    (#""status":"error","message":"fm-decode: a.mp4: damaged""#, "fm-decode: a.mp4: damaged", false),
    (#""status":"interrupted","message":"by a signal""#, "by a signal", true),
    (#""status":"error""#, #"status "error""#, false),
    (#""status":"melted""#, #"status "melted""#, false),
  ])
  func aStatusFromUpstreamIsPassedOn(_ rest: String, _ cause: String, isFinished: Bool) throws {
    var stream = StreamText()
    stream.frame(0)
    stream.end(1, rest)
    let stage = FailingStage(at: -1)
    let run = try PipelineRun(stream.bytes, stage)
    #expect(run.failure?.description == "input: stopped upstream: \(cause)")
    #expect(run.failure?.kind == .failed)
    #expect(try run.lines.last == #"{"type":"end","frames":1,\#(rest)}"#, "the record as it came")
    #expect(stage.log.all == (isFinished ? ["finish"] : []))
  }

  @Test func streamsInARow() throws {
    let bytes = StreamText.frames(3, source: "a").bytes + StreamText.frames(2, source: "b").bytes
    let stage = ListeningStage()
    let run = try PipelineRun(bytes, stage)
    #expect(run.failure == nil)
    #expect(
      stage.log.all == [
        "begin a", "frame 0", "frame 1", "frame 2", "begin b", "frame 0", "frame 1", "finish",
      ])
    let headers = try run.lines.filter { $0.hasPrefix(#"{"fm":1"#) }
    #expect(headers.count == 2)
    let entry =
      #""history":[{"name":"fm-test","version":"\#(toolVersion)","arguments":["--option","é \"x\""],"model":"a \"b\""}]}"#
    for header in headers { #expect(header.hasSuffix(entry), "\(header)") }
    let four = try PipelineRun(bytes, SleepyStage(), workers: 4)
    #expect(try four.output == PipelineRun(bytes, SleepyStage(longest: 0)).output)
  }

  @Test func anErrorInTheFirstOfTwoStreamsIsRemembered() throws {
    var first = StreamText()
    first.end(0, #""status":"error","message":"m""#)
    let run = try PipelineRun(first.bytes + StreamText.frames(1).bytes, SleepyStage())
    #expect(run.failure?.cause == "m")
    #expect(try run.lines.count == 5, "the second stream goes through whole")
  }

  /// Unknown records, packets and keys in odd spelling, between frames that take long.
  @Test(arguments: [1, 3]) func whatIsUnknownPassesUnchangedInOrder(workers: Int) throws {
    var stream = StreamText()
    var expected: [String] = []
    func odd(_ index: Int) -> String {
      #"{"type" : "x-note","n":1.50e+02, "\u0061b":[-0,1E5,123456789012345678901234567890],"i":\#(index)}"#
    }
    for index in 0..<30 {
      stream.line(odd(index))
      expected.append(odd(index))
      let packet = #"{"type":"packet","track":1,"pts":\#(index), "z":0.10,"bytes":3}"#
      stream.line(packet, payload: [0x7B, 0x0A, UInt8(index)])
      expected.append(packet)
      stream.frame(index)
    }
    stream.end(30)
    let run = try PipelineRun(stream.bytes, SleepyStage(longest: 1500), workers: workers)
    #expect(run.failure == nil)
    let lines = try run.lines
    #expect(lines.filter { !$0.contains(#""frame""#) }.dropFirst().dropLast() == expected[...])
    #expect(lines.count == 92)
    #expect(lines[0].contains(#""x":1.50e+02"#))
    #expect(lines[3].contains(#""seq":0,"#) && lines[4] == odd(1))
  }

  @Test func aStageWithoutTwinsHearsOfOtherRecordsInOrder() throws {
    var stream = StreamText()
    stream.frame(0)
    stream.line(#"{"type":"packet","track":3,"bytes":1}"#, payload: [1])
    stream.frame(1)
    stream.line(#"{"type":"weather"}"#)
    stream.end(2)
    let stage = ListeningStage()
    #expect(try PipelineRun(stream.bytes, stage, workers: 4).failure == nil)
    #expect(
      stage.log.all == [
        "begin a", "frame 0", "pass packet of track 3", "frame 1", #"pass record of type "weather""#,
        "finish",
      ])
    let failing = ListeningStage()
    failing.failsAt = "pass packet of track 3"
    let run = try PipelineRun(stream.bytes, failing)
    #expect(run.failure?.description == "input: packet of track 3: cannot pass packet of track 3: told so")
    #expect(try run.lines.count == 3)
  }

  @Test func aFailureToFinishIsToldAfterAWholeStream() throws {
    let stage = ListeningStage()
    stage.failsAt = "finish"
    let run = try PipelineRun(StreamText.frames(2).bytes, stage)
    #expect(run.failure?.description == "input: cannot finish: told so")
    #expect(try run.lines.count == 4, "no second end record")
  }

  @Test func aChangedHeaderChangesOnlyWhatItMust() throws {
    let stage = ListeningStage()
    stage.changesHeader = true
    let run = try PipelineRun(StreamText.frames(1).bytes, stage)
    let header = try #require(try run.lines.first)
    #expect(header.contains(#""width":2,"#) && header.contains(#""source":"a""#))
  }

  @Test func withoutPixelsItIsPlainText() throws {
    var stream = StreamText()
    stream.frame(0)
    stream.line(#"{"type":"packet","track":1,"bytes":2}"#, payload: [0, 255])
    stream.line(#"{"type":"x","bytes":2}"#, payload: [0, 255])
    stream.end(1)
    let run = try PipelineRun(stream.bytes, SleepyStage(longest: 0), dropsPayloads: true)
    #expect(run.failure == nil)
    let text = String(decoding: run.output, as: UTF8.self).split(separator: "\n").map(String.init)
    #expect(text.count == 5)
    #expect(text.allSatisfy { $0.hasPrefix("{") && $0.hasSuffix("}") && !$0.contains("bytes") })
    #expect(text[2] == #"{"type":"packet","track":1}"#)
    #expect(try run.lines == text, "it is a stream still")
  }

  @Test func aClosedOutputEndsThePipeline() throws {
    let (source, sourceEnd) = PipelineRun.makePipe()
    let (result, resultEnd) = PipelineRun.makePipe()
    result.close()
    try StreamText.frames(3).bytes.withUnsafeBytes { try sourceEnd.write($0) }
    sourceEnd.close()
    let pipeline = Pipeline(
      PipelineRun.tool, reader: StreamReader(source), inputName: "input", stage: SleepyStage(), workers: 4)
    let failure = #expect(throws: Failure.self) { try pipeline.run(output: resultEnd) }
    #expect(failure?.kind == .brokenPipe)
    resultEnd.close()
  }

  @Test func anInterruptionClosesTheStream() throws {
    let (stop, stopEnd) = PipelineRun.makePipe()
    try [UInt8]([0]).withUnsafeBytes { try stopEnd.write($0) }
    defer {
      stop.close()
      stopEnd.close()
    }
    let stage = FailingStage(at: -1)
    var stream = StreamText()
    stream.frame(0)
    let run = try PipelineRun(stream.bytes, stage, interruption: stop)
    // The exit status is the signal's, which the command sees to.
    #expect(run.failure == nil)
    #expect(stage.log.all == ["finish"])
    let lines = try run.lines
    if let end = lines.last {
      #expect(end.contains(#""status":"interrupted""#) && end.contains("by a signal"))
    }
  }
}
