import Foundation
import Testing

extension ToolTests {
  /// What is wrong is said in one line that names it, with the right exit status.
  struct BadInputTests {
    struct Row: Sendable, CustomTestStringConvertible {
      var command: String
      var status: Int32
      /// What the line says, each.
      var says: [String]
      /// What standard input holds.
      var input = ""

      init(_ command: String, _ status: Int32, _ says: String..., input: String = "") {
        self.command = command
        self.status = status
        self.says = says
        self.input = input
      }

      var testDescription: String { input.isEmpty ? command : "\(command) < \(input)" }
    }

    static let rows = [
      Row("fm-decode empty.mp4", 65, "empty.mp4: ", "empty"),
      Row("fm-decode empty.jpg", 65, "empty.jpg: "),
      Row("fm-decode text.txt", 65, "text.txt: "),
      Row("fm-decode text.mp4", 65, "text.mp4: "),
      Row("fm-decode text.png", 65, "text.png: "),
      Row("fm-decode noise.mp4", 65, "noise.mp4: "),
      Row("fm-decode noise.jpg", 65, "noise.jpg: "),
      Row("fm-decode no-index.mp4", 65, "no-index.mp4: ", "truncated", "moov"),
      Row("fm-decode sound.m4a", 65, "sound.m4a: ", "no video stream"),
      Row("fm-decode absent.mp4", 74, "absent.mp4: cannot open: No such file or directory"),
      Row("fm-decode absent/", 74, "absent/: ", "No such file or directory"),
      Row("fm-decode folder", 65, "folder: nothing to read: there are no pictures in it"),
      Row("fm-decode 9", 74, "/dev/video9: ", "no such camera"),
      Row("fm-decode -", 65, "standard input: ", input: "text.txt"),
      Row("fm-decode -", 65, "standard input: ", "empty", input: "empty.mp4"),
      Row("fm-decode --format nonsense a", 64, "nonsense"),
      Row("fm-decode --format lavfi nonsense=1", 65, "nonsense=1: "),
      Row("fm-decode --stream 7 video.mp4", 64, "video.mp4: ", "7"),
      Row("fm-decode --strict broken.png", 65, "broken.png: "),
      Row(
        "fm-decode -o absent/out.fm video.mp4", 74, "absent/out.fm: cannot write: No such file or directory"),
      Row("fm-detect", 65, "standard input: not an fm stream", "66 74 79 70", input: "video.mp4"),
      Row("fm-detect video.mp4", 65, "video.mp4: not an fm stream"),
      Row("fm-detect", 65, "standard input: not an fm stream", "hello", input: "text.txt"),
      Row("fm-detect", 74, "standard input: input cut short: it is empty"),
      Row("fm-detect absent.fm", 74, "absent.fm: cannot open: No such file or directory"),
      Row("fm-detect folder", 74, "folder: cannot open: Is a directory"),
      Row("fm-detect", 65, "standard input: ", "version 2", "version 1", input: "version2.fm"),
      Row("fm-classify", 65, "standard input: ", "version 2", input: "version2.fm"),
      Row("fm-annotate -f null", 65, "standard input: ", "version 2", input: "version2.fm"),
      Row("fm-detect", 65, "standard input: ", "frame", "100", input: "wrong-size.fm"),
      Row("fm-detect", 65, "standard input: ", "limit", input: "huge.fm"),
      Row("fm-detect -c text.txt", 65, "text.txt:", "cascade", input: "stream.fm"),
      Row("fm-detect -c video.mp4", 65, "video.mp4:", "cascade", input: "stream.fm"),
      Row("fm-detect -c empty.mp4", 65, "empty.mp4", "cascade", input: "stream.fm"),
      Row("fm-detect -c other.xml", 65, "other.xml", "cascade", input: "stream.fm"),
      Row("fm-detect -c absent", 65, "absent: cannot find cascade", input: "stream.fm"),
      Row("fm-detect -c ./absent.xml", 74, "absent.xml: ", "No such file or directory", input: "stream.fm"),
      Row("fm-classify -m text.txt", 65, "text.txt: reading the model", input: "stream.fm"),
      Row("fm-classify -m video.mp4", 65, "video.mp4: reading the model", input: "stream.fm"),
      Row("fm-classify -m empty.mp4", 65, "empty.mp4: reading the model", input: "stream.fm"),
      Row("fm-classify -m archive.keras", 65, "archive.keras: ", "config.json", input: "stream.fm"),
      Row("fm-classify -m absent.keras", 74, "absent.keras: cannot open: No such file or directory"),
      Row(
        "fm-classify", 65, "standard input: frame 0: no faces to classify", "fm-detect", input: "stream.fm"),
      Row("fm-classify video.mp4", 65, "video.mp4: not an fm stream"),
      Row("fm-annotate -o out.mp4", 65, "standard input: not an fm stream", input: "video.mp4"),
      Row("fm-annotate -o out.mp4", 74, "standard input: input cut short: it is empty"),
      Row("fm-annotate -o absent/out.mp4", 74, "absent/out.mp4: cannot write: No such file or directory"),
      Row("fm-annotate -o folder", 74, "folder: cannot write: Is a directory", input: "stream.fm"),
      Row("fm-annotate -o out.nonsense", 64, "out.nonsense", input: "stream.fm"),
      Row("fm-annotate -o out.mp4 --codec nonsense", 64, "nonsense", input: "stream.fm"),
      Row("fm-annotate -o out.mp4 -f nonsense", 64, "nonsense", input: "stream.fm"),
      Row("fm-annotate -o out.mp4", 65, "standard input: frame 0: no pixels to draw on", input: "bare.fm"),
      Row("fm-detect", 65, "standard input: frame 0: no pixels to search", input: "bare.fm"),
      Row(
        "fm-annotate -o out.mp4 --faces text.txt", 65, "text.txt: ", "not an fm stream", input: "stream.fm"),
      Row(
        "fm-annotate -o out.mp4 --faces absent.ndjson", 74, "absent.ndjson: cannot open", input: "stream.fm"),
      Row("fm-annotate -o full.mp4", 75, "full.mp4: ", "No space left on device", input: "stream.fm"),
    ]

    let folder: ToolFolder

    init() throws {
      folder = try ToolFolder()
      let video = FileManager.default.contents(atPath: Fixtures.video) ?? Data()
      for name in ["empty.mp4", "empty.jpg"] { try folder.write("", to: name) }
      for name in ["text.txt", "text.mp4", "text.png"] { try folder.write("hello world\n", to: name) }
      let noise = Data((0..<5000).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13 ^ 0x80) })
      for name in ["noise.mp4", "noise.jpg"] { try folder.write(noise, to: name) }
      try folder.write(video, to: "video.mp4")
      try folder.write(video.prefix(video.count / 2), to: "no-index.mp4")
      try FileManager.default.createDirectory(atPath: folder["folder"], withIntermediateDirectories: false)
      try folder.write(
        Data([0x89] + Array("PNG\r\n\u{1A}\n".utf8) + [UInt8](repeating: 0, count: 40)), to: "broken.png")
      try folder.write(Fixtures.stream, to: "stream.fm")
      let header =
        #"{"fm":1,"type":"stream","video":{"width":9,"height":9,"pixel_format":"gray","time_base":[1,25]}}"#
        + "\n"
      let frame = #"{"type":"frame","seq":0,"pts":0,"time":0,"width":9,"height":9,"pixel_format":"gray"#
      try folder.write(
        header.replacingOccurrences(of: "1,", with: "2,", range: header.range(of: "\"fm\":1,")),
        to: "version2.fm")
      try folder.write(
        header + frame + "\"}\n" + #"{"type":"end","frames":1,"status":"ok"}"# + "\n", to: "bare.fm")
      try folder.write(header + frame + "\",\"bytes\":100}\n", to: "wrong-size.fm")
      try folder.write(header + #"{"type":"packet","track":1,"bytes":268435457}"# + "\n", to: "huge.fm")
      try folder.write("<?xml version=\"1.0\"?>\n<html><body/></html>\n", to: "other.xml")
      // An empty zip archive.
      try folder.write(Data([0x50, 0x4B, 5, 6] + [UInt8](repeating: 0, count: 18)), to: "archive.keras")
      symlink("/dev/full", folder["full.mp4"])
    }

    @Test(arguments: rows) func isTold(_ row: Row) throws {
      if row.command.contains("sound.m4a") {
        try folder.succeed("ffmpeg -v error -f lavfi -i sine=d=0.2 -c:a aac sound.m4a")
      }
      let before = folder.names
      let result = try folder.run(
        row.command, input: row.input.isEmpty ? "/dev/null" : folder[row.input], within: 20)
      let tool = row.command.prefix { $0 != " " }
      #expect(result.status == row.status, "\(result.messages)")
      for text in row.says { #expect(result.messages.contains(text), "\(result.messages)") }
      for line in result.messages.split(separator: "\n") { #expect(line.hasPrefix(tool + ": ")) }
      let lines = result.messages.split(separator: "\n").filter { !$0.contains(" --help") }
      // A picture's only packet is reported as damaged first, as any packet is.
      let isDamagedPicture = row.command.hasSuffix("text.png") || row.command.hasSuffix("noise.jpg")
      #expect(lines.count == 1 || isDamagedPicture && lines.count == 2, "one line: \(result.messages)")
      #expect(folder.names == before, "nothing is left")
    }

    /// Files that show no more than a part, or are not what their name says: read as far as they go.
    @Test func aWrongExtensionDoesNoHarm() throws {
      try folder.write(folder.data("video.mp4"), to: "video.jpg")
      let stream = try StreamRecords(try folder.succeed("fm-decode video.jpg"), in: folder)
      #expect(stream.frames.count == 25)
      try folder.succeed("ffmpeg -v error -f lavfi -i testsrc2=s=32x32 -frames:v 1 a.png")
      try folder.write(folder.data("a.png"), to: "picture.mp4")
      #expect(try StreamRecords(try folder.succeed("fm-decode picture.mp4"), in: folder).frames.count == 1)
    }

    @Test func aTruncatedFileIsReadAsFarAsItGoes() throws {
      try folder.succeed("ffmpeg -v error -i \(Fixtures.video) -c copy whole.mkv")
      try folder.write(folder.data("whole.mkv").prefix(folder.data("whole.mkv").count / 2), to: "cut.mkv")
      let result = try folder.run("fm-decode cut.mkv")
      #expect(result.status == 74)
      #expect(result.messages.contains("input cut short"), "\(result.messages)")
      #expect(result.messages.hasPrefix("fm-decode: cut.mkv: "), "\(result.messages)")
      #expect(result.messages.contains("ended prematurely"))
      let stream = try StreamRecords(result.output, in: folder)
      #expect((5..<25).contains(stream.frames.count))
      #expect(stream.end["status"] as? String == "error")
      let strict = try folder.run("fm-decode --strict cut.mkv")
      #expect(strict.status == 65, "\(strict.messages)")
      let end = try StreamRecords(strict.output, in: folder).end
      #expect(end["status"] as? String == "error")
    }

    @Test(arguments: ["libx264 -preset ultrafast -g 5 damaged.mp4", "mjpeg -q:v 3 damaged.avi"])
    func aDamagedPacketIsToldAndDecodingGoesOn(_ encoder: String) throws {
      let name = String(encoder.split(separator: " ").last ?? "")
      try folder.succeed("ffmpeg -v error -f lavfi -i testsrc2=s=320x240:r=25:d=1 -c:v \(encoder)")
      var data = folder.data(name)
      let middle = data.count / 2
      data.replaceSubrange(
        middle..<middle + 600, with: (0..<600).map { UInt8(truncatingIfNeeded: $0 &* 73) | 1 })
      try folder.write(data, to: name)
      let result = try folder.run("fm-decode \(name)")
      #expect(result.status == 0)
      #expect(result.messages.hasPrefix("fm-decode: \(name): packet "), "\(result.messages)")
      #expect(result.messages.split(separator: "\n").count < 8, "\(result.messages)")
      let stream = try StreamRecords(result.output, in: folder)
      #expect((23...25).contains(stream.frames.count), "\(stream.frames.count)")
      #expect(stream.end["status"] as? String == "ok")
      #expect(try folder.run("fm-decode --quiet \(name)").messages == "")
      let strict = try folder.run("fm-decode --strict \(name)")
      #expect(strict.status == 65, "\(strict.messages)")
      let broken = try StreamRecords(strict.output, in: folder)
      #expect(broken.end["status"] as? String == "error")
      #expect((1..<25).contains(broken.frames.count))
    }

    @Test func damageThatRepeatsItselfIsCounted() throws {
      try folder.succeed(
        "ffmpeg -v error -f lavfi -i testsrc2=s=320x240:r=25:d=4 -preset ultrafast -g 5 many.mp4")
      var data = folder.data("many.mp4")
      let noise = (0..<40).map { UInt8(truncatingIfNeeded: $0 &* 73) | 1 }
      for place in stride(from: 6000, to: data.count - 20_000, by: 3000) {
        data.replaceSubrange(place..<place + 40, with: noise)
      }
      try folder.write(data, to: "many.mp4")
      let lines = try folder.run("fm-decode many.mp4").messages.split(separator: "\n")
      let all = try folder.run("fm-decode --verbose many.mp4").messages.split(separator: "\n")
      let last = try #require(lines.last)
      #expect(last.hasSuffix(" more damaged packets") && lines.count < 15, "\(lines)")
      let rest = Int(last.split(separator: " ").dropLast(3).last ?? "") ?? 0
      func damaged(_ lines: [Substring]) -> Int { lines.count { $0.contains(": damaged: ") } }
      #expect(rest > 5 && all.count >= damaged(lines) + rest)
      #expect(damaged(all) == damaged(lines) + rest)
    }

    @Test func anUnreadablePictureIsCounted() throws {
      try FileManager.default.createDirectory(atPath: folder["album"], withIntermediateDirectories: false)
      try folder.succeed("ffmpeg -v error -f lavfi -i testsrc2=s=32x32:r=1 -frames:v 3 album/%d.png")
      try folder.write("no picture", to: "album/2.png")
      let result = try folder.run("fm-decode album")
      #expect(result.status == 65)
      #expect(result.messages.contains("album/2.png: "), "\(result.messages)")
      let stream = try StreamRecords(result.output, in: folder)
      #expect(stream.frames.map { $0["source"] as? String } == ["album/1.png", "album/3.png"])
      #expect(try folder.run("fm-decode --strict album").status == 65)
    }

    // MARK: Rights

    /// Runs a tool as somebody who may not read or write everything.
    private static let asNobody = geteuid() == 0 ? "setpriv --reuid 65534 --clear-groups " : ""
    private static let canBeNobody: Bool = {
      if geteuid() != 0 { return true }
      guard Programs.installed("setpriv") != nil, let folder = try? ToolFolder() else { return false }
      return (try? folder.run("\(asNobody)\(Programs.path("fm-decode")) --version").status) == 0
    }()

    @Test(.enabled(if: canBeNobody)) func whatMayNotBeReadOrWrittenIsTold() throws {
      chmod(folder["video.mp4"], 0)
      chmod(folder["stream.fm"], 0o600)
      chmod(folder["text.txt"], 0o400)
      let decode = try folder.run("\(Self.asNobody)\(Programs.path("fm-decode")) video.mp4")
      #expect(decode.status == 74)
      #expect(decode.messages == "fm-decode: video.mp4: cannot open: Permission denied\n")
      chmod(folder.path, 0o555)
      defer { chmod(folder.path, 0o755) }
      let before = folder.names
      for output in ["out.mp4", "text.txt -f mp4"] {
        let annotate = try folder.run(
          "\(Self.asNobody)\(Programs.path("fm-annotate")) -o \(output)", data: Fixtures.stream)
        #expect(annotate.status == 74)
        let name = output.prefix { $0 != " " }
        #expect(
          annotate.messages.contains("\(name): cannot write: Permission denied"), "\(annotate.messages)")
      }
      #expect(folder.names == before)
    }
  }
}
