import Foundation
import Testing

extension ToolTests {
  /// Several inputs, one output: the sound of all of them, at its pitch and in its place.
  struct JoinedSoundTests {
    let folder: ToolFolder
    let films: FlashAndBeep

    init() throws {
      folder = try ToolFolder()
      films = FlashAndBeep(folder: folder)
    }

    private func join(_ inputs: String, to name: String, _ options: String = "") throws -> String {
      let result = try folder.run("fm-decode \(inputs) | fm-annotate -o \(name)\(options)")
      #expect(result.isSuccess, "\(inputs): \(result.messages)")
      return result.messages
    }

    /// The strongest frequency, by counting where the sound crosses zero, in Hz.
    private func pitches(_ name: String) throws -> [Int] {
      let data = try folder.run("ffmpeg -v error -i \(name) -map 0:a -ac 1 -ar 48000 -f f32le -").output
      let samples = data.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
      var (crossings, pitches): ([Int], [Int]) = ([], [])
      func close() {
        if crossings.count > 40 {
          pitches.append(
            Int(
              (Double(crossings.count - 1) * 24000 / Double(crossings[crossings.count - 1] - crossings[0]))
                .rounded()))
        }
        crossings = []
      }
      for index in samples.indices.dropFirst() where (samples[index] < 0) != (samples[index - 1] < 0) {
        guard max(abs(samples[index]), abs(samples[index - 1])) > 0.02 else { continue }
        if let last = crossings.last, index - last > 4800 { close() }
        crossings.append(index)
      }
      close()
      return pitches
    }

    @Test func soundOfAnotherFormIsEncoded() throws {
      try films.make("a.mov", seconds: 2, "-ac 2 -c:a pcm_s16le")
      try films.make("b.mov", seconds: 2, sampleRate: 44100, "-ac 1 -c:a pcm_s16le")
      try films.make("a.mp4", seconds: 2, "-ac 2 -c:a aac")
      try films.make("b.mp4", seconds: 2, sampleRate: 32000, "-c:a libmp3lame")
      try films.make("a.mkv", seconds: 2, "-c:a flac")
      try films.make("b.mkv", seconds: 2, sampleRate: 8000, "-c:a pcm_mulaw")
      let rows = [
        ("a.mov b.mov", "out.mov", "pcm_s16le"), ("a.mp4 b.mp4", "out.mp4", "aac"),
        ("b.mp4 a.mp4", "out.mkv", "mp3"),
        ("a.mkv b.mkv", "out.mkv", "flac"), ("a.mp4 a.mkv a.mp4", "out.mp4", "aac"),
        ("b.mkv a.mov", "out.ts", "aac"),
      ]
      for (inputs, name, codec) in rows {
        let told = try join(inputs, to: name)
        #expect(told.contains("is encoded"), "\(inputs): \(told)")
        let count = inputs.split(separator: " ").count * 2
        try films.expectSync(name, flashes: count, inputs)
        // A transport stream's tracks are listed twice.
        let codecs = try Media.entry("codec_name", of: "a", name, in: folder).split(separator: "\n")
        #expect(codecs.first == codec[...], "\(inputs)")
        let pitches = try pitches(name)
        #expect(pitches.count == count && pitches.allSatisfy { abs($0 - 1000) < 15 }, "\(inputs): \(pitches)")
      }
      // Left out where that is wanted: no wrong sound, and a word.
      let told = try join("a.mov b.mov", to: "dropped.mov", " --join-sound drop")
      #expect(told.contains("of b.mov (pcm_s16le, 44100 Hz, mono) is left out"), "\(told)")
      let found = try films.times("dropped.mov")
      #expect(found.flashes.count == 4 && found.beeps.count == 2, "\(found)")
      // Vorbis has a set-up of its own in each file.
      try films.make("v.mkv", seconds: 2, "-c:a libvorbis")
      #expect(try join("v.mkv a.mp4", to: "vorbis.mkv").contains("is left out: it cannot follow"))
    }

    @Test func tracksAreMatchedByKindAndLanguage() throws {
      try films.make("a.mp4", seconds: 2)
      // Another order of streams; and two languages in another order, the second silent.
      try folder.succeed("ffmpeg -v error -i a.mp4 -map 0:a -map 0:v -c copy turned.mp4")
      try folder.succeed(
        "ffmpeg -v error -i a.mp4 -f lavfi -i anullsrc=r=48000:cl=mono:d=2 -map 0 -map 1 -c copy -c:a:1 aac "
          + "-metadata:s:a:0 language=eng -metadata:s:a:1 language=fra eng.mp4")
      try folder.succeed("ffmpeg -v error -i eng.mp4 -map 0:v -map 0:a:1 -map 0:a:0 -c copy fra.mp4")
      for inputs in ["a.mp4 turned.mp4", "turned.mp4 a.mp4", "eng.mp4 fra.mp4"] {
        for name in ["out.mp4", "out.mkv"] {
          let told = try join(inputs, to: name)
          #expect(told.contains("continues in the output's audio track"), "\(told)")
          try films.expectSync(name, flashes: 4, "\(inputs) to \(name)")
        }
      }
      let told = try join("a.mp4 eng.mp4", to: "out.mkv")
      #expect(
        told.contains(
          "audio track 3 of eng.mp4 (aac, 48000 Hz, mono) is left out: the output has no such track"),
        "\(told)")
    }

    @Test func aSilentBeginningDoesNotSilenceTheRest() throws {
      try films.make("a.mp4", seconds: 2)
      try folder.succeed("ffmpeg -v error -i a.mp4 -an -c copy silent.mp4")
      try folder.succeed("ffmpeg -v error -f lavfi -i color=black:s=64x64 -frames:v 1 title.png")
      for name in ["out.mp4", "out.mkv", "out.ts"] {
        let told = try join("silent.mp4 a.mp4", to: name)
        #expect(told.contains("there is no sound before a.mp4"), "\(told)")
        let found = try films.times(name)
        #expect(found.flashes.count == 4 && found.beeps.count == 2, "\(name): \(found)")
        for (flash, beep) in zip(found.flashes.suffix(2), found.beeps) {
          #expect(abs(flash - beep) < 0.01, "\(name): \(found)")
        }
        _ = try join("title.png a.mp4", to: name)
        let titled = try films.times(name)
        #expect(titled.flashes.count == 2 && titled.beeps.count == 2, "\(name): \(titled)")
        for (flash, beep) in zip(titled.flashes, titled.beeps) {
          #expect(abs(flash - beep) < 0.01, "\(name): \(titled)")
        }
      }
      // Who watches a pipe does not wait for a film to end, but for a picture.
      let made = try folder.run("fm-decode title.png a.mp4 | fm-annotate --live on -f matroska -o -")
      try folder.write(made.output, to: "pipe.mkv")
      try films.expectSync("pipe.mkv", flashes: 2, "title into a pipe")
      let silent = try folder.run("fm-decode silent.mp4 a.mp4 | fm-annotate --live on -f matroska -o -")
        .messages
      #expect(silent.contains("is left out: the output has no such track"), "\(silent)")
      #expect(try join("a.mp4 silent.mp4", to: "out.mp4").contains("there is no sound in silent.mp4"))
    }

    @Test func playlistsAreWhole() throws {
      try films.make("a.mp4")
      for (name, parts) in [("out.m3u8", 1), ("out.mpd", 3)] {
        try folder.succeed("fm-decode a.mp4 | fm-annotate -o \(name)")
        try films.expectSync(name, flashes: 3, name)
        let made = folder.names.filter { $0.hasPrefix("out") && $0 != name }
        #expect(made.count >= parts && !folder.names.contains { $0.hasPrefix(".") }, "\(folder.names)")
        for file in made + [name] { try FileManager.default.removeItem(atPath: folder[file]) }
      }
      #expect(!folder.data("out.m3u8").contains(0))
      // Nothing of a stream that was cut, and no half of a list.
      let whole = try folder.succeed("fm-decode a.mp4")
      try folder.write(whole.prefix(whole.count / 2), to: "cut.fm")
      let before = folder.names
      #expect(try folder.run("fm-annotate -o cut.m3u8 cut.fm").status == 74)
      #expect(folder.names == before)
      for refused in ["-f hls -o -", "-f segment -o x.ts", "-f dash -o -"] {
        let result = try folder.run("fm-annotate \(refused) cut.fm")
        #expect(result.status == 64 && result.output.isEmpty, "\(refused): \(result.messages)")
      }
      #expect(folder.names == before)
    }

    /// Sound that waits for a picture takes bounded memory.
    @Test func waitingSoundIsBounded() throws {
      try folder.write(
        """
        import json, resource, subprocess, sys
        late, step = sys.argv[1] == 'late', int(sys.argv[2])
        tool = subprocess.Popen(sys.argv[3:], stdin=subprocess.PIPE)
        def put(record, data=b''):
            if data: record['bytes'] = len(data)
            tool.stdin.write(json.dumps(record).encode() + b'\\n' + data + (b'\\n' if data else b''))
        put({'fm': 1, 'type': 'stream', 'video': {'width': 64, 'height': 64, 'pixel_format': 'gray', 'time_base': [1, 25],
             'frame_rate': [25, 1]}, 'tracks': [{'id': 2, 'kind': 'audio', 'codec': 'pcm_s16le', 'time_base': [1, 48000],
             'sample_rate': 48000, 'channels': 2, 'sample_format': 's16', 'block_align': 4, 'bits_per_coded_sample': 16}]})
        def frame(n): put({'type': 'frame', 'seq': n, 'pts': n, 'width': 64, 'height': 64, 'pixel_format': 'gray'}, bytes(4096))
        if not late: frame(0)
        for n in range(400): put({'type': 'packet', 'track': 2, 'pts': n * step, 'dts': n * step, 'key': True}, bytes(1 << 20))
        frame(1)
        put({'type': 'end', 'frames': 1 if late else 2, 'status': 'ok'})
        tool.stdin.close()
        status = tool.wait()
        print(status, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10)
        """, to: "flood.py")
      for (order, step) in [("late", 262144), ("late", 0), ("early", 262144), ("early", 1)] {
        let result = try folder.run(
          "python3 flood.py \(order) \(step) \(Programs.path("fm-annotate")) -o out.mkv -")
        let numbers = result.text.split { $0 == " " || $0 == "\n" }.compactMap { Int($0) }
        try #require(numbers.count == 2, "\(result)")
        #expect(numbers[0] == 0 && numbers[1] < 250, "\(order), \(step): \(result)")
        if order == "late" {
          #expect(
            result.messages.contains("more than 16 MB or 30 s of sound come before the first picture"),
            "\(result.messages)")
        }
      }
    }
  }
}
