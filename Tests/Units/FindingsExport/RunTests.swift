import FindingsExport
import FrameStream
import SystemIO
import Testing

/// People and runs from frames: borders, gaps, names, times that run back, streams that follow each other.
struct RunTests {
  @Test func bordersAreTimesOfFrames() throws {
    let findings = try MadeFindings.read(
      frames: [
        .init(pts: 0, [.init(id: 1, "a")]), .init(pts: 10, [.init(id: 1, "a"), .init(id: 2, "b")]),
        .init(pts: 25, [.init(id: 1, "b")]), .init(pts: 30, []), .init(pts: 40, [.init(id: 1, "b")]),
      ])
    #expect(
      findings.text == [
        "1 a 0.0-0.25 2", "2 b 0.1-0.25 1", "1 b 0.25-0.3 1", "1 b 0.4-0.5 1",
      ])
    // The last frame is as long as the one before it.
    #expect(findings.findings.end == 0.5)
    #expect(findings.findings.persons.map(\.frames) == [4, 1])
    #expect(abs(findings.findings.persons[0].seconds - 0.4) < 1e-9)
  }

  @Test func lastFrameIsAsLongAsItSays() throws {
    let findings = try MadeFindings.read(
      frames: [.init(pts: 0, [.init(id: 1, "a")]), .init(pts: 10, duration: 33, [.init(id: 1, "a")])])
    #expect(findings.text == ["1 a 0.0-0.43 2"])
    // A picture alone has no length of its own.
    let picture = try MadeFindings.read(frames: [.init(pts: 0, [.init(id: 1, "a")])])
    #expect(picture.text == ["1 a 0.0-0.04 1"])
  }

  @Test func smoothedLabelsCountUnlessRaw() throws {
    let frames: [MadeFindings.Frame] = [
      .init(pts: 0, [.init(id: 1, "a", smoothed: "b")]), .init(pts: 10, [.init(id: 1, "c", smoothed: "b")]),
      .init(pts: 20, [.init(id: 1, nil, smoothed: "b", isFilled: true)]),
    ]
    #expect(try MadeFindings.read(frames: frames).text == ["1 b 0.0-0.3 3"])
    var raw = RunOptions()
    raw.isRaw = true
    // A face that the tracker put in is not the classifier's.
    #expect(try MadeFindings.read(frames: frames, raw).text == ["1 a 0.0-0.1 1", "1 c 0.1-0.2 1"])
  }

  @Test func shortAndUnsureRunsAreLeftOut() throws {
    let frames: [MadeFindings.Frame] = [
      .init(pts: 0, [.init(id: 1, "a", confidence: 0.9)]),
      .init(pts: 10, [.init(id: 1, "a", confidence: 0.3)]),
      .init(pts: 20, [.init(id: 1, "a", confidence: 0.9)]),
      .init(pts: 30, [.init(id: 1, "a", confidence: 0.8)]),
    ]
    var sure = RunOptions()
    sure.minimumConfidence = 0.5
    let findings = try MadeFindings.read(frames: frames, sure)
    #expect(findings.text == ["1 a 0.0-0.1 1", "1 a 0.2-0.4 2"])
    #expect(abs((findings.findings.intervals()[1].confidence ?? 0) - 0.85) < 1e-6)
    sure.minimumDuration = 0.15
    let long = try MadeFindings.read(frames: frames, sure)
    #expect(long.text == ["1 a 0.2-0.4 2"])
    #expect(long.remarks.contains { $0.contains("2 runs shorter") })
  }

  /// A sum of thousands of single precision would lose of what is added to it.
  @Test func theMeanOfALongRun() throws {
    let frames = (0..<3000).map { MadeFindings.Frame(pts: $0, [.init(id: 1, "a", confidence: 0.9)]) }
    let run = try MadeFindings.read(frames: frames).findings.intervals()[0]
    #expect(abs((run.confidence ?? 0) - 0.9) < 1e-9)
  }

  @Test func numbersOfJoinedStreamsHaveALimit() throws {
    let frames = [
      MadeFindings.Frame(pts: 0, sequence: StreamLimits.number, [.init(id: StreamLimits.number, "a")])
    ]
    #expect(try MadeFindings.read(frames: frames).findings.frames == 1)
    #expect(throws: Failure.self) { try MadeFindings.read(frames: frames, times: 2) }
  }

  @Test func peopleOfAStreamWithoutATrackerAreSaid() throws {
    let findings = try MadeFindings.read(
      frames: [
        .init(pts: 0, [.init(id: nil, "a"), .init(id: nil, "b")]), .init(pts: 10, [.init(id: nil, "a")]),
      ])
    #expect(findings.text == ["1 a 0.0-0.2 2", "2 b 0.0-0.1 1"])
    #expect(findings.remarks.contains { $0.hasPrefix("no tracker has run") })
    // With a tracker, a face without a number is nobody.
    let tracked = try MadeFindings.read(
      frames: [.init(pts: 0, [.init(id: nil, "a"), .init(id: 7, "b")])], history: ["fm-track"])
    #expect(tracked.text == ["7 b 0.0-0.04 1"])
    #expect(tracked.remarks.contains { $0.hasPrefix("1 face without a number") })
  }

  @Test func aPersonTwiceInAFrameCountsOnce() throws {
    let findings = try MadeFindings.read(frames: [.init(pts: 0, [.init(id: 1, "a"), .init(id: 1, "b")])])
    #expect(findings.text == ["1 a 0.0-0.04 1"])
    #expect(findings.remarks.contains { $0.hasPrefix("1 face without a number") })
  }

  @Test func timesThatRunBackAreMovedAndSaid() throws {
    let findings = try MadeFindings.read(
      frames: [
        .init(pts: 100, [.init(id: 1, "a")]), .init(pts: 110, [.init(id: 1, "a")]),
        .init(pts: 5, [.init(id: 1, "b")]),
        .init(pts: 15, [.init(id: 1, "b")]),
      ])
    #expect(findings.text == ["1 a 1.0-1.2 2", "1 b 1.2-1.4 2"])
    #expect(findings.remarks.contains { $0.hasPrefix("times run back 1 times") })
  }

  @Test func streamsFollowEachOther() throws {
    let frames: [MadeFindings.Frame] = [
      .init(pts: 0, [.init(id: 1, "a")]), .init(pts: 10, [.init(id: 1, "a")]),
    ]
    let findings = try MadeFindings.read(frames: frames, times: 2)
    // The first person of the second stream is another one.
    #expect(findings.text == ["1 a 0.0-0.2 2", "2 a 0.2-0.4 2"])
    #expect(findings.remarks.contains { $0.contains("new numbers") })
    #expect(findings.findings.intervals().map(\.firstFrame) == [0, 2])
  }

  @Test func runsWithoutClassificationAreThoseInView() throws {
    let findings = try MadeFindings.read(
      frames: [.init(pts: 0, [.init(id: 1)]), .init(pts: 10, [.init(id: 1)]), .init(pts: 20, [])])
    #expect(findings.text == ["1 - 0.0-0.2 2"])
    #expect(!findings.findings.isClassified)
  }

  @Test func nothingIsNothing() throws {
    #expect(try MadeFindings.read(frames: []).text == [])
    #expect(try MadeFindings.read(frames: [.init(pts: 0, nil)]).text == [])
  }

  /// Zero-length runs: frames of one time.
  @Test func emptyRunsAreNoIntervals() throws {
    let findings = try MadeFindings.read(
      frames: [.init(pts: 10, [.init(id: 1, "a")]), .init(pts: 10, [.init(id: 1, "b")]), .init(pts: 20, [])])
    #expect(findings.text == ["1 b 0.1-0.2 1"])
  }

  @Test func tooManyClassesAreRefused() {
    let frames = (0..<1100).map { MadeFindings.Frame(pts: $0, [.init(id: 1, "class\($0)")]) }
    #expect(throws: Failure.self) { try MadeFindings.read(frames: frames) }
  }
}
