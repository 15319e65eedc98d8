import Foundation
import Testing

extension ToolTests {
  /// Pictures and sound stay together, and none of them is lost, wherever a film begins.
  struct SyncTests {
    let folder: ToolFolder
    let films: FlashAndBeep

    init() throws {
      folder = try ToolFolder()
      films = FlashAndBeep(folder: folder)
    }

    @Test func plainAndCut() throws {
      try films.make("film.mp4")
      try films.make("film.ts")
      for container in ["mp4", "mkv", "ts"] {
        for (options, flashes) in [
          ("film.mp4", 3), ("film.ts", 3), ("--start 0.75 film.mp4", 2), ("--start 1.2 film.ts", 2),
        ] {
          try folder.succeed("fm-decode \(options) | fm-annotate -o out.\(container)")
          try films.expectSync("out.\(container)", flashes: flashes, "\(options) to \(container)")
        }
      }
    }

    @Test func pipes() throws {
      try films.make("film.mp4")
      for (container, name) in [("mp4", "mp4"), ("matroska", "mkv"), ("mpegts", "ts")] {
        for live in ["auto", "off"] {
          let made = try folder.succeed(
            "fm-decode --start 0.3 film.mp4 | fm-annotate -f \(container) --live \(live) -o -")
          try folder.write(made, to: "out.\(name)")
          try films.expectSync("out.\(name)", flashes: 3, "\(container), live \(live)")
        }
      }
      // Each packet of sound right after the one before: AAC's are 1024 samples long.
      let made = try folder.succeed("fm-decode film.mp4 | fm-annotate -f mp4 -o -")
      try folder.write(made, to: "out.mp4")
      let packets = try folder.run(
        "ffprobe -v error -select_streams a -show_entries packet=pts -of csv=p=0 out.mp4"
      ).text
      let times = packets.split(separator: "\n").compactMap { Int($0.prefix { $0 != "," }) }
      #expect(times.count > 100)
      for (a, b) in zip(times, times.dropFirst()) { #expect(b - a == 1024) }
      // Sound that begins later than a viewer can wait.
      try folder.succeed(
        "ffmpeg -v error -i film.mp4 -itsoffset 1.2 -i film.mp4 -map 0:v -map 1:a -c copy late.mkv"
      )
      for live in ["auto", "off"] {
        let made = try folder.succeed("fm-decode late.mkv | fm-annotate -f mp4 --live \(live) -o -")
        try folder.write(made, to: "late.mp4")
        let found = try films.times("late.mp4")
        let beeps = found.beeps.map { $0 - 0.2 }
        for flash in found.flashes.dropFirst(1) {
          #expect(beeps.contains { abs($0 - flash) < 0.01 }, "live \(live): \(found)")
        }
      }
      // A subtitle that comes late does not keep the pictures back.
      try folder.write("1\n00:00:02,500 --> 00:00:02,900\nHELLO\n\n", to: "late.srt")
      try folder.succeed(
        "ffmpeg -v error -i film.mp4 -i late.srt -map 0 -map 1 -c copy -c:s mov_text titled.mp4")
      let titled = try folder.succeed("fm-decode titled.mp4 | fm-annotate -f mp4 -o -")
      try folder.write(titled, to: "out.mp4")
      try films.expectSync("out.mp4", flashes: 3, "late subtitle")
      #expect(try Media.entry("codec_name", of: "s:0", "out.mp4", in: folder) == "mov_text")
    }

    /// What an edit list cuts away stays away.
    @Test func editLists() throws {
      try films.make("film.mp4")
      try films.make("film.mov", "-c:a pcm_s16le")
      // Cut without encoding, a phone's trim at both ends, of uncompressed sound, and two edits.
      try folder.succeed("ffmpeg -v error -ss 1.2 -i film.mp4 -c copy cut.mp4")
      try folder.succeed("ffmpeg -v error -ss 0.8 -i film.mp4 -t 1.4 -c copy trim.mov")
      try folder.succeed("ffmpeg -v error -ss 1.3 -i film.mov -c copy plain.mov")
      try folder.write(
        EditList.replace(in: folder.data("film.mp4"), by: [(0.0, 1.0), (2.0, 1.0)]), to: "two.mp4")
      for (source, flashes) in [("cut.mp4", 2), ("trim.mov", 1), ("plain.mov", 2), ("two.mp4", 2)] {
        for container in ["mp4", "mkv", "mov"] {
          let name = "out.\(container)"
          let result = try folder.run("fm-decode \(source) | fm-annotate -o \(name)")
          #expect(result.isSuccess)
          let found = try films.expectSync(name, flashes: flashes, "\(source) to \(container)")
          // At the place where ffmpeg shows them, but for what AAC needs to begin.
          let right = try films.times(source).flashes
          for (a, b) in zip(found, right) {
            #expect(abs(a - b) < 0.05, "\(source) to \(container): \(found), \(right)")
          }
        }
      }
    }

    /// Time 0 is the earliest of the first picture and the first sound: every picture of the stream is shown.
    @Test func noPictureIsBeforeTheBeginning() throws {
      try films.make("film.mp4", seconds: 4, "-r 30000/1001 -c:a aac")
      try films.make("intra.mkv", seconds: 4, "-bf 0 -g 1 -c:a libopus")
      // Sound 1.4 s after the pictures, in chunks of a second, as some phones record.
      try folder.succeed(
        "ffmpeg -v error -i film.mp4 -itsoffset 1.4 -i film.mp4 -map 1:a -map 0:v -c copy -t 4 -chunk_duration 1000000 late.mov"
      )
      try folder.write("1\n00:00:01,000 --> 00:00:02,500\nHELLO\n\n", to: "s.srt")
      try folder.succeed(
        "ffmpeg -v error -f lavfi -i testsrc2=s=64x64:r=1:d=5 -i s.srt -map 0 -map 1 -c:v libx264 -c:s srt slides.mkv"
      )
      let cuts = [
        "film.mp4": ["1", "1.77"], "intra.mkv": ["0.65"], "late.mov": ["0.7", "1.5"],
        "slides.mkv": ["0", "1.5"],
      ]
      for (source, starts) in cuts {
        for start in starts {
          let stream = try folder.succeed("fm-decode --start \(start) \(source)")
          let pictures = stream.split(separator: UInt8(ascii: "\n")).count {
            $0.starts(with: #"{"type":"frame""#.utf8)
          }
          #expect(pictures >= 3)
          for name in ["out.mp4", "out.mov", "pipe.mp4"] {
            let output = name == "pipe.mp4" ? "-f mp4 -o -" : "-o \(name)"
            let result = try folder.run("fm-annotate \(output)", data: stream)
            #expect(result.isSuccess)
            if name == "pipe.mp4" { try folder.write(result.output, to: name) }
            let found = try Media.times(name, in: folder).count
            #expect(found == pictures, "\(source), --start \(start), \(name)")
          }
        }
      }
    }
  }
}
