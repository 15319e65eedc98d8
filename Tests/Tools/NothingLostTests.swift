import Foundation
import Testing

extension ToolTests {
  /// What a user would miss without a message: pictures before 0, files of a list, streams beside the first.
  struct NothingLostTests {
    let folder: ToolFolder

    init() throws { folder = try ToolFolder() }

    /// Pictures that ffprobe finds, and where the file begins and how long it is, in seconds.
    private func probe(_ name: String) throws -> (pictures: Int, start: Double, duration: Double) {
      let text = try folder.run(
        "ffprobe -v error -count_frames -select_streams v:0 -show_entries "
          + "stream=nb_read_frames:format=start_time,duration -of default=nokey=1:noprint_wrappers=1 \(name)"
      ).text
      let numbers = text.split(separator: "\n").compactMap { Double($0) }
      try #require(numbers.count == 3, "\(text)")
      return (Int(numbers[0]), numbers[1], numbers[2])
    }

    /// Recordings begin at any hour, or before 0 where a clock of 33 bits turned over: files begin at 0.
    @Test(arguments: ["3600", "95440", "95443.35"], ["mp4", "mkv"])
    func filesBeginAtZero(_ offset: String, _ container: String) throws {
      try folder.succeed("ffmpeg -v error -i \(Fixtures.video) -output_ts_offset \(offset) in.ts")
      try folder.succeed("fm-decode in.ts -o in.fm")
      try folder.succeed("fm-annotate -o out.\(container) in.fm")
      let found = try probe("out.\(container)")
      #expect(found.pictures == 25)
      #expect(abs(found.start) < 0.1 && found.duration < 1.3, "\(found)")
      let stream = try StreamRecords(folder.data("in.fm"), in: folder)
      let times = try Media.times("out.\(container)", in: folder)
      let (first, begin) = (try #require(stream.times.first), try #require(times.first))
      for (a, b) in zip(stream.times, times) { #expect(abs((a - first) - (b - begin)) < 2e-3) }
      if offset == "3600", container == "mkv" {
        try folder.succeed("fm-annotate --keep-start -o kept.mkv in.fm")
        #expect(try abs(probe("kept.mkv").start - first) < 0.1)
      }
    }

    /// Sound that begins a little before the pictures keeps its place beside them.
    @Test func nearZeroNothingMoves() throws {
      try folder.succeed("ffmpeg -v error -i \(Fixtures.video) -output_ts_offset 0.2 -c copy in.mkv")
      try folder.succeed("fm-decode in.mkv | fm-annotate -o out.mkv")
      let (before, after) = (try Media.times("in.mkv", in: folder), try Media.times("out.mkv", in: folder))
      #expect(before.count == after.count)
      for (a, b) in zip(before, after) { #expect(abs(a - b) < 2e-3) }
    }

    @Test func aListGoesOnAfterAFileThatCannotBeRead() throws {
      try folder.write("no video", to: "bad.mp4")
      for list in ["bad.mp4 \(Fixtures.video)", "\(Fixtures.video) bad.mp4 \(Fixtures.video)"] {
        let result = try folder.run("fm-decode \(list) -o all.fm")
        #expect(result.status == 65)
        #expect(result.messages.contains("bad.mp4: cannot open: "), "\(result.messages)")
        #expect(result.messages.contains("inputs that could not be opened: 1 of "), "\(result.messages)")
        let good = list.split(separator: " ").count - 1
        let lines = try folder.run("fm-detect --no-pixels all.fm").text.split(separator: "\n")
        #expect(lines.count { $0.contains("\"type\":\"frame\"") } == 25 * good)
        #expect(lines.count { $0.contains("\"status\":\"ok\"") } == good)
        #expect(lines.count { $0.contains("\"status\":\"error\"") } == 1)
        let annotated = try folder.run("fm-annotate -o out.mkv all.fm")
        #expect(annotated.status == 1, "a stage before stopped early: \(annotated.messages)")
      }
      try folder.write("kept", to: "kept.fm")
      #expect(try folder.run("fm-decode bad.mp4 bad.mp4 -o kept.fm").status == 65)
      #expect(folder.data("kept.fm") == Data("kept".utf8))
      let misuse = try folder.run("fm-decode --stream 7 \(Fixtures.video) \(Fixtures.video)")
      #expect(misuse.status == 64 && misuse.output.isEmpty)
      #expect(try folder.run("fm-decode --strict bad.mp4 \(Fixtures.video)").output.isEmpty)
    }

    @Test func whatIsNotReadIsTold() throws {
      try folder.succeed(
        "ffmpeg -v error -f lavfi -i testsrc2=s=64x48:d=0.2 -f lavfi -i testsrc=s=32x32:d=0.2 -map 0 -map 1 two.mkv"
      )
      let two = try folder.run("fm-decode two.mkv -o two.fm")
      #expect(two.status == 0)
      #expect(
        two.messages.contains("its video stream 0 is read; --stream takes another: 1"), "\(two.messages)")
      #expect(try folder.run("fm-decode --stream 1 two.mkv -o two.fm").messages.isEmpty)
      try folder.write(
        ";FFMETADATA1\ntitle=A day\n[CHAPTER]\nTIMEBASE=1/10\nSTART=0\nEND=5\ntitle=morning\n",
        to: "chapters.txt")
      try folder.succeed(
        "ffmpeg -v error -i \(Fixtures.video) -i chapters.txt -map_metadata 1 -c copy told.mkv")
      #expect(try folder.run("fm-decode told.mkv -o told.fm").messages.isEmpty)
      let told = try StreamRecords(folder.data("told.fm"), in: folder).header
      #expect((told["metadata"] as? [String: Any])?["title"] as? String == "A day", "\(told)")
      #expect((told["chapters"] as? [Any])?.count == 1, "\(told)")
      try FileManager.default.createDirectory(atPath: folder["album"], withIntermediateDirectories: false)
      try folder.succeed("ffmpeg -v error -f lavfi -i testsrc2=s=32x32:r=1 -frames:v 1 album/1.png")
      for name in ["a.heic", "b.CR2", "notes", "x.svg", "z.dng", "b.MP4", "c.mov"] {
        try folder.write("x", to: "album/\(name)")
      }
      let album = try folder.run("fm-decode album -o album.fm")
      #expect(album.status == 0)
      let left = "fm-decode: album: skipped, unsupported picture format: a.heic, b.CR2, x.svg and 1 more\n"
      let videos =
        "fm-decode: album: skipped, videos: b.MP4, c.mov; a folder is read for its pictures, to read a video name it: album/b.MP4\n"
      #expect(album.messages == left + videos)
      #expect(
        try folder.run("fm-decode --verbose album -o album.fm").messages.contains(
          "skipped, not image files by extension: notes"))
    }

    @Test func whyAFileIsNotOpened() throws {
      try folder.write(
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:1/a.ts\n#EXT-X-ENDLIST\n",
        to: "list.m3u8")
      let list = try folder.run("fm-decode list.m3u8")
      #expect(list.status == 65 && list.messages.contains("--allow-protocols"), "\(list.messages)")
      var heif = Data([0, 0, 0, 24])
      heif.append(Data("ftypheic\0\0\0\0mif1heic".utf8))
      heif.append(Data(repeating: 0, count: 600))
      try folder.write(heif, to: "phone.heic")
      let phone = try folder.run("fm-decode phone.heic")
      #expect(phone.status == 65 && !phone.messages.contains("truncated"), "\(phone.messages)")
    }

    /// A hundred bytes that promise pictures of 160 million pixels are not worth an encoder of eight gigabytes.
    @Test func aHeaderAloneTakesNoEncoder() throws {
      let header =
        #"{"fm":1,"type":"stream","video":{"width":16000,"height":10000,"pixel_format":"yuv420p","time_base":[1,25]}}"#
      try folder.write(header + "\n", to: "promise.fm")
      let result = try folder.run(
        "prlimit --as=3000000000 \(Programs.path("fm-annotate")) -o out.mp4 promise.fm")
      #expect(result.status == 74 && !result.messages.contains("memory"), "\(result)")
      // Pictures of that size are drawn on all the same.
      try folder.succeed(
        "ffmpeg -v error -f lavfi -i color=gray:s=6000x6000:r=1:d=2 -f lavfi -i sine=d=2 -shortest in.nut")
      try folder.succeed("fm-decode in.nut | fm-annotate -o large.mkv --codec mjpeg")
      #expect(try probe("large.mkv").pictures == 2)
      let sound = try ["in.nut", "large.mkv"].map {
        try folder.run("ffmpeg -v error -i \($0) -map 0:a -f md5 -").text
      }
      #expect(sound[0] == sound[1] && !sound[0].isEmpty)
    }

    /// VP9 has RGB, which browsers and most players do not show.
    @Test(arguments: ["gray", "rgb24"]) func webmIsForPlayers(_ format: String) throws {
      try folder.succeed(
        "fm-decode --no-audio --frames 3 --pixel-format \(format) \(Fixtures.video) | fm-annotate -o out.webm"
      )
      let found = try folder.run(
        "ffprobe -v error -select_streams v:0 -show_entries stream=pix_fmt -of csv=p=0 out.webm")
      #expect(found.text.hasPrefix("yuv420p"), "\(found.text)")
    }

    @Test(arguments: ["gray", "rgb24", "nv12", "yuv420p", "yuv422p", "yuv444p", "yuv420p10le"])
    func yuv4mpegTakesEveryFormat(_ format: String) throws {
      try folder.succeed(
        "fm-decode -f lavfi --pixel-format \(format) testsrc2=s=64x48:d=0.4 | fm-annotate -o out.y4m")
      #expect(try Media.playableFrames(folder["out.y4m"], in: folder) == 10)
      let written = try Media.entry("pix_fmt", of: "v:0", folder["out.y4m"], in: folder)
      #expect(written == (["rgb24": "yuv444p", "nv12": "yuv420p"][format] ?? format))
    }

    /// A track whose description is no description is left out; a packet that is none is; the film is not.
    @Test func damagedSoundDoesNotCostTheFilm() throws {
      try folder.succeed(
        "ffmpeg -v error -f lavfi -i testsrc2=s=64x48:d=2 -f lavfi -i sine=d=2 -c:v mpeg4 -c:a libopus opus.mkv"
      )
      try folder.succeed(
        "ffmpeg -v error -f lavfi -i testsrc2=s=64x48:d=2 -f lavfi -i sine=d=2 -c:v mpeg4 -c:a aac sound.ts")
      try folder.write(
        """
        import json, sys
        count = 0
        while line := sys.stdin.buffer.readline():
            record = json.loads(line)
            for track in record.get('tracks', []):
                if 'extradata' in track: track['extradata'] = track['extradata'][:8]
            data = sys.stdin.buffer.read(record['bytes'] + 1) if record.get('bytes') else b''
            if record['type'] == 'packet':
                count += 1
                if count % 9 == 0: data = b'\\0\\0' + data[2:]
            sys.stdout.buffer.write(json.dumps(record).encode() + b'\\n' + data)
        """, to: "damage.py")
      let index = try folder.run(
        "fm-decode opus.mkv | python3 damage.py | fm-annotate -o opus.mp4", within: 20)
      #expect(
        index.isSuccess && index.messages.contains("cannot hold the audio track 2"), "\(index.messages)")
      #expect(try Media.playableFrames(folder["opus.mp4"], in: folder) == 50)
      let packets = try folder.run(
        "fm-decode sound.ts | python3 damage.py | fm-annotate -o sound.mp4", within: 20)
      #expect(packets.isSuccess && packets.messages.contains("damaged packet"), "\(packets.messages)")
      #expect(try Media.playableFrames(folder["sound.mp4"], in: folder) == 50)
      #expect(try Media.entry("codec_name", of: "a:0", folder["sound.mp4"], in: folder) == "aac")
    }

    @Test func aTagMayBeLong() throws {
      let words = String(repeating: "word ", count: 40_000)
      try folder.write(";FFMETADATA1\n[STREAM]\ncomment=\(words)\n", to: "long.txt")
      try folder.succeed(
        "ffmpeg -v error -i \(Fixtures.video) -i long.txt -map 0:a -map 0:v -map_metadata:s:a:0 1:s:0 -c copy long.mkv"
      )
      let told = try folder.run("fm-decode --frames 2 long.mkv -o long.fm")
      #expect(
        told.isSuccess && told.messages.contains("not carried into the stream: 1 long tag"),
        "\(told.messages)")
    }

    @Test func fileURLs() throws {
      try FileManager.default.copyItem(atPath: Fixtures.video, toPath: folder["a b.mkv"])
      let path = folder["a b.mkv"].replacingOccurrences(of: " ", with: "%20")
      for name in ["file://\(path)", "file:\(path)", "file://localhost\(path)"] {
        try folder.succeed("fm-decode --frames 1 \(name) -o one.fm")
      }
    }

    /// What was asked for and cannot be decoded is damage, though it comes right after a jump.
    @Test func damageAtTheStartIsTold() throws {
      try folder.succeed(
        "ffmpeg -v error -f lavfi -i testsrc2=s=64x48:r=25:d=4 -c:v mpeg4 -g 25 -bf 0 whole.mkv")
      let places = try folder.run(
        "ffprobe -v error -select_streams v -show_entries packet=pts_time,pos,size -of csv=p=0 whole.mkv")
      var data = folder.data("whole.mkv")
      for line in places.text.split(separator: "\n") {
        let fields = line.split(separator: ",").compactMap { Double($0) }
        try #require(fields.count == 3, "\(line)")
        guard (2.0..<2.99).contains(fields[0]) else { continue }
        // The block's own header stays.
        let (begin, size) = (Int(fields[2]) + 12, Int(fields[1]))
        if size > 16 {
          data.replaceSubrange(begin..<(begin + size - 12), with: [UInt8](repeating: 0xA7, count: size - 12))
        }
      }
      try folder.write(data, to: "hurt.mkv")
      #expect(try folder.run("fm-decode --strict hurt.mkv -o part.fm").status == 65)
      let strict = try folder.run("fm-decode --strict --start 2 hurt.mkv -o part.fm")
      #expect(strict.status == 65, "\(strict)")
      let told = try folder.run("fm-decode --start 2 hurt.mkv -o part.fm")
      #expect(told.status == 0 && told.messages.contains("damaged"), "\(told)")
      #expect(try folder.run("fm-decode --strict --start 3 hurt.mkv -o part.fm").status == 0)
    }

    /// Open groups begin with pictures that refer to the group before, which a jump has skipped.
    @Test func aJumpIntoOpenGroupsIsNoDamage() throws {
      let made = try folder.run(
        "ffmpeg -v error -f lavfi -i testsrc2=s=64x48:r=25:d=4 -c:v mpeg2video -g 12 -bf 2 open.ts")
      try #require(made.status == 0)
      for start in ["0.9", "1.3", "2.02"] {
        let result = try folder.run("fm-decode --strict --start \(start) --frames 5 open.ts -o part.fm")
        #expect(result.status == 0 && result.messages.isEmpty, "\(start): \(result.messages)")
      }
    }
  }
}
