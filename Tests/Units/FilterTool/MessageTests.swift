import ArgumentParser
import FrameStream
import Glibc
import SystemIO
import Testing

@testable import FilterTool

struct MessageTests {
  @Test func exitStatuses() {
    let kinds: [Failure.Kind] = [.usage, .badInput, .inputOutput, .brokenPipe, .failed]
    #expect(kinds.map(\.exitStatus) == [64, 65, 74, 74, 1])
    for (code, status) in [
      (ENOSPC, 75), (ECONNRESET, 75), (ETIMEDOUT, 75), (EAGAIN, 75), (EIO, 74), (ENOENT, 74), (EACCES, 74),
    ] as [(Int32, Int32)] {
      let failure = Failure(system: code, step: "writing")
      #expect(failure.exitStatus == status && failure.within("x").exitStatus == status)
    }
  }

  @Test func progressText() {
    #expect(Progress.text(frames: 0, of: nil, seconds: 0) == "0 frames, 0.0 fps")
    #expect(Progress.text(frames: 10, of: nil, seconds: 4) == "10 frames, 2.5 fps")
    #expect(Progress.text(frames: 300, of: nil, seconds: 10) == "300 frames, 30 fps")
    #expect(Progress.text(frames: 50, of: 275, seconds: 5) == "50 of 275 frames, 10 fps, 0:23 to go")
    #expect(
      Progress.text(frames: 30, of: 30_000, seconds: 10) == "30 of 30000 frames, 3.0 fps, 2:46:30 to go")
    // A header's count may be too small: then it says nothing.
    #expect(Progress.text(frames: 31, of: 30, seconds: 1) == "31 frames, 31 fps")
    #expect(Progress.text(frames: 0, of: 30, seconds: 3) == "0 frames, 0.0 fps")
  }

  /// What a tool says at a level.
  private func said(_ level: Diagnostics.Level, _ body: (Diagnostics) -> Void) throws -> String {
    let (input, output) = PipelineRun.makePipe()
    body(Diagnostics(toolName: "fm-x", level: level, descriptor: output))
    output.close()
    defer { input.close() }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = read(input.number, &buffer, buffer.count)
    return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
  }

  @Test func levels() throws {
    func all(_ diagnostics: Diagnostics) {
      diagnostics.warn("w")
      diagnostics.note("n")
      diagnostics.fail(Failure(.failed, step: "s", cause: "c"))
    }
    #expect(try said(.quiet, all) == "fm-x: s: c\n")
    #expect(try said(.normal, all) == "fm-x: w\nfm-x: s: c\n")
    #expect(try said(.verbose, all) == "fm-x: w\nfm-x: n\nfm-x: s: c\n")
  }

  @Test func aFileNameCannotSpeakForTheTerminal() throws {
    #expect(try said(.normal) { $0.warn("a\u{1B}[31m\nb\u{7F}é\t") } == "fm-x: a [31m b é \n")
    // Eight-bit controls, and what turns the direction of writing.
    #expect(
      try said(.normal) { $0.warn("a\u{9B}31m\u{85}b\u{202E}c\u{2066}\u{200F}é") } == "fm-x: a 31m b c  é\n")
  }

  /// The reading and the writing end of a terminal.
  private func openTerminal() throws -> (reading: Int32, writing: Descriptor) {
    let reading = open("/dev/ptmx", O_RDWR | O_NOCTTY)
    var (number, locked): (Int32, Int32) = (0, 0)
    // TIOCSPTLCK and TIOCGPTN, which Swift does not see.
    try #require(reading >= 0 && ioctl(reading, 0x4004_5431, &locked) == 0)
    try #require(ioctl(reading, 0x8004_5430, &number) == 0)
    let writing = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
    try #require(writing >= 0)
    return (reading, Descriptor(writing))
  }

  private func received(from descriptor: Int32) -> String {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = read(descriptor, &buffer, buffer.count)
    return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
  }

  /// Results too: a terminal gets them cleaned, a pipe as they are; a table's cell stays on its line everywhere.
  @Test func resultsCannotSpeakForTheTerminal() throws {
    let (master, terminal) = try openTerminal()
    defer { Glibc.close(master) }
    let (input, pipe) = PipelineRun.makePipe()
    func tool(_ output: Descriptor) -> Tool {
      Tool(
        name: "fm-x", diagnostics: PipelineRun.tool.diagnostics, standardOutput: output,
        stop: PipelineRun.tool.stop, arguments: [])
    }
    let text = "a\u{1B}[31m\tb\u{9B}1m\né\n"
    try tool(terminal).print(text)
    // A terminal ends lines with a return as well.
    let shown = String(String.UnicodeScalarView(received(from: master).unicodeScalars.filter { $0 != "\r" }))
    #expect(shown == "a [31m\tb 1m\né\n")
    try tool(pipe).print(text)
    #expect(received(from: input.number) == text)
    try tool(pipe).print(table: [["NAME", "KIND"], ["a\u{1B}[31m\nb", "c"]])
    #expect(received(from: input.number) == "NAME      KIND\na\u{FFFD}[31m b  c\n")
    for end in [terminal, pipe, input] { end.close() }
  }

  @Test func theProgressLineGivesWayToMessages() throws {
    let text = try said(.normal) {
      $0.showProgress("1 frames")
      $0.warn("w")
      $0.showProgress("2 frames")
      $0.endProgress()
      $0.endProgress()
    }
    #expect(text == "\rfm-x: 1 frames\u{1B}[K\r\u{1B}[Kfm-x: w\n\rfm-x: 2 frames\u{1B}[K\n")
  }

  @Test func mistakesOnTheCommandLine() {
    let list = "The value 'x' is invalid. Please provide one of the following:\n  - a\n  - b\n  - c"
    let line = "The value 'x' is invalid. Please provide one of 'a', 'b' or 'c'."
    #expect(commandLineMistake(list, []) == line)
    let missing = "Missing value for '--start <time>'"
    let negative = commandLineMistake(missing, ["fm-x", "--start", "-1.5", "a"])
    #expect(negative == "--start must not be negative.")
    for rest in [[], ["--end"], ["-x"]] {
      #expect(commandLineMistake(missing, ["fm-x", "--start"] + rest) == missing)
    }
    #expect(commandLineMistake("Two\nlines", ["-1"]) == "Two\nlines")
  }

  @Test func helpOfAnOption() {
    let error = "Error: The value '1s' is invalid for '--start <time>'\n"
    let help = "Help:  -s, --start <time>      Start here: seconds,\n                        or h:m:s.\n"
    let expected = "-s, --start <time>: Start here: seconds, or h:m:s."
    #expect(optionHelp(error + help + "Usage: fm-x [--start <time>]\n  See 'fm-x --help'.") == expected)
    #expect(optionHelp(error + help) == expected)
    for text in [
      "", error, error + "Usage: fm-x", error + "Help:  --start <time>\nUsage: fm-x",
      "Help:  --flag  Does it.",
    ] {
      #expect(optionHelp(text) == nil)
    }
  }

  @Test func sizesOnTheCommandLine() {
    #expect(PictureSize(argument: "640x360")?.width == 640)
    #expect(PictureSize(argument: "640x360")?.height == 360)
    for wrong in [
      "", "640", "640x", "x360", "0x1", "1x65536", "-1x5", "1x2x3", "1 x2", "9999999999999999999x1",
    ] {
      #expect(PictureSize(argument: wrong) == nil, "\(wrong)")
    }
  }

  @Test func namedValuesOnTheCommandLine() {
    #expect(NamedValue(argument: "a=b=c")?.name == "a")
    #expect(NamedValue(argument: "a=b=c")?.value == "b=c")
    #expect(NamedValue(argument: "a=")?.value == "")
    #expect(NamedValue(argument: "=b") == nil)
    #expect(NamedValue(argument: "ab") == nil)
  }
}
