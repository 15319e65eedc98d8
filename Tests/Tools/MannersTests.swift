import Foundation
import Testing

extension ToolTests {
  /// What all tools have in common.
  struct MannersTests {
    static let tools = ["fm-decode", "fm-detect", "fm-classify", "fm-annotate"]
    let folder: ToolFolder

    init() throws { folder = try ToolFolder() }

    @Test(arguments: tools) func helpAndVersion(_ tool: String) throws {
      let help = String(decoding: try folder.succeed("\(tool) --help"), as: UTF8.self)
      #expect(help.contains("USAGE: \(tool)"))
      for option in ["--quiet", "--verbose", "--version", "--help"] { #expect(help.contains(option)) }
      let version = String(decoding: try folder.succeed("\(tool) --version"), as: UTF8.self)
      #expect(version.hasPrefix("\(tool) ") && version.contains(".") && version.hasSuffix("\n"))
      #expect(try folder.succeed("\(tool) --generate-completion-script bash").count > 500)
    }

    @Test(arguments: [
      "fm-decode", "fm-decode --frames 0 a", "fm-decode --every 0 a", "fm-decode --size 5 a",
      "fm-decode --pixel-format rgb48 a", "fm-decode --start x a", "fm-decode --nonsense a",
      "fm-decode --quiet --verbose a", "fm-decode --stream -1 a", "fm-detect --scale-factor 1",
      "fm-detect --scale-factor nan", "fm-detect --min-neighbors -1", "fm-detect --min-size x",
      "fm-detect --threads -1", "fm-detect --every 0", "fm-detect a b", "fm-detect --region 1,2,3",
      "fm-classify --precision f8", "fm-classify --margin 99", "fm-classify --input-scale inf",
      "fm-classify --classes a,,b", "fm-classify --classes a,a", "fm-annotate", "fm-annotate -o -",
      "fm-annotate -o a.mp4 --quality -1", "fm-annotate -o a.mp4 --quality 20 --bit-rate 1M",
      "fm-annotate -o a.mp4 --bit-rate 0", "fm-annotate -o a.mp4 --sheet 5", "fm-annotate --nonsense",
    ])
    func aWrongCommandLine(_ command: String) throws {
      let result = try folder.run(command)
      #expect(result.status == 64, "\(result.messages)")
      #expect(result.output.isEmpty)
      let tool = command.prefix { $0 != " " }
      let lines = result.messages.split(separator: "\n")
      #expect((1...3).contains(lines.count), "\(result.messages)")
      for line in lines { #expect(line.hasPrefix("\(tool): "), "\(result.messages)") }
      #expect(folder.names.isEmpty)
    }

    /// Runs a command with standard input, output and error on a terminal, and prints what it shows.
    private func onTerminal(_ command: String) throws -> RunningPipe.Result {
      try folder.write(
        "import os, pty, sys\nsys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))\n",
        to: "terminal.py")
      return try folder.run(
        "python3 terminal.py \(command)")
    }

    @Test(.enabled(if: Fixtures.hasTerminals, "this system has no pseudo-terminals"))
    func noBinaryDataOnATerminal() throws {
      try folder.write(Fixtures.stream, to: "in.fm")
      for command in [
        "fm-decode \(Fixtures.video)", "fm-detect in.fm", "fm-classify in.fm",
        "fm-annotate -f matroska -o - in.fm",
      ] {
        let result = try onTerminal(command)
        #expect(result.status == 64, "\(command)")
        #expect(result.text.contains("refusing to write binary data to a terminal"), "\(result.text)")
        #expect(result.output.count < 400)
      }
      let text = try onTerminal("fm-detect --no-pixels in.fm")
      #expect(text.status == 0)
      #expect(text.text.contains(#""faces":"#))
      // Not from a terminal either: nobody types a stream.
      let waiting = try onTerminal("fm-detect --no-pixels")
      #expect(waiting.status == 64)
      #expect(waiting.text.contains("standard input is a terminal"))
    }

    /// What a stream's strings hold never moves a terminal's cursor; a pipe gets the bytes as they are.
    @Test(.enabled(if: Fixtures.hasTerminals, "this system has no pseudo-terminals"))
    func aStreamCannotSpeakForTheTerminal() throws {
      let header = "{\"fm\":1,\"type\":\"stream\",\"source\":\"a\u{9B}31m\u{202E}\"}\n"
      try folder.write(header + "{\"type\":\"end\",\"frames\":0,\"status\":\"ok\"}\n", to: "names.fm")
      let shown = try onTerminal("fm-detect --no-pixels names.fm")
      #expect(shown.status == 0 && shown.text.contains("a\\u009b31m\\u202e"), "\(shown.text)")
      #expect(
        !shown.text.unicodeScalars.contains("\u{9B}") && !shown.text.unicodeScalars.contains("\u{202E}"))
      #expect(try folder.run("fm-detect --no-pixels names.fm").text.contains("a\u{9B}31m\u{202E}"))
    }

    @Test(.enabled(if: Fixtures.hasTerminals, "this system has no pseudo-terminals"))
    func progressIsForTerminalsOnly() throws {
      try folder.write(Fixtures.stream, to: "in.fm")
      let shown = try onTerminal(
        "fm-decode --format lavfi --realtime --duration 1.5 testsrc2=s=32x32:r=25 -o out.fm")
      #expect(shown.status == 0)
      #expect(shown.text.contains("fps"), "\(shown.text)")
      let quiet = try onTerminal(
        "fm-decode --quiet --format lavfi --realtime --duration 1.5 testsrc2=s=32x32:r=25 -o out.fm")
      #expect(quiet.text == "")
      let piped = try folder.run(
        "fm-decode --format lavfi --realtime --duration 1.5 testsrc2=s=32x32:r=25 -o out.fm")
      #expect(piped.messages == "")
    }

    @Test func theListsAreForPeople() throws {
      let list = try folder.run("fm-detect --list")
      #expect(list.status == 0 && list.text.contains("frontalface_alt"))
      let explained = String(decoding: try folder.succeed("fm-detect --explain 640x360"), as: UTF8.self)
      #expect(explained.hasPrefix("CASCADE") && explained.contains("total"))
      let described = String(decoding: try folder.succeed("fm-classify --describe"), as: UTF8.self)
      #expect(described.contains("Classes: angry, disgust, fear, happy, neutral, sad, surprise"))
      #expect(described.contains("Input: 44x44 gray, standardized pixel * 1 + 0, margin -0.0417\n"))
    }

    @Test func closedStandardStreamsAreTold() throws {
      let script = "fm-detect<&-"
      let result = try folder.run("bash -c \(script)")
      #expect(result.status == 74)
      #expect(result.messages.hasPrefix("fm-detect: standard input: "))
      let output = try folder.run("bash -c fm-detect>&-", data: Fixtures.stream)
      #expect([0, 74].contains(output.status), "\(output.status)")
    }
  }
}
