import Foundation
import Testing

extension ToolTests {
  /// What is said of a film as a whole: that it is cut short or damaged, has no faces, or is another one.
  struct FilmTests {
    let folder: ToolFolder

    init() throws { folder = try ToolFolder() }

    /// 25 pictures of 64x48 without a face, and a sound.
    private func make(_ name: String, _ arguments: String = "-c:v libx264 -g 5 -pix_fmt yuv420p -c:a aac")
      throws
    {
      try folder.succeed(
        "ffmpeg -v error -y -f lavfi -i testsrc2=s=64x48:r=25:d=1 -f lavfi -i sine=d=1 \(arguments) \(name)")
    }

    @Test func aFilmThatIsCutShort() throws {
      try make("whole.mp4", "-c:v libx264 -g 5 -pix_fmt yuv420p -c:a aac -movflags +faststart")
      try folder.write(folder.data("whole.mp4").prefix(folder.data("whole.mp4").count * 2 / 3), to: "cut.mp4")
      let alone = try folder.run("fm-decode cut.mp4")
      #expect(alone.status == 74)
      let stream = try StreamRecords(alone.output, in: folder)
      #expect((8..<25).contains(stream.frames.count))
      #expect(stream.end["status"] as? String == "error")
      #expect((stream.end["message"] as? String)?.contains("of 25 frames are there") == true, "\(stream.end)")
      #expect(alone.messages.contains("cut.mp4: input cut short"), "\(alone.messages)")
      let pipe = try folder.run("fm-decode cut.mp4 | fm-annotate -o out.mp4")
      #expect(pipe.statuses == [74, 1] && !folder.exists("out.mp4"))
      let part = try folder.run("fm-decode --frames 5 cut.mp4 | fm-annotate -o out.mp4")
      #expect(part.isSuccess && folder.exists("out.mp4"), "what exists can be selected")
    }

    @Test func damageIsCounted() throws {
      try make("whole.ts", "-c:v mpeg2video -g 5 -c:a mp2")
      var data = folder.data("whole.ts")
      for place in stride(from: 188 * 40, to: data.count - 188 * 20, by: 188 * 30) {
        data.replaceSubrange(place + 20..<place + 180, with: [UInt8](repeating: 0x55, count: 160))
      }
      try folder.write(data, to: "hurt.ts")
      let result = try folder.run("fm-decode --verbose hurt.ts | fm-detect --verbose --no-pixels")
      #expect(result.isSuccess, "\(result.messages)")
      let end = try StreamRecords(result.output, in: folder).end
      let count = try #require(end["damaged"] as? Int, "\(end)")
      #expect(count > 0)
      #expect(
        result.messages.components(separatedBy: "\(count) damaged packet").count > 2, "\(result.messages)")
      let whole = try folder.run("fm-decode whole.ts")
      #expect(try StreamRecords(whole.output, in: folder).end["damaged"] == nil)
    }

    @Test func theSummaryHasTheNumbers() throws {
      try make("a.mp4")
      let result = try folder.run(
        "fm-decode --verbose a.mp4 | fm-detect --verbose | fm-annotate --verbose --no-labels -o b.mp4")
      #expect(
        result.messages.contains("fm-decode: a.mp4: 25 frames, 0 damaged packets, 1.0 s\n"),
        "\(result.messages)")
      #expect(
        result.messages.contains(
          "fm-detect: a.mp4: 25 frames, 0 faces in 0 of them, 0 damaged packets, 0.96 s\n"),
        "\(result.messages)")
      let face = try folder.run("fm-decode \(Fixtures.face) | fm-detect --verbose --no-pixels")
      let stream = try StreamRecords(face.output, in: folder)
      let faces = stream.faces.reduce(0) { $0 + $1.count }
      #expect(
        face.messages.contains(
          "\(stream.frames.count) frames, \(faces) faces in \(stream.faces.count { !$0.isEmpty }) of them"),
        "\(face.messages)")
    }

    @Test func aFilmWithoutFacesIsSaid() throws {
      try make("a.mp4")
      let none = "fm-detect: a.mp4: no face in any of the 25 frames\n"
      #expect(try folder.run("fm-decode a.mp4 | fm-detect --no-pixels").messages == none)
      #expect(try folder.run("fm-decode a.mp4 | fm-detect --threads 2 --no-pixels").messages == none)
      #expect(try folder.run("fm-decode a.mp4 | fm-detect --quiet --no-pixels").messages == "")
      let both = try folder.run("fm-decode a.mp4 a.mp4 | fm-detect --no-pixels")
      #expect(both.messages == none + none)
      let sheet = try folder.run("fm-decode a.mp4 | fm-detect --quiet | fm-annotate --sheet 2x2 -o s.png")
      #expect(sheet.status == 65 && sheet.messages.contains("no face in any of the 25 frames"))
      let plain = try folder.run("fm-decode a.mp4 | fm-annotate --sheet 2x2 -o s.png")
      #expect(plain.status == 65 && plain.messages.contains("no detector has run on this stream"))
      #expect(!folder.exists("s.png"))
      let video = try folder.run("fm-decode a.mp4 | fm-annotate -o v.mp4")
      #expect(video.isSuccess && video.messages.contains("v.mp4: no detector has run on this stream"))
      #expect(try folder.run("fm-decode a.mp4 | fm-annotate --no-boxes --no-labels -o v.mp4").messages == "")
    }

    @Test(.enabled(if: Fixtures.hasPortrait)) func aFilmWithoutNamesIsSaid() throws {
      let video = try folder.run("fm-decode \(Fixtures.face) | fm-detect | fm-annotate -o v.mkv")
      #expect(video.isSuccess && video.messages.contains("v.mkv: no classifier has run on this stream"))
    }

    @Test(arguments: [
      ("64/45", "70 % of their width"), ("4/3", "75 % of their width"), ("8/9", "89 % of their height"),
    ])
    func pixelsThatAreNotSquareAreSaid(_ shape: String, _ words: String) throws {
      try make("a.mkv", "-vf setsar=\(shape) -c:v ffv1 -pix_fmt yuv420p -c:a aac")
      let stored = try folder.run("fm-decode a.mkv a.mkv | fm-detect --no-pixels")
      let said = stored.messages.split(separator: "\n").filter { $0.contains("--square") }
      #expect(said.count == 1 && said[0].contains(words), "\(stored.messages)")
      let square = try folder.run("fm-decode --square a.mkv | fm-detect --no-pixels")
      #expect(square.isSuccess && !square.messages.contains("--square"), "\(square.messages)")
      let video = try StreamRecords(square.output, in: folder).video
      #expect(video["sample_aspect_ratio"] as? [Int] == [1, 1])
      #expect(try folder.run("fm-decode --square --size 8x8 a.mkv").status == 64)
    }

    @Test func findingsBelongToAFilm() throws {
      try make("a.mp4")
      try make("b.mp4")
      try FileManager.default.createDirectory(atPath: folder["deeper"], withIntermediateDirectories: false)
      try FileManager.default.copyItem(atPath: folder["a.mp4"], toPath: folder["deeper/a.mp4"])
      let findings = try folder.run("fm-decode a.mp4 | fm-detect --quiet --no-pixels")
      try folder.write(findings.output, to: "a.ndjson")
      func annotate(_ film: String, _ options: String = "") throws -> RunningPipe.Result {
        try folder.run("fm-decode --no-audio \(film) | fm-annotate --faces a.ndjson \(options)-o out.mkv")
      }
      #expect(try annotate("a.mp4").isSuccess)
      #expect(try annotate("deeper/a.mp4").isSuccess, "the folder does not matter")
      #expect(try annotate("--frames 7 a.mp4").isSuccess, "a part of the film")
      let other = try annotate("b.mp4")
      #expect(
        other.status == 65 && other.messages.contains("it is of a.mp4, not of b.mp4"), "\(other.messages)")
      #expect(other.messages.contains("--force"))
      let forced = try annotate("b.mp4", "--force ")
      #expect(
        forced.isSuccess && forced.messages.contains("it is of a.mp4, not of b.mp4"), "\(forced.messages)")
      let size = try annotate("--size 32x24 a.mp4")
      #expect(size.status == 65 && size.messages.contains("64x48, not 32x24"), "\(size.messages)")
      #expect(try annotate("--size 32x24 a.mp4", "--force ").isSuccess)
      // Another film of the same name.
      try folder.succeed(
        "ffmpeg -v error -y -f lavfi -i testsrc2=s=64x48:r=25:d=2 -c:v libx264 -pix_fmt yuv420p deeper/a.mp4")
      let longer = try annotate("deeper/a.mp4")
      #expect(
        longer.status == 65 && longer.messages.contains("it is of 25 frames, not of 50"), "\(longer.messages)"
      )
      try folder.succeed(
        "ffmpeg -v error -y -f lavfi -i testsrc2=s=64x48:r=10:d=2.5 -c:v libx264 -pix_fmt yuv420p deeper/a.mp4"
      )
      let slower = try annotate("deeper/a.mp4")
      #expect(slower.status == 65 && slower.messages.contains("s, not of"), "\(slower.messages)")
      let missing = try annotate("deeper/a.mp4", "--force ")
      #expect(missing.isSuccess)
    }

    @Test func chaptersTagsAndFontsGoThrough() throws {
      try folder.write(
        ";FFMETADATA1\ntitle=The Film\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=400\ntitle=One\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=400\nEND=1000\ntitle=Two\n",
        to: "chapters.txt")
      let font = Data((0..<1_500_000).map { UInt8(truncatingIfNeeded: $0 &* $0) })
      try folder.write(font, to: "font.ttf")
      try make(
        "a.mkv",
        "-i chapters.txt -map 0 -map 1 -map_metadata 2 -map_chapters 2 -c:v libx264 -pix_fmt yuv420p -c:a aac -attach font.ttf -metadata:s:t mimetype=font/ttf"
      )
      for name in ["b.mkv", "b.mp4"] {
        let result = try folder.run("fm-decode a.mkv | fm-annotate --no-boxes --no-labels -o \(name)")
        #expect(result.isSuccess)
        let isMatroska = name.hasSuffix("mkv")
        #expect((result.messages == "") == isMatroska, "\(result.messages)")
        if !isMatroska {
          #expect(
            result.messages.contains("mp4 has no place for the attachment font.ttf"), "\(result.messages)")
        }
        let probe = try folder.run(
          "ffprobe -v error -show_entries format_tags=title:chapter=start_time,end_time:chapter_tags=title -of compact \(name)"
        ).text
        #expect(probe.contains("tag:title=The Film"), "\(probe)")
        #expect(probe.contains("start_time=0.000000|end_time=0.400000|tag:title=One"), "\(probe)")
        #expect(probe.contains("start_time=0.400000|end_time=1.000000|tag:title=Two"), "\(probe)")
      }
      _ = try folder.run("ffmpeg -v quiet -dump_attachment:t:0 back.ttf -i b.mkv")
      #expect(folder.data("back.ttf") == font)
      let shifted = try folder.run(
        "fm-decode --start 0.8 a.mkv | fm-annotate --no-boxes --no-labels -o c.mkv")
      #expect(shifted.isSuccess)
      let probe = try folder.run(
        "ffprobe -v error -show_entries chapter=start_time:chapter_tags=title -of compact c.mkv"
      ).text
      #expect(probe.contains("start_time=0.000000|tag:title=Two") && !probe.contains("One"), "\(probe)")
    }

    /// A chapter stays with its picture where the sound begins long before the first picture.
    @Test func chaptersFollowTheSound() throws {
      try folder.write(
        ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=2000\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=2000\nEND=2500\n",
        to: "chapters.txt")
      try folder.succeed(
        "ffmpeg -v error -f lavfi -i sine=d=3 -itsoffset 1.5 -f lavfi -i testsrc2=s=64x48:r=10:d=1.5 "
          + "-i chapters.txt -map 0 -map 1 -map_chapters 2 -c:v libx264 -pix_fmt yuv420p -c:a aac a.mkv")
      // Some versions of FFmpeg move pictures by the delay of the sound's encoder.
      let source = try folder.run(
        "ffprobe -v error -select_streams v -show_entries packet=pts_time -of csv=p=0 -read_intervals %+#1 a.mkv"
      ).text
      let distance = 2 - Self.seconds(source)
      for name in ["b.mkv", "b.mp4"] {
        try folder.succeed("fm-decode --start 0.8 a.mkv | fm-annotate --no-boxes --no-labels -o \(name)")
        let starts = try folder.run(
          "ffprobe -v error -show_entries chapter=start_time -of csv=p=0 \(name)"
        ).text
        let picture = try folder.run(
          "ffprobe -v error -select_streams v -show_entries packet=pts_time -of csv=p=0 -read_intervals %+#1 \(name)"
        ).text
        let (chapter, first) = (Self.seconds(starts.split(separator: "\n").last ?? ""), Self.seconds(picture))
        #expect(abs(chapter - first - distance) < 0.01 && first > 0.1, "\(name): \(starts) \(picture)")
      }
    }

    private static func seconds(_ text: some StringProtocol) -> Double {
      Double(text.prefix { $0.isNumber || $0 == "." }) ?? -1
    }

    /// A subtitle track with thousands of styles leaves the film readable.
    @Test func aHeaderThatIsTooLarge() throws {
      var script = "[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize\n"
      for index in 0..<20_000 { script += "Style: Style number \(index), DejaVu Sans Condensed Bold,20\n" }
      script += "\n[Events]\nFormat: Start, End, Text\nDialogue: 0:00:00.10,0:00:00.50,Hello\n"
      try folder.write(script, to: "styles.ass")
      try make("a.mkv", "-i styles.ass -map 0 -map 1 -map 2 -c:v libx264 -pix_fmt yuv420p -c:a aac -c:s copy")
      let result = try folder.run("fm-decode a.mkv")
      #expect(result.isSuccess && result.messages.contains("the subtitle track 3 (ass), whose header has"))
      let stream = try StreamRecords(result.output, in: folder)
      #expect(stream.frames.count == 25 && !stream.all("packet").isEmpty)
      #expect((stream.header["tracks"] as? [[String: Any]])?.map { $0["id"] as? Int } == [2])
    }
  }
}
