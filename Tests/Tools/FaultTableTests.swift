import Foundation
import Testing

extension ToolTests {
  /// What can happen to a tool at work, a row each: exit statuses down the pipe, what becomes of the output, and all
  /// of it in bounded time.
  struct FaultTableTests: FaultTable {
    static let tools = ["fm-decode", "fm-detect", "fm-classify", "fm-annotate"]

    enum Fault: Sendable {
      /// A signal to the tool in the middle of an endless pipe.
      case signal(Int32)
      /// Stopped for a while, then continued, in a pipe that ends.
      case pause
      /// The reader goes away.
      case closedPipe
      /// The reader neither reads nor ends; then SIGTERM to all.
      case stuckReader
      case slowReader
      case fullDisk
      case readOnly
      case closedInput
      case emptyInput
    }

    enum Output: Sendable {
      /// Under its final name, and it plays.
      case plays
      /// Nothing, not even a temporary file.
      case absent
      /// The temporary file, which nobody was left to remove.
      case part
      /// There is none to have.
      case none
    }

    typealias Row = FaultRow<Self>

    private static let pipe = 128 + SIGPIPE
    private static let killed = 128 + SIGKILL

    /// After a signal that ends tool `index`: those before find nobody to write to, those after see why.
    private static func stopped(_ signal: Int32, _ index: Int) -> [Int32] {
      (0..<4).map { $0 < index ? pipe : $0 == index ? 128 + signal : 1 }
    }

    static let rows: [Row] = [
      Row(fault: .signal(SIGINT), tool: 0, statuses: stopped(SIGINT, 0), output: .plays),
      Row(fault: .signal(SIGINT), tool: 1, statuses: stopped(SIGINT, 1), output: .plays),
      Row(fault: .signal(SIGINT), tool: 2, statuses: stopped(SIGINT, 2), output: .plays),
      Row(fault: .signal(SIGINT), tool: 3, statuses: stopped(SIGINT, 3), output: .plays),
      Row(fault: .signal(SIGTERM), tool: 0, statuses: stopped(SIGTERM, 0), output: .plays),
      Row(fault: .signal(SIGTERM), tool: 1, statuses: stopped(SIGTERM, 1), output: .plays),
      Row(fault: .signal(SIGTERM), tool: 2, statuses: stopped(SIGTERM, 2), output: .plays),
      Row(fault: .signal(SIGTERM), tool: 3, statuses: stopped(SIGTERM, 3), output: .plays),
      // The next one sees the cut, those after it an end record that reports an error.
      Row(fault: .signal(SIGKILL), tool: 0, statuses: [killed, 74, 1, 1], output: .absent),
      Row(fault: .signal(SIGKILL), tool: 1, statuses: [pipe, killed, 74, 1], output: .absent),
      Row(fault: .signal(SIGKILL), tool: 2, statuses: [pipe, pipe, killed, 74], output: .absent),
      Row(fault: .signal(SIGKILL), tool: 3, statuses: [pipe, pipe, pipe, killed], output: .part),
      Row(fault: .pause, tool: 0, statuses: [0, 0, 0, 0], output: .plays),
      Row(fault: .pause, tool: 1, statuses: [0, 0, 0, 0], output: .plays),
      Row(fault: .pause, tool: 2, statuses: [0, 0, 0, 0], output: .plays),
      Row(fault: .pause, tool: 3, statuses: [0, 0, 0, 0], output: .plays),
      Row(fault: .closedPipe, tool: 0, statuses: [pipe, 0], output: .none),
      Row(fault: .closedPipe, tool: 1, statuses: [pipe, pipe, 0], output: .none),
      Row(fault: .closedPipe, tool: 2, statuses: [pipe, pipe, pipe, 0], output: .none),
      Row(fault: .closedPipe, tool: 3, statuses: [pipe, pipe, pipe, pipe, 0], output: .none),
      Row(fault: .stuckReader, tool: 0, statuses: [128 + SIGTERM], output: .none),
      Row(fault: .stuckReader, tool: 1, statuses: [128 + SIGTERM], output: .none),
      Row(fault: .stuckReader, tool: 2, statuses: [128 + SIGTERM], output: .none),
      Row(fault: .stuckReader, tool: 3, statuses: [128 + SIGTERM], output: .none),
      Row(fault: .slowReader, tool: 0, statuses: [0, 0], output: .none),
      Row(fault: .slowReader, tool: 1, statuses: [0, 0, 0], output: .none),
      Row(fault: .slowReader, tool: 2, statuses: [0, 0, 0, 0], output: .none),
      Row(fault: .slowReader, tool: 3, statuses: [0, 0, 0, 0, 0], output: .none),
      // Nothing at all is no media file for fm-decode, and a cut stream for the others.
      Row(fault: .closedInput, tool: 0, statuses: [65], output: .absent),
      Row(fault: .closedInput, tool: 1, statuses: [74], output: .absent),
      Row(fault: .closedInput, tool: 2, statuses: [74], output: .absent),
      Row(fault: .closedInput, tool: 3, statuses: [74], output: .absent),
      Row(fault: .emptyInput, tool: 0, statuses: [65], output: .absent),
      Row(fault: .emptyInput, tool: 1, statuses: [74], output: .absent),
      Row(fault: .emptyInput, tool: 2, statuses: [74], output: .absent),
      Row(fault: .emptyInput, tool: 3, statuses: [74], output: .absent),
    ]

    static let diskRows: [Row] = [
      Row(fault: .fullDisk, tool: 0, statuses: [75], output: .absent),
      Row(fault: .fullDisk, tool: 1, statuses: [75], output: .absent),
      Row(fault: .fullDisk, tool: 2, statuses: [75], output: .absent),
      Row(fault: .fullDisk, tool: 3, statuses: [75], output: .absent),
      Row(fault: .readOnly, tool: 0, statuses: [74], output: .absent),
      Row(fault: .readOnly, tool: 1, statuses: [74], output: .absent),
      Row(fault: .readOnly, tool: 2, statuses: [74], output: .absent),
      Row(fault: .readOnly, tool: 3, statuses: [74], output: .absent),
    ]

    let folder: ToolFolder

    init() throws { folder = try ToolFolder() }

    @Test(arguments: rows) func endsAsTheTableSays(_ row: Row) throws {
      switch row.fault {
      case .signal(let number): try endless(row) { $0.signal(number, to: row.tool) }
      case .pause: try pause(row)
      case .closedPipe:
        let result = try folder.run("\(begin(row.tool)) | head -c 100", within: 15)
        #expect(
          result.statuses == row.statuses && ToolFolder.unexpected(result.messages) == "",
          "\(result.statuses) \(result.messages)")
      case .stuckReader: try stuck(row)
      case .slowReader: try slow(row)
      case .fullDisk, .readOnly: Issue.record("a row of the other table")
      case .closedInput, .emptyInput: try withoutInput(row)
      }
    }

    /// The pipe up to a tool, writing to standard output, at full speed and without end.
    private func begin(_ tool: Int, _ source: String = "--format lavfi testsrc2=s=160x120:r=25") -> String {
      (["fm-decode \(source)"] + Self.tools[1...].prefix(tool)).joined(separator: " | ")
        .replacingOccurrences(of: "fm-annotate", with: "fm-annotate -f matroska -o -")
    }

    private func endless(_ row: Row, _ act: (RunningPipe) -> Void) throws {
      let pipe = try folder.start(
        "fm-decode --format lavfi --realtime testsrc2=s=160x120:r=25 | fm-detect | fm-classify | fm-annotate -o out.mkv"
      )
      let hasBegun = pipe.wait {
        folder.names.contains { $0.hasSuffix(".part") && folder.data($0).count > 20_000 }
      }
      #expect(hasBegun)
      act(pipe)
      let result = pipe.finish(within: 5)
      #expect(result.statuses == row.statuses, "\(result.messages)")
      try expect(row.output)
    }

    private func expect(_ output: Output) throws {
      switch output {
      case .none: break
      case .absent: #expect(folder.names.isEmpty, "\(folder.names)")
      case .part:
        #expect(
          folder.names.count == 1
            && folder.names.allSatisfy { $0.hasPrefix(".out.mkv.") && $0.hasSuffix(".part") })
      case .plays:
        #expect(folder.names == ["out.mkv"])
        #expect(try Media.playableFrames(folder["out.mkv"], in: folder) > 0)
      }
    }

    private func pause(_ row: Row) throws {
      let pipe = try folder.start(
        "fm-decode \(Fixtures.video) | fm-detect | fm-classify | fm-annotate -o out.mkv")
      for _ in 0..<3 {
        pipe.signal(SIGSTOP, to: row.tool)
        usleep(60_000)
        pipe.signal(SIGCONT, to: row.tool)
        usleep(5_000)
      }
      let result = pipe.finish(within: 20)
      #expect(
        result.statuses == row.statuses && ToolFolder.unexpected(result.messages) == "", "\(result.messages)")
      #expect(try Media.times(folder["out.mkv"], in: folder).count == 25)
      try expect(row.output)
    }

    /// Two seconds are what a tool waits for its reader after a signal.
    private func stuck(_ row: Row) throws {
      let pipe = try folder.start("\(begin(row.tool)) | sleep 60")
      usleep(500_000)
      let start = Date()
      for index in 0...row.tool { pipe.signal(SIGTERM, to: index) }
      // The reader is still there until all before it have ended.
      let reader = row.tool + 1
      _ = pipe.wait(10) { !Self.isRunning(pipe.processes[row.tool]) }
      #expect(Date().timeIntervalSince(start) < 5)
      pipe.signal(SIGKILL, to: reader)
      let result = pipe.finish(within: 5)
      #expect(result.statuses[row.tool] == row.statuses[0], "\(result.statuses) \(result.messages)")
      #expect(result.statuses[..<row.tool].allSatisfy { $0 == 128 + SIGTERM || $0 == Self.pipe || $0 == 1 })
    }

    private static func isRunning(_ process: pid_t) -> Bool {
      let state = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
      return !state.isEmpty && !state.contains(") Z ")
    }

    private func slow(_ row: Row) throws {
      try folder.write(
        """
        import sys, time
        total = 0
        while True:
            data = sys.stdin.buffer.raw.read(65536)
            if not data:
                break
            total += len(data)
            time.sleep(0.02)
        print(total)
        """, to: "slow.py")
      // To a pipe too: what somebody watches is encoded otherwise than a file.
      let whole = try folder.succeed("\(begin(row.tool, Fixtures.video)) | cat")
      let result = try folder.run("\(begin(row.tool, Fixtures.video)) | python3 slow.py", within: 20)
      #expect(
        result.statuses == row.statuses && ToolFolder.unexpected(result.messages) == "", "\(result.messages)")
      #expect(abs((Int(result.text.dropLast()) ?? 0) - whole.count) < 100, "history may differ in length")
    }

    /// Not only pipes have readers that take nothing.
    @Test func aStuckReaderOfASocket() throws {
      try folder.write(
        """
        import signal, socket, subprocess, time
        pair = socket.socketpair()
        tool = subprocess.Popen(['fm-decode', '--format', 'lavfi', 'testsrc2=s=320x240:r=25'], stdout=pair[1].fileno(),
                                stderr=subprocess.DEVNULL)
        time.sleep(1)
        tool.send_signal(signal.SIGTERM)
        try:
            print(tool.wait(20))
        except subprocess.TimeoutExpired:
            tool.kill()
            print('stuck')
        """, to: "stuck.py")
      let result = try folder.run("python3 stuck.py", within: 60)
      #expect(result.text == "-15\n", "\(result.text)")
    }

    /// A limit on the size of files is an error like a full disk's, not a death that leaves half a file.
    @Test func aFileThatMayGrowNoMore() throws {
      try folder.write("ulimit -f 10\nexec fm-decode \(Fixtures.video) -o out.fm\n", to: "limited.sh")
      let result = try folder.run("bash limited.sh", within: 20)
      #expect(result.statuses == [74] && result.messages.contains("File too large"), "\(result.messages)")
      #expect(folder.names == ["limited.sh"])
    }

    /// Only root can mount a file system, and in some containers not even root.
    static let canMount: Bool = {
      guard geteuid() == 0, let folder = try? ToolFolder(),
        (try? folder.run("mount -t tmpfs -o size=64k tmpfs .").status) == 0
      else { return false }
      return (try? folder.run("umount -l .").status) == 0
    }()

    /// A tool by itself with its output on a small file system.
    @Test(.enabled(if: canMount, "a file system cannot be mounted here"), arguments: diskRows)
    func onADiskThatTakesNoMore(_ row: Row) throws {
      var (options, cause) = ("size=64k", "No space left on device")
      if case .readOnly = row.fault { (options, cause) = ("ro", "Read-only file system") }
      try FileManager.default.createDirectory(atPath: folder["disk"], withIntermediateDirectories: true)
      try #require(try folder.run("mount -t tmpfs -o \(options) tmpfs disk").status == 0)
      defer { _ = try? folder.run("umount -l disk") }
      try folder.write(
        try folder.succeed("fm-decode \(Fixtures.video) | fm-detect"), to: "in.fm")
      let command = [
        "fm-decode \(Fixtures.video)", "fm-detect in.fm", "fm-classify in.fm",
        "fm-annotate --quality 1 in.fm",
      ][row.tool]
      let names = row.tool == 3 ? ["out.mp4", "%03d.png", "%03d.jpg"] : ["out.fm"]
      for name in names {
        let result = try folder.run("\(command) -o disk/\(name)", within: 20)
        // libav's image2 does not say why it cannot create a file.
        let isUntold = name.hasPrefix("%") && !result.messages.contains(cause)
        #expect(result.statuses == (isUntold ? [74] : row.statuses), "\(name): \(result.messages)")
        let isTold =
          result.messages.contains(cause)
          || name.hasPrefix("%") && result.messages.contains("Input/output error")
        #expect(isTold, "\(name): \(result.messages)")
        let left = try FileManager.default.contentsOfDirectory(atPath: folder["disk"])
        // Numbered pictures come one by one: those that are there are whole, and there is nothing else.
        for file in left {
          #expect(name.hasPrefix("%") && !file.hasSuffix(".tmp") && !file.hasSuffix(".part"), "\(left)")
          #expect(try Media.playableFrames(folder["disk/\(file)"], in: folder) == 1)
          unlink(folder["disk/\(file)"])
        }
      }
    }

    private func withoutInput(_ row: Row) throws {
      let command = ["fm-decode -", "fm-detect", "fm-classify", "fm-annotate -o out.mkv"][row.tool]
      let result: RunningPipe.Result
      if case .closedInput = row.fault {
        result = try folder.run(
          "bash -c \(command.replacingOccurrences(of: " ", with: "${IFS}"))<&-", within: 10)
      } else {
        result = try folder.run(command, within: 10)
      }
      #expect(result.statuses == row.statuses, "\(result.messages)")
      #expect(result.messages.hasPrefix("\(Self.tools[row.tool]): standard input: "), "\(result.messages)")
      #expect(result.messages.split(separator: "\n").count == 1)
      try expect(row.output)
    }
  }
}
