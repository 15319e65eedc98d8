import Foundation
import Testing

extension ToolTests {
  /// One signal ends a tool within a second while it opens or reads what never comes: each tool, each kind of input.
  @Suite(.serialized) struct SignalTableTests {
    let folder: ToolFolder

    init() throws {
      folder = try ToolFolder()
      try folder.succeed("fm-decode --format lavfi --frames 1 testsrc2=s=64x64:r=25 -o base.fm")
      try folder.run("mkdir -p d/a d/b")
      for name in ["a/1", "b/2"] {
        try folder.succeed("ffmpeg -v error -f lavfi -i testsrc2=s=32x32:r=1 -frames:v 1 d/\(name).png")
      }
    }

    /// PIPE is a named pipe that somebody has opened and nobody writes into.
    private static let lines = [
      "fm-decode PIPE", "fm-decode PIPE -o out.fm", "fm-decode PIPE d/a/1.png",
      "fm-decode d/a PIPE -o out.fm",
      "fm-detect PIPE", "fm-detect -c PIPE base.fm", "fm-detect -c PIPE --explain 64x64",
      "fm-detect --nested PIPE base.fm -o out.fm", "fm-classify PIPE",
      "fm-classify -m PIPE base.fm -o out.fm",
      "fm-classify --describe -m PIPE", "fm-annotate PIPE -o out.mkv",
      "fm-annotate --faces PIPE base.fm -o out.mkv", "fm-train new.keras d --from PIPE",
      "fm-train new.keras d --recipe PIPE", "fm-train new.keras d --manifest PIPE", "fm-train PIPE.keras d",
      "fm-train show PIPE", "fm-train evaluate PIPE d", "fm-train export PIPE -o out.keras",
      "fm-train calibrate PIPE d -o out.keras", "fm-train quantize PIPE --calibration d -o out.keras",
      "fm-train tune new.keras d --validation-split 0.5 --search PIPE",
      "fm-train tune new.keras d --validation-split 0.5 --recipe PIPE",
    ]

    @Test(arguments: [[SIGTERM], [SIGINT], [SIGTERM, SIGTERM]]) func table(_ signals: [Int32]) throws {
      var running: [(line: String, pipe: RunningPipe, name: String)] = []
      for (number, line) in Self.lines.enumerated() {
        let name = line.contains("PIPE.keras") ? "p\(number).keras" : "p\(number)"
        try #require(mkfifo(folder[name], 0o600) == 0)
        let command = line.replacingOccurrences(of: "PIPE.keras", with: name)
          .replacingOccurrences(of: "new.keras", with: "new\(number).keras")
          .replacingOccurrences(of: "out.keras", with: "out\(number).keras")
          .replacingOccurrences(of: "PIPE", with: name)
        running.append((line, try folder.start(command), name))
      }
      for (line, pipe, name) in running {
        let isOpen = pipe.wait(20) { Self.openFiles(pipe.processes[0]).contains(folder[name]) }
        #expect(isOpen, "\(line): \(Self.openFiles(pipe.processes[0]))")
      }
      let start = Date()
      for signal in signals { for (_, pipe, _) in running { pipe.signal(signal) } }
      for (line, pipe, _) in running {
        let result = pipe.finish(within: 10)
        #expect(result.statuses == [128 + signals[0]], "\(line): \(result.statuses) \(result.messages)")
      }
      // All of them together have the second that each of them has.
      #expect(Date().timeIntervalSince(start) < 1, "\(Date().timeIntervalSince(start)) s")
      // A second signal may be too quick for what has begun.
      guard signals.count == 1 else { return }
      let left = folder.names.filter { $0 != "base.fm" && $0 != "d" && !$0.hasPrefix("p") }
      #expect(left.isEmpty, "\(left)")
    }

    /// The files that a process has open.
    private static func openFiles(_ process: pid_t) -> [String] {
      let descriptors = "/proc/\(process)/fd"
      let numbers = (try? FileManager.default.contentsOfDirectory(atPath: descriptors)) ?? []
      return numbers.compactMap { number in
        try? FileManager.default.destinationOfSymbolicLink(atPath: "\(descriptors)/\(number)")
      }
    }

    /// Named pipes that nobody reads, where a file is to be written.
    @Test func aSignalEndsTheWaitForAReader() throws {
      let lines = [
        "fm-decode --format lavfi testsrc2 -o PIPE", "fm-detect base.fm -o PIPE",
        "fm-classify base.fm -o PIPE",
        "fm-annotate base.fm -f matroska -o PIPE", "fm-train export expressions -o PIPE.keras",
      ]
      for name in ["PIPE", "PIPE.keras"] { try #require(mkfifo(folder[name], 0o600) == 0) }
      let running = try lines.map { ($0, try folder.start($0)) }
      usleep(900_000)
      let start = Date()
      for (_, pipe) in running { pipe.signal(SIGTERM) }
      for (line, pipe) in running {
        let result = pipe.finish(within: 10)
        #expect(result.statuses == [128 + SIGTERM], "\(line): \(result.messages)")
      }
      #expect(Date().timeIntervalSince(start) < 1)
    }
  }
}
