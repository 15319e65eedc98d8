import Foundation
import Testing

extension ToolTests {
  /// What the names of outputs and inputs stand for, and what lies under them already.
  struct OutputPlacesTests {
    let folder: ToolFolder

    init() throws {
      folder = try ToolFolder()
      try folder.succeed("fm-decode --format lavfi --frames 3 testsrc2=s=64x64:r=25 -o base.fm")
    }

    /// A URL is its path: the file is replaced whole, or not at all.
    @Test(arguments: ["file://", "FILE://", "file://localhost", "file:"]) func fileURLs(_ scheme: String)
      throws
    {
      try folder.write("OLD", to: "a+b.mp4")
      let url = scheme + folder["a%2Bb.mp4"]
      let cut = try folder.run("fm-annotate -q -o \(url) -", data: folder.data("base.fm").prefix(9000))
      #expect(cut.status == 74 && folder.data("a+b.mp4") == Data("OLD".utf8), "\(cut.messages)")
      try folder.succeed("fm-annotate -q -o \(url) base.fm")
      #expect(
        try Media.times(folder["a+b.mp4"], in: folder).count == 3 && folder.names == ["a+b.mp4", "base.fm"])
      try folder.succeed("fm-detect -q --no-pixels file://\(folder["base.fm"]) -o file://\(folder["out.fm"])")
      #expect(folder.names == ["a+b.mp4", "base.fm", "out.fm"])
    }

    @Test(arguments: [
      "-o tee:a.mp4|b.mp4", "-f mp4 -o pipe:1", "-f matroska -o pipe://1", "-o crypto+file:///tmp/none.mp4",
      "-o concat:a.mp4", "-f tee -o a.mp4", "-f segment -o %d.ts",
    ]) func protocolsOfFFmpegAreRefused(_ output: String) throws {
      let result = try folder.run("fm-annotate \(output) base.fm")
      #expect(result.status == 64 && result.messages.split(separator: "\n").count == 1, "\(result.messages)")
      #expect(folder.names == ["base.fm"] && result.output.isEmpty)
    }

    /// Two outputs, or an output and an input, are never the same file, however their names are written.
    @Test func outputsOfOneFileAreRefused() throws {
      try folder.succeed("fm-detect -q --no-pixels base.fm -o found.ndjson")
      for name in ["cut", "here"] {
        try FileManager.default.createDirectory(atPath: folder[name], withIntermediateDirectories: true)
      }
      try FileManager.default.createSymbolicLink(
        atPath: folder["link.ndjson"], withDestinationPath: "found.ndjson")
      let (base, found, names) = (folder.data("base.fm"), folder.data("found.ndjson"), folder.names)
      for line in [
        "fm-annotate --findings ./same.mp4 -o same.mp4 base.fm",
        "fm-annotate --crops -o cut/%05d.png --findings cut/manifest.csv base.fm",
        "fm-annotate --findings base.fm -o a.mkv base.fm",
        "fm-annotate -f matroska -o here/../base.fm base.fm",
        "fm-annotate --faces found.ndjson --findings link.ndjson -o a.mkv base.fm",
        "fm-export -f csv -f html -o two -o ./two found.ndjson", "fm-export found.ndjson -o found.ndjson",
        "fm-export found.ndjson -o a.csv -o link.ndjson", "fm-export -o - -f csv -o /dev/stdout found.ndjson",
        "fm-detect base.fm -o ./base.fm", "fm-decode here/../base.fm -o base.fm",
      ] {
        let result = try folder.run(line)
        #expect(
          result.status == 64 && result.messages.contains("refusing to write"), "\(line): \(result.messages)")
        #expect(folder.names == names, "\(line)")
      }
      let piped = try folder.run("fm-export -o found.ndjson", input: folder["found.ndjson"])
      #expect(piped.status == 64, "\(piped.messages)")
      #expect(folder.data("base.fm") == base && folder.data("found.ndjson") == found)
      let nowhere = try folder.run("fm-annotate -q --findings /dev/null -f null -o /dev/null base.fm")
      #expect(nowhere.isSuccess, "\(nowhere.messages)")
    }

    @Test func namesWithNumbers() throws {
      for name in ["12:00:%02d.png", "100%d.mp4"] { try folder.succeed("fm-annotate -q -o \(name) base.fm") }
      let files = ["100%d.mp4", "12:00:01.png", "12:00:02.png", "12:00:03.png", "base.fm"]
      #expect(folder.names == files)
      #expect(try Media.times(folder["100%d.mp4"], in: folder).count == 3)
      for (name, status) in [("%03d.foo", Int32(64)), ("none/%d.png", 74), ("%d%d", 64)] {
        let result = try folder.run("fm-annotate -o \(name) base.fm")
        #expect(result.status == status, "\(result.messages)")
      }
      #expect(folder.names == files)
      unlink(folder["12:00:02.png"])
      let result = try folder.run("fm-decode 12:00:%02d.png")
      #expect(result.status == 0)
      #expect(
        result.messages
          == "fm-decode: 12:00:%02d.png: the pictures 2 are missing; the others follow each other\n")
      #expect(try StreamRecords(result.output, in: folder).frames.count == 2)
    }

    /// Bytes that are not UTF-8, from the command line to the output and back.
    @Test func namesThatAreNoText() throws {
      try folder.write(
        """
        set -e
        fm-annotate -q -o $'f\\351lm.mp4' base.fm
        fm-annotate -q -o $'p\\351%d.png' base.fm
        fm-decode -q $'f\\351lm.mp4' -o $'st\\351am.fm'
        fm-detect -q --no-pixels $'st\\351am.fm'
        fm-decode -q $'p\\351%d.png' | fm-detect -q --no-pixels
        for name in *; do printf '%q\\n' "$name" >&2; done
        """, to: "script.sh")
      let result = try folder.run("bash script.sh", environment: ["LC_ALL": "C"])
      #expect(result.status == 0)
      #expect(
        result.messages.split(separator: "\n").map(String.init) == [
          "base.fm", #"$'f\351lm.mp4'"#, #"$'p\3511.png'"#, #"$'p\3512.png'"#, #"$'p\3513.png'"#, "script.sh",
          #"$'st\351am.fm'"#,
        ], "\(result.messages)")
      let stream = try StreamRecords(result.output, in: folder)
      #expect(stream.header["source"] as? String == "f\u{EFE9}lm.mp4")
      let history = stream.header["history"] as? [[String: Any]] ?? []
      #expect((history.first?["arguments"] as? [String])?.last == "st\u{EFE9}am.fm")
      #expect(stream.frames.last?["source"] as? String == "p\u{EFE9}3.png")
    }

    /// The first holds the model from the beginning, also while it reads.
    @Test(arguments: [
      "fm-train m.keras d", "fm-train m.keras d --restart", "fm-train tune m.keras d --validation-split 0.5",
      "fm-train quantize expressions --calibration d -o m.keras",
    ]) func twoThatWriteOneModel(_ second: String) throws {
      try ShapePictures.write("d", in: folder, count: 2, seed: 1)
      try #require(mkfifo(folder["pipe"], 0o600) == 0)
      let first = try folder.start("fm-train m.keras d --manifest pipe")
      #expect(first.wait(10) { folder.data(".m.keras.lock").contains(UInt8(ascii: "\n")) })
      let result = try folder.run(second)
      #expect(result.status == 1, "\(result.messages)")
      let holder = "m.keras: another process is writing it: process \(first.processes[0]) on "
      #expect(
        result.messages.contains(holder)
          && result.messages.hasSuffix(": fm-train m.keras d --manifest pipe\n"))
      first.signal(SIGTERM)
      #expect(first.finish(within: 5).statuses == [128 + SIGTERM])
      #expect(!folder.exists(".m.keras.lock") && !folder.exists("m.keras"))
    }

    /// Files that the tools look for by themselves.
    @Test func specialFilesAreNotOpened() throws {
      try ShapePictures.write("d", in: folder, count: 4, seed: 1)
      let fit = "fm-train m.keras d -q --architecture compact --filters 4 --size 16 --threads 1 -e 1"
      try #require(mkfifo(folder["m.keras.checkpoint"], 0o600) == 0)
      let checkpoint = try folder.run(fit, within: 20)
      #expect(checkpoint.status == 65, "\(checkpoint.messages)")
      #expect(checkpoint.messages.contains("m.keras.checkpoint: cannot open: it is a named pipe"))
      unlink(folder["m.keras.checkpoint"])
      try FileManager.default.createDirectory(atPath: folder["m.report"], withIntermediateDirectories: true)
      for name in ["report.txt", "report.json", "history.csv"] {
        try #require(mkfifo(folder["m.report/" + name], 0o600) == 0)
      }
      let report = try folder.run(fit, within: 20)
      #expect(report.status == 65 && folder.exists("m.keras"), "\(report.messages)")
      let comparison = try folder.run("fm-train compare m.report m.report", within: 20)
      #expect(comparison.status == 65 && comparison.messages.contains("it is a named pipe"))
      try FileManager.default.createDirectory(atPath: folder["cascades"], withIntermediateDirectories: true)
      try #require(mkfifo(folder["cascades/x.xml"], 0o600) == 0)
      let list = try folder.run(
        "fm-detect --list", environment: ["FM_CASCADE_PATH": folder["cascades"]], within: 20)
      #expect(list.status == 0 && list.messages.contains("x.xml: cannot open: it is a named pipe"))
    }

    /// By name a device may be given: what it is not is seen at its beginning.
    @Test(arguments: [
      "fm-detect -c /dev/zero base.fm", "fm-classify -m /dev/zero base.fm", "fm-train show /dev/zero",
      "fm-decode /dev/zero", "fm-detect /dev/zero", "fm-train m.keras d --recipe /dev/zero",
      "fm-train m.keras d --manifest /dev/zero",
    ]) func devicesWithoutEnd(_ line: String) throws {
      try ShapePictures.write("d", in: folder, count: 1, seed: 1)
      let result = try folder.run(line, within: 10)
      #expect(result.status == 65, "\(result.messages)")
      #expect(result.seconds < 5)
    }
  }
}
