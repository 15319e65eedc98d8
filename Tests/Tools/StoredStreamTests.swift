import Foundation
import Testing

extension ToolTests {
  /// fm-stream, and what the other tools make of the files that it writes.
  struct StoredStreamTests {
    let folder: ToolFolder

    init() throws { folder = try ToolFolder() }

    /// A stream without its history, in which the tools that wrote it differ.
    private func plain(_ stream: Data) -> Data {
      guard let line = stream.firstIndex(of: 0x0A) else { return stream }
      let header = String(decoding: stream[..<line], as: UTF8.self)
      let short = header.replacingOccurrences(
        of: #","history":\[.*\]\}$"#, with: "}", options: .regularExpression)
      return Data(short.utf8) + stream[line...]
    }

    @Test func allToolsReadCompressedStreams() throws {
      try folder.write(Fixtures.stream, to: "a.fm")
      try folder.succeed("fm-stream compress a.fm -o a.fm.zst")
      #expect(try folder.succeed("fm-stream check a.fm.zst").count > 0)
      #expect(folder.data("a.fm.zst").count < Fixtures.stream.count / 2)
      // From a file, from a pipe, and one piece of a byte.
      for tool in ["fm-detect", "fm-stream view", "fm-stream view --no-pixels"] {
        let expected = plain(try folder.succeed("\(tool) a.fm"))
        #expect(plain(try folder.succeed("\(tool) a.fm.zst")) == expected, "\(tool)")
        #expect(plain(try folder.succeed("cat a.fm.zst | \(tool)")) == expected, "\(tool)")
      }
      try folder.succeed("fm-annotate a.fm.zst -o a.mkv")
      #expect(try folder.run("fm-export a.fm.zst -o a.csv").isSuccess)
      if Programs.installed("zstd") != nil {
        #expect(try folder.succeed("zstd -dcq a.fm.zst") == folder.succeed("fm-stream index a.fm"))
        // Without an index and seek table, by another program.
        try folder.succeed("zstd -q -5 a.fm -o b.fm.zst")
        #expect(
          plain(try folder.succeed("fm-stream view --seq 3-4 b.fm.zst"))
            == plain(try folder.succeed("fm-stream view --seq 3-4 a.fm")))
        try folder.succeed("fm-stream check b.fm.zst")
      }
      try folder.write(folder.data("a.fm.zst") + folder.data("a.fm.zst"), to: "twice.fm.zst")
      #expect(try folder.run("fm-stream check twice.fm.zst").isSuccess)
    }

    /// With an index, compressed and plain: the same part.
    @Test(arguments: [
      "--seq 3-4", "--seq 5-", "--seq -2", "--start 0.1 --end 0.2", "--start 0.21", "--seq 99",
    ])
    func viewIsTheSameWithAnIndex(_ part: String) throws {
      try folder.write(Fixtures.stream, to: "a.fm")
      try folder.succeed("fm-stream index a.fm -o i.fm")
      try folder.succeed("fm-stream compress a.fm -o z.fm.zst")
      let expected = plain(try folder.succeed("fm-stream view \(part) a.fm"))
      #expect(plain(try folder.succeed("fm-stream view \(part) i.fm")) == expected)
      #expect(plain(try folder.succeed("fm-stream view \(part) z.fm.zst")) == expected)
      #expect(plain(try folder.succeed("fm-stream view \(part)", data: Fixtures.stream)) == expected)
      #expect(try folder.run("fm-stream check", data: expected).isSuccess)
      // What is read by the index: the end, and two frames.
      let count = try StreamRecords(expected, in: folder).frames.count
      #expect(count == ["--seq 5-": 3, "--seq -2": 3, "--seq 99": 0, "--start 0.1 --end 0.2": 2][part] ?? 2)
    }

    @Test func viewOfRecords() throws {
      let header = try folder.succeed("fm-stream view --header", data: Fixtures.stream)
      #expect(header == Fixtures.stream.prefix { $0 != 0x0A } + [0x0A])
      let frames = try StreamRecords(
        try folder.succeed("fm-stream view --types frame --no-pixels", data: Fixtures.stream), in: folder)
      #expect(frames.frames.count == 8 && frames.all("packet").isEmpty && frames.end["frames"] as? Int == 8)
      let packets = try StreamRecords(
        try folder.succeed("fm-stream view --types packet", data: Fixtures.stream), in: folder)
      #expect(packets.frames.isEmpty && !packets.all("packet").isEmpty && packets.end["frames"] as? Int == 0)
      for words in ["--seq 5-3", "--seq a", "--start 3 --end 3", "--seq 1 --start 2", "--ids x", "--types ,"]
      {
        #expect(try folder.run("fm-stream view \(words)", data: Fixtures.stream).status == 64, "\(words)")
      }
    }

    /// An index that an older filter passed on leads astray: this is said, and the part is right.
    @Test func untrueIndexes() throws {
      try folder.write(Fixtures.stream, to: "a.fm")
      var stream = try folder.succeed("fm-stream index a.fm")
      let place = try #require(stream.range(of: Data(#""seq":0,"#.utf8)))
      stream.replaceSubrange(place, with: Data(#""seq":0,"x":1,"#.utf8))
      try folder.write(stream, to: "b.fm")
      let result = try folder.run("fm-stream view --seq 6 b.fm")
      #expect(result.isSuccess && result.messages.contains("b.fm: its index is wrong"), "\(result.messages)")
      #expect(plain(result.output) == plain(try folder.succeed("fm-stream view --seq 6 a.fm")))
      for option in ["", "--quick "] {
        #expect(try folder.run("fm-stream check \(option)b.fm").status == 65)
      }
    }

    /// The parts of a stream with sound, cut between frames, are the whole again in any form.
    @Test(arguments: ["", " --no-pixels"]) func mergedParts(_ pixels: String) throws {
      try folder.write(try folder.succeed("fm-stream view\(pixels)", data: Fixtures.stream), to: "whole.fm")
      for (name, part) in [("1.fm", "-2"), ("2.fm.zst", "3-3"), ("3.fm", "4-")] {
        try folder.succeed("fm-stream view --seq \(part) whole.fm -o \(name)")
      }
      let whole = plain(folder.data("whole.fm"))
      let merged = try folder.succeed("fm-stream merge 1.fm 2.fm.zst 3.fm")
      #expect(plain(merged) == whole)
      for (names, words) in [
        ("1.fm 3.fm", "3.fm: cannot merge: frame 3 is missing between 1.fm and it"),
        ("1.fm 2.fm.zst 2.fm.zst 3.fm", "2.fm.zst: cannot merge: it begins with frame 3 as 2.fm.zst does"),
        ("2.fm.zst 1.fm 3.fm", "1.fm: cannot merge: it begins with frame 0"),
      ] {
        let result = try folder.run("fm-stream merge -o out.fm \(names)")
        #expect(result.status == 65 && result.messages.contains(words), "\(result.messages)")
        #expect(!folder.exists("out.fm"))
      }
      try folder.succeed("fm-stream view --seq 3- --types frame whole.fm -o other.fm")
      let refused = try folder.run("fm-stream merge 1.fm other.fm")
      #expect(
        refused.messages.contains("other.fm: cannot merge: fm-stream ran with another types as in 1.fm"))
    }

    @Test func partsThatAreNotWhole() throws {
      try folder.write(Fixtures.stream, to: "whole.fm")
      try folder.succeed("fm-stream view --seq -2 whole.fm -o 1.fm")
      try folder.succeed("fm-stream view --seq 3- whole.fm -o 2.fm.zst")
      try folder.write(Fixtures.stream.dropLast(30), to: "cut.fm")
      try folder.write(folder.data("2.fm.zst").dropLast(300), to: "cut.fm.zst")
      let ending = #"{"type":"end","frames":0,"status":"error","message":"maker: too dark"}"#
      try folder.write("{\"fm\":1,\"type\":\"stream\"}\n\(ending)\n", to: "failed.fm")
      for (name, status, words) in [
        ("cut.fm", 74, "cut.fm: input cut short"), ("cut.fm.zst", 74, "cut.fm.zst: input cut short"),
        ("failed.fm", 1, "failed.fm: cannot merge: maker: too dark"), ("no.fm", 74, "no.fm: cannot open"),
      ] as [(String, Int32, String)] {
        let result = try folder.run("fm-stream merge 1.fm \(name)")
        #expect(
          result.status == status && result.messages.contains(words), "\(result.status) \(result.messages)")
      }
    }

    /// Chunks come in any order; each that is missing or double is named.
    @Test func chunks() throws {
      func chunk(_ number: Int, _ frames: Range<Int>) throws {
        var text =
          #"{"fm":1,"type":"stream","chunk":[\#(number),3],"history":[{"name":"fm-decode","version":"1","arguments":["\#(number)"],"options":{"chunk":"\#(number)/3"}}]}"#
          + "\n"
        for frame in frames {
          text += #"{"type":"frame","seq":\#(frame),"pts":\#(frame),"time":0}"# + "\n"
        }
        try folder.write(
          text + #"{"type":"end","frames":\#(frames.count),"status":"ok"}"# + "\n", to: "\(number).fm")
      }
      try chunk(1, 0..<4)
      try chunk(2, 4..<6)
      try chunk(3, 6..<6)
      let merged = try folder.succeed("fm-stream merge 3.fm 1.fm 2.fm")
      #expect(
        String(decoding: plain(merged), as: UTF8.self).hasPrefix(
          #"{"fm":1,"type":"stream"}\#n{"type":"frame","seq":0"#))
      #expect(
        String(decoding: merged, as: UTF8.self).hasSuffix(#"{"type":"end","frames":6,"status":"ok"}"# + "\n"))
      for (names, words) in [
        ("1.fm 3.fm", "part 2 of 3: cannot merge: it is missing"),
        ("1.fm 2.fm 3.fm 2.fm", "2.fm: cannot merge: part 2 of 3 appears twice"),
      ] {
        let result = try folder.run("fm-stream merge \(names)")
        #expect(
          result.status == 65 && result.messages.contains(words) && result.output.isEmpty,
          "\(result.messages)")
      }
    }

    /// Only an index may be put into the file that is read; what is whole may stay.
    @Test func outputsThatAreThere() throws {
      try folder.write(Fixtures.stream, to: "a.fm")
      for command in ["view --seq 1", "compress", "merge"] {
        #expect(try folder.run("fm-stream \(command) a.fm -o a.fm").status == 64, "\(command)")
      }
      #expect(folder.data("a.fm") == Fixtures.stream)
      try folder.succeed("fm-stream index a.fm -o a.fm")
      #expect(try folder.run("fm-stream check a.fm").text.hasSuffix("indexed\n"))
      let before = folder.data("a.fm")
      let skipped = try folder.run("fm-stream compress --skip-existing no.fm -o a.fm")
      #expect(skipped.isSuccess && skipped.messages.contains("a.fm: skipped"), "\(skipped.messages)")
      #expect(folder.data("a.fm") == before)
    }

    @Test func check() throws {
      try folder.write(Fixtures.stream, to: "a.fm")
      let result = try folder.run("fm-stream check a.fm")
      #expect(result.text.hasPrefix("a.fm: whole: 8 frames, ") && result.text.contains(", 128x96 yuv420p, "))
      #expect(
        try folder.run("fm-stream check --quick a.fm").text.contains("a.fm: both ends are good: 8 frames"))
      #expect(try folder.run("fm-stream check --quick", data: Fixtures.stream).isSuccess)
      #expect(try folder.run("cat a.fm | fm-stream check --quick").status == 64)
      try folder.write(Fixtures.stream.dropLast(3), to: "cut.fm")
      for option in ["", "--quick "] {
        let several = try folder.run("fm-stream check \(option)cut.fm a.fm")
        #expect(several.status == 74 && several.text.hasPrefix("a.fm: "), "\(several.text)")
        #expect(several.messages.hasPrefix("fm-stream: cut.fm: input cut short: "), "\(several.messages)")
      }
    }

    /// All whole records of a compressed file that was cut are passed on, with an end record that says so.
    @Test func cutCompressedFiles() throws {
      let noise = "fm-decode --format lavfi --frames 30 nullsrc=s=320x240,geq=random(1)*255:128:128"
      let stream = try folder.succeed("\(noise) | fm-stream compress")
      for share in [3, 2] {
        let result = try folder.run("fm-stream view", data: stream.prefix(stream.count / share))
        #expect(result.status == 74, "\(result.messages)")
        let records = try StreamRecords(result.output, in: folder)
        #expect(records.frames.count > 20 / share && records.end["status"] as? String == "error")
        #expect(records.end["frames"] as? Int == records.frames.count)
      }
      var damaged = stream
      damaged[stream.count / 2] ^= 0x40
      let result = try folder.run("fm-detect --no-pixels", data: damaged)
      #expect(
        result.status == 65 && result.messages.contains("damaged compressed data"), "\(result.messages)")
    }

    /// A few kilobytes that stand for gigabytes of a line, or of a payload over the limit, are refused.
    @Test func bombs() throws {
      guard Programs.installed("zstd") != nil else { return }
      let script = """
        import subprocess, sys
        big = subprocess.run(["zstd", "-q", "-19"], input=b'{"fm":1,"type":"stream","x":"' + b"a" * (64 << 20), capture_output=True)
        sys.stdout.buffer.write(big.stdout)
        """
      try folder.write(script, to: "bomb.py")
      let bomb = try folder.run("python3 bomb.py").output
      #expect(bomb.count < 100_000 && !bomb.isEmpty)
      let result = try folder.run("fm-stream check", data: bomb)
      #expect(result.status == 65 && result.messages.contains("the line is longer"), "\(result.messages)")
    }

    @Test func doctor() throws {
      let text = String(decoding: try folder.succeed("fm-stream doctor"), as: UTF8.self)
      #expect((10...13).contains(text.split(separator: "\n").count))
      for word in ["libavcodec ", "h264", "oneDNN", "zstd", "expressions", "cameras"] {
        #expect(text.contains(word), "\(word) in \(text)")
      }
      // Alone in a folder.
      try FileManager.default.copyItem(atPath: Programs.path("fm-stream"), toPath: folder["fm-stream"])
      let alone = try folder.run("./fm-stream doctor", environment: ["PATH": "/nonexistent"])
      #expect(
        alone.isSuccess && alone.text.contains("FFmpeg     fm-decode is not installed\n"), "\(alone.text)")
    }
  }
}
