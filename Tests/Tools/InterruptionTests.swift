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

    /// Named pipes at whose other end nobody is yet.
    @Test(arguments: [
      "fm-decode fifo", "fm-detect fifo", "fm-annotate -o out.mkv fifo", "fm-decode VIDEO -o fifo",
    ])
    func aSignalEndsTheWaitForANamedPipe(_ line: String) throws {
      #expect(mkfifo(folder["fifo"], 0o600) == 0)
      let pipe = try folder.start(line.replacingOccurrences(of: "VIDEO", with: Fixtures.video))
      usleep(500_000)
      pipe.signal(SIGTERM)
      #expect(pipe.finish(within: 5).statuses == [128 + SIGTERM])
    }

    @Test func namedPipesWork() throws {
      #expect(mkfifo(folder["fifo"], 0o600) == 0)
      let reader = try folder.start("fm-detect --no-pixels fifo")
      usleep(300_000)
      try folder.succeed("fm-decode \(Fixtures.video) -o fifo")
      let result = reader.finish(within: 20)
      #expect(result.isSuccess && ToolFolder.unexpected(result.messages) == "", "\(result.messages)")
      #expect(try StreamRecords(result.output, in: folder).frames.count == 25)
    }

    /// A reader that needs longer for the frame in work than the two seconds that one who takes nothing is given.
    @Test func aSlowReaderGetsItsWholeFrame() throws {
      try folder.write(
        """
        import sys, time
        data = sys.stdin.buffer.raw.read(65536)
        while data:
            sys.stdout.buffer.write(data)
            time.sleep(0.08)
            data = sys.stdin.buffer.raw.read(65536)
        """, to: "slow.py")
      // 32 times 65,536 bytes a frame: two and a half seconds.
      let pipe = try folder.start("fm-decode --format lavfi testsrc2=s=1280x1080 | python3 slow.py")
      usleep(1_500_000)
      pipe.signal(SIGTERM, to: 0)
      let result = pipe.finish(within: 40)
      #expect(result.statuses == [128 + SIGTERM, 0])
      #expect(result.text.hasSuffix("\"status\":\"interrupted\",\"message\":\"fm-decode: by a signal\"}\n"))
    }

    /// As for a reader at the end of a pipe that takes nothing.
    @Test func aStuckReaderOnTheNetworkEndsTheWriter() throws {
      try folder.write(
        """
        import os, socket, time
        server = socket.socket()
        server.bind(('127.0.0.1', 0))
        server.listen(1)
        with open('port.part', 'w') as file:
            file.write(str(server.getsockname()[1]))
        os.rename('port.part', 'port')
        connection = server.accept()
        time.sleep(60)
        """, to: "stuck.py")
      let reader = try folder.start("python3 stuck.py")
      #expect(reader.wait { folder.exists("port") })
      let address = "tcp://127.0.0.1:\(String(decoding: folder.data("port"), as: UTF8.self))"
      let pipe = try folder.start(
        "fm-decode --format lavfi testsrc2=s=640x360 | fm-annotate -f mpegts --quality 1 -o \(address)")
      usleep(4_000_000)
      pipe.signal(SIGTERM)
      let result = pipe.finish(within: 6)
      #expect(result.statuses.last == 128 + SIGTERM, "\(result.statuses) \(result.messages)")
      reader.signal(SIGKILL)
      _ = reader.finish(within: 5)
    }
  }
}
