import Foundation
import Testing

extension ToolTests {
  /// fm-annotate's outputs and options.
  @Suite(.enabled(if: Fixtures.hasPortrait))
  struct AnnotateTests {
    let folder: ToolFolder

    init() throws {
      folder = try ToolFolder()
      try folder.succeed("fm-decode \(Fixtures.face) -o pixels.fm")
      try folder.succeed("fm-detect pixels.fm | fm-classify -o found.fm")
    }

    /// The pictures' checksums.
    private func hashes(_ path: String) throws -> String {
      try folder.run("ffmpeg -v error -i \(path) -map 0:v -f framemd5 -").text
    }

    @Test func findingsFromAFileAreDrawnTheSame() throws {
      try folder.succeed("fm-annotate -o direct.mkv --codec ffv1 found.fm")
      let findings = try folder.succeed("fm-classify --no-pixels found.fm")
      try folder.write(findings, to: "faces.ndjson")
      try folder.succeed("fm-annotate --faces faces.ndjson -o beside.mkv --codec ffv1 pixels.fm")
      #expect(try hashes("beside.mkv") == hashes("direct.mkv"))
      try folder.succeed("fm-annotate -o bare.mkv --codec ffv1 pixels.fm")
      #expect(try hashes("bare.mkv") != hashes("direct.mkv"))
      let frames = String(decoding: findings, as: UTF8.self).split(separator: "\n").dropFirst()
      try folder.write(frames.joined(separator: "\n") + "\n", to: "frames.ndjson")
      let headless = try folder.run("fm-annotate --faces frames.ndjson -o never.mkv pixels.fm")
      #expect(
        headless.status == 65 && headless.messages.contains("a filter must keep that record"),
        "\(headless.messages)")
      // Matched by number, not by place: frames may be missing on either side.
      try folder.succeed(
        "fm-decode --every 3 \(Fixtures.face) | fm-annotate --faces faces.ndjson -o third.mkv --codec ffv1")
      let third = try hashes("third.mkv").split(separator: "\n").filter { !$0.hasPrefix("#") }
      let all = try hashes("direct.mkv").split(separator: "\n").filter { !$0.hasPrefix("#") }
      let sums = { (lines: [Substring]) in lines.map { $0.split(separator: ",").last.map(String.init) } }
      #expect(sums(third) == stride(from: 0, to: all.count, by: 3).map { sums(all)[$0] })
    }

    @Test func drawingsCanBeLeftOut() throws {
      for (name, options) in [
        ("all", ""), ("boxes", " --no-labels"), ("labels", " --no-boxes"),
        ("none", " --no-labels --no-boxes"),
      ] {
        try folder.succeed("fm-annotate -o \(name).mkv --codec ffv1\(options) found.fm")
      }
      try folder.succeed("fm-annotate -o bare.mkv --codec ffv1 pixels.fm")
      let sums = try ["all", "boxes", "labels", "none", "bare"].map { try hashes("\($0).mkv") }
      #expect(sums[3] == sums[4], "nothing drawn, nothing changed")
      #expect(Set(sums).count == 4)
    }

    /// Without loss in the encoder, only what lies under drawings changes.
    @Test func nothingOutsideTheDrawingsChanges() throws {
      try folder.succeed("fm-annotate --no-labels -o drawn.mkv --codec ffv1 found.fm")
      let before = try folder.succeed(
        "ffmpeg -v error -i \(Fixtures.face) -map 0:v -fps_mode passthrough -f rawvideo -pix_fmt yuv420p -")
      let after = try folder.succeed(
        "ffmpeg -v error -i drawn.mkv -map 0:v -fps_mode passthrough -f rawvideo -pix_fmt yuv420p -")
      let records = try StreamRecords(folder.data("found.fm"), in: folder)
      let side = 240
      let size = side * side * 3 / 2
      #expect(before.count == size * 20 && after.count == before.count)
      var changed = 0
      for (index, faces) in records.faces.enumerated() {
        let boxes = faces.compactMap { $0["box"] as? [Int] }
        for y in 0..<side {
          for x in 0..<side where before[index * size + y * side + x] != after[index * size + y * side + x] {
            changed += 1
            let isNear = boxes.contains { box in
              (box[0] - 8..<box[0] + box[2] + 8).contains(x) && (box[1] - 8..<box[1] + box[3] + 8).contains(y)
            }
            if !isNear {
              Issue.record("frame \(index) changes at \(x), \(y), boxes \(boxes)")
              return
            }
          }
        }
      }
      #expect(changed > 1000)
    }

    @Test func pictureInPictureOut() throws {
      for name in ["out.png", "out.jpg"] {
        try folder.succeed(
          "fm-decode \(Fixtures.facePicture) | fm-detect | fm-classify | fm-annotate -o \(name)")
        #expect(try Media.entry("width,height", of: "v:0", folder[name], in: folder) == "200,200", "\(name)")
        #expect(try Media.playableFrames(folder[name], in: folder) == 1)
      }
    }

    @Test func numberedPictures() throws {
      try folder.succeed("fm-annotate -o %05d.png found.fm")
      let names = folder.names.filter { $0.hasSuffix(".png") }
      #expect(names.count == 20)
      #expect(names.first == "00001.png" && names.last == "00020.png")
      for name in [names[0], names[19]] { #expect(try Media.playableFrames(folder[name], in: folder) == 1) }
      #expect(!folder.names.contains { $0.hasSuffix(".part") })
    }

    @Test func contactSheets() throws {
      try folder.succeed("fm-annotate --sheet 5x4 -o sheet.png found.fm")
      let size = try Media.entry("width,height", of: "v:0", folder["sheet.png"], in: folder).split(
        separator: ","
      ).compactMap { Int($0) }
      #expect(size.count == 2 && size[0] > 300 && size[1] > 200, "\(size)")
      let full = try folder.run("fm-annotate --sheet 2x2 -o few.png found.fm")
      #expect(full.status == 0)
      #expect(full.messages.contains("are left out"), "\(full.messages)")
      try folder.succeed("fm-annotate --sheet 2x2 -o many-%d.png found.fm")
      #expect(folder.names.filter { $0.hasPrefix("many-") }.count >= 3)
      let empty = try folder.run("fm-annotate --sheet 2x2 -o empty.png pixels.fm")
      #expect(empty.status == 65 && empty.messages.contains("no detector has run"), "\(empty.messages)")
      #expect(!folder.exists("empty.png"))
    }

    @Test(arguments: ["matroska", "mpegts"]) func toAPipe(_ format: String) throws {
      let result = try folder.run("fm-annotate -f \(format) -o - found.fm")
      #expect(result.isSuccess, "\(result.messages)")
      try folder.write(result.output, to: "out")
      #expect(try Media.playableFrames(folder["out"], in: folder) == 20)
    }

    @Test func nowhere() throws {
      let before = folder.names
      let result = try folder.run("fm-annotate -f null found.fm")
      #expect(result.isSuccess && result.messages == "" && result.output.isEmpty)
      try folder.succeed("fm-annotate -f null -o - found.fm")
      #expect(folder.names == before)
    }

    @Test func qualityAndBitRate() throws {
      var sizes: [Int] = []
      for (name, options) in [
        ("good", "--quality 10"), ("poor", "--quality 40"), ("narrow", "--bit-rate 20k"),
      ] {
        try folder.succeed("fm-annotate -o \(name).mkv \(options) found.fm")
        sizes.append(folder.data("\(name).mkv").count)
      }
      #expect(sizes[0] > sizes[1] * 2)
      #expect(sizes[0] > sizes[2] * 2)
      try folder.succeed("fm-annotate -o other.mkv --codec mpeg4 --encoder-option g=1 found.fm")
      #expect(try Media.entry("codec_name", of: "v:0", folder["other.mkv"], in: folder) == "mpeg4")
      for (options, limit) in [("", 51), ("--codec mpeg4 ", 31)] {
        try folder.succeed("fm-annotate -o most.mkv --quality \(limit) \(options)found.fm")
        let result = try folder.run("fm-annotate -o more.mkv --quality \(limit + 1) \(options)found.fm")
        #expect(result.status == 64 && result.messages.contains("from 0 to \(limit)"), "\(result.messages)")
      }
      #expect(!folder.names.contains("more.mkv"))
    }

    @Test func streamsInARowMakeOneVideo() throws {
      try folder.write(folder.data("found.fm") + folder.data("found.fm"), to: "twice.fm")
      try folder.succeed("fm-annotate -o twice.mkv twice.fm")
      let times = try Media.times(folder["twice.mkv"], in: folder)
      #expect(times.count == 40)
      #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 }, "\(times)")
    }

    @Test func anExistingFileIsReplacedOnlyByAWholeOne() throws {
      try folder.write("old", to: "out.mkv")
      let cut = folder.data("found.fm").prefix(200_000)
      #expect(try folder.run("fm-annotate -o out.mkv", data: Data(cut)).status == 74)
      #expect(folder.data("out.mkv") == Data("old".utf8))
      try folder.succeed("fm-annotate -o out.mkv found.fm")
      #expect(try Media.playableFrames(folder["out.mkv"], in: folder) == 20)
    }

    @Test func rotatedAndUnevenPixels() throws {
      try folder.succeed(
        "ffmpeg -v error -i \(Fixtures.video) -map 0:v -vf setsar=16/15 -c:v libx264 -preset ultrafast sar.mp4"
      )
      try folder.succeed("fm-decode sar.mp4 | fm-annotate -o sar-out.mp4")
      #expect(try Media.entry("sample_aspect_ratio", of: "v:0", folder["sar-out.mp4"], in: folder) == "16:15")
    }

    /// A stream whose times restart in its middle: what can be shown is kept, and the rest is reported.
    @Test func framesThatGoBackInTimeAreTold() throws {
      try folder.write(
        """
        import json, sys
        data, records, place = open('pixels.fm', 'rb').read(), [], 0
        while place < len(data):
            end = data.index(10, place) + 1
            record = json.loads(data[place:end])
            count = record.get('bytes', 0)
            end += count + 1 if count else 0
            records.append((record['type'], record, data[data.index(10, place):end]))
            place = end
        frames = [(record, body) for kind, record, body in records if kind == 'frame']
        out = [records[0][1:]] + frames + frames + [records[-1][1:]]
        for number, (record, body) in enumerate(out):
            sys.stdout.buffer.write(json.dumps(dict(record, seq=number)).encode() + body)
        """, to: "twice.py")
      let result = try folder.run("python3 twice.py | fm-annotate -o out.mkv")
      #expect(result.status == 65 && result.messages.contains("20 of 40"), "\(result.messages)")
      #expect(try Media.playableFrames(folder["out.mkv"], in: folder) == 20)
    }
  }
}
