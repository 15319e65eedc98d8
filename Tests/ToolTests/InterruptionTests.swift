import Foundation
import Testing

extension ToolTests {
  /// Signals and closed pipes.
  struct InterruptionTests {
    let folder: ToolFolder

    init() throws { folder = try ToolFolder() }

    /// A pipe without end that has written for a while.
    private func endless(_ output: String = "out.mp4") throws -> RunningPipe {
      let pipe = try folder.start(
        "fm-decode --format lavfi --realtime testsrc2=s=160x120:r=25 | fm-detect | fm-classify | fm-annotate -o \(output)"
      )
      #expect(pipe.wait { folder.names.contains { $0.hasSuffix(".part") } }, "it has begun")
      usleep(700_000)
      return pipe
    }

    @Test(arguments: [(SIGINT, "out.mp4"), (SIGTERM, "out.mkv"), (SIGHUP, "out.mp4")])
    func aSignalToThePipeLeavesAFileThatPlays(_ signal: Int32, _ output: String) throws {
      let pipe = try endless(output)
      let start = Date()
      pipe.signal(signal)
      let result = pipe.finish(within: 5)
      #expect(Date().timeIntervalSince(start) < 5)
      #expect(result.statuses.allSatisfy { $0 == 128 + signal || $0 == 1 }, "\(result.statuses)")
      #expect(folder.names == [output], "\(result.messages)")
      #expect(try Media.playableFrames(folder[output], in: folder) > 5)
    }

    @Test(arguments: [SIGINT, SIGTERM]) func aSignalToTheLastEndsAll(_ signal: Int32) throws {
      let pipe = try endless()
      pipe.signal(signal, to: 3)
      let result = pipe.finish(within: 5)
      #expect(result.statuses[3] == 128 + signal)
      #expect(result.statuses[..<3].allSatisfy { $0 == 128 + SIGPIPE }, "\(result.statuses)")
      #expect(result.messages == "")
      #expect(folder.names == ["out.mp4"])
      #expect(try Media.playableFrames(folder["out.mp4"], in: folder) > 5)
    }

    @Test func aSignalToTheFirstEndsTheStream() throws {
      let pipe = try endless()
      pipe.signal(SIGTERM, to: 0)
      let result = pipe.finish(within: 5)
      #expect(result.statuses == [128 + SIGTERM, 1, 1, 1])
      for tool in ["fm-detect", "fm-classify", "fm-annotate"] {
        #expect(result.messages.contains("\(tool): standard input: stopped upstream: "), "\(result.messages)")
      }
      #expect(folder.names == ["out.mp4"])
      #expect(try Media.playableFrames(folder["out.mp4"], in: folder) > 5)
    }

    @Test func killingTheLastLeavesNoFinalName() throws {
      let pipe = try endless()
      pipe.signal(SIGKILL, to: 3)
      let result = pipe.finish(within: 5)
      #expect(result.statuses[3] == 128 + SIGKILL)
      #expect(result.statuses[..<3].allSatisfy { $0 == 128 + SIGPIPE }, "\(result.statuses)")
      #expect(folder.names.allSatisfy { $0.hasPrefix(".out.mp4.") && $0.hasSuffix(".part") })
    }

    @Test(arguments: 0..<3) func killingAnotherCutsTheStream(_ index: Int) throws {
      let pipe = try endless()
      pipe.signal(SIGKILL, to: index)
      let result = pipe.finish(within: 5)
      #expect(result.statuses[index] == 128 + SIGKILL)
      #expect(result.statuses[..<index].allSatisfy { $0 == 128 + SIGPIPE })
      // The next one sees the cut, those after it an end record that tells of an error.
      #expect(result.statuses[index + 1] == 74, "\(result.statuses)")
      #expect(result.statuses.dropFirst(index + 2).allSatisfy { $0 == 1 }, "\(result.statuses)")
      #expect(folder.names.isEmpty, "\(folder.names)")
    }

    @Test func aSecondSignalIsNotNeededWhileNothingComes() throws {
      let pipe = try folder.start("sleep 30 | fm-annotate -o out.mp4")
      usleep(400_000)
      pipe.signal(SIGINT, to: 1)
      usleep(200_000)
      #expect(pipe.wait(5) { folder.names.isEmpty })
      pipe.signal(SIGKILL, to: 0)
      let result = pipe.finish(within: 5)
      #expect(result.statuses[1] == 128 + SIGINT || result.statuses[1] == 65, "\(result.statuses)")
      #expect(folder.names.isEmpty)
    }

    @Test(arguments: [
      "fm-decode VIDEO", "fm-decode VIDEO | fm-detect",
      "fm-decode --format lavfi testsrc2=s=160x120 | fm-detect",
      "fm-decode --format lavfi testsrc2=s=160x120 | fm-detect --threads 4 | fm-classify --no-pixels",
      "fm-decode --format lavfi testsrc2=s=160x120 | fm-annotate -f matroska -o -",
    ])
    func aClosedPipeEndsAllSilently(_ line: String) throws {
      let video = try folder.succeed("ffmpeg -v error -f lavfi -i testsrc2=s=640x360:d=1 -f matroska -")
      try folder.write(video, to: "video.mkv")
      let command = line.replacingOccurrences(of: "VIDEO", with: "video.mkv")
      let result = try folder.run("\(command) | head -c 100", within: 15)
      #expect(result.statuses.last == 0)
      #expect(result.statuses.dropLast().allSatisfy { $0 == 128 + SIGPIPE }, "\(result.statuses)")
      #expect(result.messages == "")
      #expect(result.output.count == 100)
    }

    /// A reader that stops for a while costs time, not data.
    @Test func aSlowReaderGetsEverything() throws {
      let pipe = try folder.start("fm-decode \(Fixtures.video) | fm-detect | fm-annotate -o out.mkv")
      for _ in 0..<3 {
        pipe.signal(SIGSTOP, to: 2)
        usleep(100_000)
        pipe.signal(SIGCONT, to: 2)
      }
      let result = pipe.finish(within: 20)
      #expect(result.isSuccess, "\(result.messages)")
      #expect(try Media.times(folder["out.mkv"], in: folder).count == 25)
    }
  }
}
