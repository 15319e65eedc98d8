import Foundation
import Testing

extension ToolTests {
  /// fm-decode's options.
  struct DecodeTests {
    let folder: ToolFolder

    init() throws { folder = try ToolFolder() }

    private func decode(_ arguments: String) throws -> StreamRecords {
      try StreamRecords(try folder.succeed("fm-decode \(arguments)"), in: folder)
    }

    @Test func timesAndCountsAreTheContainers() throws {
      let stream = try decode(Fixtures.video)
      let expected = try Media.times(Fixtures.video, in: folder)
      #expect(expected.count == 25)
      #expect(stream.times.count == 25)
      for (a, b) in zip(stream.times, expected) { #expect(abs(a - b) < 1e-4) }
      #expect(stream.frames.map { $0["seq"] as? Int } == Array(0..<25))
      #expect(stream.end["frames"] as? Int == 25)
      #expect(stream.video["pixel_format"] as? String == "yuv420p")
      #expect(stream.all("packet").count > 40)
    }

    @Test func framesAndEvery() throws {
      let some = try decode("--frames 4 --every 3 \(Fixtures.video)")
      #expect(some.frames.map { $0["seq"] as? Int } == [0, 3, 6, 9])
      #expect(some.end["frames"] as? Int == 4)
      let full = try decode(Fixtures.video)
      for frame in some.frames {
        let twin = full.frames[frame["seq"] as? Int ?? 0]
        #expect(twin["pts"] as? Int == frame["pts"] as? Int)
        #expect((twin["payload"] as? NSDictionary) == (frame["payload"] as? NSDictionary))
      }
      #expect(try decode("--every 100 \(Fixtures.video)").frames.count == 1)
    }

    @Test func startAndDuration() throws {
      let full = try decode(Fixtures.video)
      let part = try decode("--start 0.4 --duration 0.2 \(Fixtures.video)")
      #expect(part.frames.count == 5)
      let hashes = full.frames[10..<15].map { $0["payload"] as? NSDictionary }
      #expect(part.frames.map { $0["payload"] as? NSDictionary } == hashes, "exact, not from the key frame")
      let clock = try decode("--start 0:00:00.4 --frames 1 \(Fixtures.video)")
      #expect(clock.frames.first?["payload"] as? NSDictionary == hashes[0])
      let sound = part.all("packet").count
      #expect((5...14).contains(sound), "0.2 s of sound: \(sound)")
    }

    @Test func sizeFormatAndSound() throws {
      let stream = try decode("--size 50x31 --pixel-format gray --no-audio \(Fixtures.video)")
      #expect(stream.frames.allSatisfy { $0["bytes"] as? Int == 50 * 31 })
      #expect(stream.frames.count == 25)
      #expect(stream.video["width"] as? Int == 50)
      #expect(stream.video["pixel_format"] as? String == "gray")
      #expect(stream.all("packet").isEmpty)
      #expect(stream.header["tracks"] == nil)
      for (format, size) in [
        ("rgb24", 128 * 96 * 3), ("yuv444p", 128 * 96 * 3), ("nv12", 128 * 96 * 3 / 2),
        ("yuv422p", 128 * 96 * 2),
      ] {
        let converted = try decode("--frames 1 --pixel-format \(format) \(Fixtures.video)")
        #expect(converted.frames.first?["bytes"] as? Int == size, "\(format)")
      }
    }

    @Test func fromAPipeItIsTheSame() throws {
      for name in ["in.mkv", "in.ts"] {
        try folder.succeed("ffmpeg -v error -i \(Fixtures.video) -c copy \(name)")
        let direct = try decode(name)
        let piped = try StreamRecords(try folder.succeed("cat \(name) | fm-decode -"), in: folder)
        #expect(piped.frames as NSArray == direct.frames as NSArray)
        #expect(piped.all("packet").count == direct.all("packet").count)
      }
    }

    @Test func aFolderOfPicturesIsOneStream() throws {
      for name in ["album", "album/deeper"] {
        try FileManager.default.createDirectory(atPath: folder[name], withIntermediateDirectories: false)
      }
      for (name, size) in [
        ("b.png", "20x10"), ("a.jpg", "31x33"), ("C.bmp", "8x8"), ("a10.png", "5x5"), ("a9.png", "4x4"),
        ("deeper/z.png", "9x9"),
      ] {
        try folder.succeed(
          "ffmpeg -v error -f lavfi -i testsrc2=s=64x64 -vf scale=\(size.replacingOccurrences(of: "x", with: ":")) -frames:v 1 album/\(name)"
        )
      }
      try folder.write("no picture", to: "album/notes.txt")
      let stream = try decode("album")
      #expect(
        stream.frames.map { $0["source"] as? String }
          == ["C.bmp", "a.jpg", "a10.png", "a9.png", "b.png"].map { "album/" + $0 })
      #expect(stream.frames.map { $0["width"] as? Int } == [8, 31, 5, 4, 20])
      #expect(stream.frames.map { $0["pts"] as? Int } == [0, 1, 2, 3, 4])
      #expect(stream.all("stream").count == 1)
      let two = try decode("album/b.png album/a9.png")
      #expect(two.frames.map { $0["source"] as? String } == ["album/b.png", "album/a9.png"])
      let mixed = try decode("album/b.png \(Fixtures.video)")
      #expect(mixed.all("stream").count == 2)
      #expect(mixed.all("end").map { $0["frames"] as? Int } == [1, 25])
    }

    @Test func devicesByFormat() throws {
      let stream = try decode("--format lavfi testsrc2=s=32x24:r=10:d=0.5")
      #expect(stream.frames.count == 5)
      #expect(stream.frames.allSatisfy { $0["width"] as? Int == 32 })
    }

    @Test func realtimeKeepsThePace() throws {
      let result = try folder.run("fm-decode --realtime --duration 0.8 --format lavfi testsrc2=s=32x24:r=25")
      #expect(result.isSuccess)
      #expect(result.seconds > 0.6)
      let stream = try StreamRecords(result.output, in: folder)
      let dropped = try #require(stream.end["dropped"] as? Int)
      #expect(stream.frames.count + dropped == 20)
    }

    @Test func realtimeDropsWhatIsLate() throws {
      // A reader that pauses for a while, and a pipe too small for what comes meanwhile.
      let pipe = try folder.start(
        "fm-decode --realtime --duration 2 --format lavfi testsrc2=s=640x480:r=25 | cat")
      usleep(500_000)
      pipe.signal(SIGSTOP, to: 1)
      usleep(900_000)
      pipe.signal(SIGCONT, to: 1)
      let stream = try StreamRecords(pipe.finish(within: 20).output, in: folder)
      let dropped = try #require(stream.end["dropped"] as? Int)
      #expect(dropped > 3)
      #expect(stream.frames.count + dropped == 50)
      #expect(stream.end["status"] as? String == "ok")
    }

    @Test func aNamedOutputIsTheSame() throws {
      let direct = try folder.succeed("fm-decode --frames 2 \(Fixtures.video)")
      try folder.succeed("fm-decode --frames 2 \(Fixtures.video) -o out.fm")
      #expect(folder.names == ["out.fm"])
      // The arguments differ, in the history of the first line.
      let rest = { (data: Data) in Data(data[(data.firstIndex(of: 0x0A) ?? 0)...]) }
      #expect(rest(folder.data("out.fm")) == rest(direct))
    }

    /// A picture over the limit is refused before there is memory for it, while the format is found out too.
    @Test func tooLargePicturesTakeNoMemory() throws {
      try folder.succeed(
        "ffmpeg -v error -f lavfi -i color=s=9000x9000:d=0.04 -frames:v 1 -pix_fmt rgb24 big.png")
      try folder.write(
        """
        import resource, subprocess
        status = subprocess.run(['fm-decode', '--max-pixels', '1M', 'big.png'], stdout=subprocess.DEVNULL).returncode
        print(status, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
        """, to: "measure.py")
      let words = try folder.run("python3 measure.py").text.split(whereSeparator: \.isWhitespace).map {
        Int($0)
      }
      #expect(words.count == 2 && words[0] == 65 && words[1] ?? 999 < 150, "\(words)")
    }

    /// A small picture with a compressed text of a gibibyte.
    @Test func whatAPictureSaysOfItselfTakesNoMemory() throws {
      try folder.write(
        """
        import resource, struct, subprocess, zlib
        def chunk(kind, data):
            return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
        deflate = zlib.compressobj(9)
        part = b'A' * (1 << 20)
        text = b''.join(deflate.compress(part) for _ in range(1024)) + deflate.flush()
        with open('bomb.png', 'wb') as file:
            file.write(b'\\x89PNG\\r\\n\\x1a\\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', 8, 8, 8, 0, 0, 0, 0))
                       + chunk(b'zTXt', b'a\\0\\0' + text) + chunk(b'IDAT', zlib.compress(bytes(9 * 8)))
                       + chunk(b'IEND', b''))
        subprocess.run(['fm-decode', 'bomb.png'], stdout=subprocess.DEVNULL)
        print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
        """, to: "bomb.py")
      let size = try folder.run("python3 bomb.py").text.split(whereSeparator: \.isWhitespace).compactMap {
        Int($0)
      }
      // libav doubles what it holds, up to the limit, and copies it once.
      #expect(size.count == 1 && size[0] < 800, "\(size) MiB")
    }
  }
}
