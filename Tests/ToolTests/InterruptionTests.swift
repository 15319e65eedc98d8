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
  }
}
