import Foundation
import Testing

extension ToolTests {
  struct WholePipeTests {
    let folder: ToolFolder

    init() throws { folder = try ToolFolder() }

    @Test(.enabled(if: Fixtures.hasPortrait), arguments: ["mp4", "mkv"])
    func aVideoComesOutWithItsSound(_ container: String) throws {
      let source = Fixtures.face
      let run = try folder.run(
        "fm-decode \(source) | fm-detect | fm-classify | fm-annotate -o out.\(container)")
      #expect(run.isSuccess)
      let warning = "fm-annotate: out.mp4: mp4 cannot hold the subtitle track 3 (subrip); it is left out\n"
      #expect(run.messages == (container == "mp4" ? warning : ""))
      let result = folder["out.\(container)"]
      #expect(folder.names == ["out.\(container)"])
      // The same range too: some FFmpegs take the picture's own for this source, full.
      let kind = try Media.entry("codec_name,pix_fmt,width,height", of: "v:0", source, in: folder)
      #expect(["h264,240,240,yuv420p", "h264,240,240,yuvj420p"].contains(kind))
      #expect(try Media.entry("codec_name,pix_fmt,width,height", of: "v:0", result, in: folder) == kind)
      let expected = try Media.times(source, in: folder)
      let found = try Media.times(result, in: folder)
      #expect(expected.count == 20)
      #expect(found.count == expected.count)
      for (a, b) in zip(found, expected) { #expect(abs(a - b) <= 0.001) }
      #expect(try Media.hash("a", result, in: folder) == Media.hash("a", source, in: folder))
      if container == "mkv" {
        #expect(try Media.hash("s", result, in: folder) == Media.hash("s", source, in: folder))
      }
      #expect(try Media.playableFrames(result, in: folder) == 20)
    }

    @Test(.enabled(if: Fixtures.hasPortrait)) func everyToolWritesWhatAnotherReaderTakes() throws {
      var stream = try folder.succeed("fm-decode \(Fixtures.face)")
      for tool in ["", "fm-detect", "fm-classify"] {
        if !tool.isEmpty { stream = try folder.succeed(tool, data: stream) }
        let summary =
          try JSONSerialization.jsonObject(
            with: try folder.succeed("fm_stream.py check", data: stream)) as? [String: Any]
        #expect(summary?["frames"] as? Int == 20)
        #expect(summary?["end"] as? String == "ok")
        #expect(summary?["packets"] as? Int ?? 0 > 40)
      }
      let records = try StreamRecords(stream, in: folder)
      #expect(records.faces.filter { $0.count == 1 }.count > 10, "one face in most pictures")
      let classes = ["angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"]
      for face in records.faces.joined() {
        let scores = try #require(face["scores"] as? [String: Double])
        #expect(scores.keys.sorted() == classes)
        #expect(abs(scores.values.reduce(0, +) - 1) < 1e-3)
        let expression = try #require(face["expression"] as? String)
        #expect(scores[expression] == scores.values.max())
        #expect(face["confidence"] as? Double == scores[expression])
      }
      let history = try #require(records.header["history"] as? [[String: Any]])
      #expect(history.map { $0["name"] as? String } == ["fm-decode", "fm-detect", "fm-classify"])
      #expect(history[1]["cascade"] as? String == "frontalface_alt")
    }

    /// The README's way to a table of findings.
    @Test(.enabled(if: Fixtures.hasPortrait)) func withoutPixelsEveryLineIsJSON() throws {
      let output = try folder.succeed("fm-decode \(Fixtures.face) | fm-detect | fm-classify --no-pixels")
      let lines = String(decoding: output, as: UTF8.self).split(separator: "\n")
      #expect(lines.count > 60)
      for line in lines {
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        #expect(object?["type"] is String && object?["bytes"] == nil)
      }
      try folder.succeed("fm_stream.py check", data: output)
    }

    /// Sizes that chroma planes, cascades and encoders do not like.
    @Test(arguments: ["1x1", "641x479", "3x50"]) func oddAndTinySizes(_ size: String) throws {
      let sides = size.split(separator: "x").compactMap { Int($0) }
      try folder.succeed(
        "ffmpeg -v error -f lavfi -i testsrc2=s=640x480:r=10:d=0.4 -vf scale=\(sides[0]):\(sides[1]):flags=bilinear,format=yuv420p -c:v ffv1 in.mkv"
      )
      let pipe = "fm-decode in.mkv | fm-detect | fm-classify | fm-annotate"
      let stream = try StreamRecords(try folder.succeed("fm-decode in.mkv"), in: folder)
      #expect(stream.frames.count == 4)
      #expect(stream.video["width"] as? Int == sides[0])
      for output in ["out.mkv --codec ffv1", "out.mp4"] {
        let name = String(output.prefix { $0 != " " })
        let result = try folder.run("\(pipe) -o \(output)")
        #expect(result.isSuccess, "\(name): \(result.messages)")
        #expect(try Media.times(folder[name], in: folder).count == 4, "\(name)")
        let grown = sides.map { name == "out.mp4" ? $0 + $0 % 2 : $0 }
        #expect(
          try Media.entry("width,height", of: "v:0", folder[name], in: folder) == "\(grown[0]),\(grown[1])")
      }
      #expect(
        try Media.entry("width,height", of: "v:0", folder["out.mkv"], in: folder) == "\(sides[0]),\(sides[1])"
      )
      try folder.succeed("fm-decode --frames 1 in.mkv | fm-detect | fm-annotate -o one.png")
      #expect(
        try Media.entry("width,height", of: "v:0", folder["one.png"], in: folder) == "\(sides[0]),\(sides[1])"
      )
    }

    @Test(.enabled(if: Fixtures.hasPortrait)) func threadsDoNotChangeTheBytes() throws {
      let stream = folder["in.fm"]
      try folder.succeed("fm-decode \(Fixtures.face) -o in.fm")
      let outputs = try [1, 2, 4].map { count in
        // The history holds the arguments, which differ.
        let lines = try folder.succeed("fm-detect --threads \(count) \(stream)")
        return lines[(lines.firstIndex(of: 0x0A) ?? 0)...]
      }
      #expect(outputs[0] == outputs[1])
      #expect(outputs[0] == outputs[2])
    }

    /// Ten bits from one end to the other, with the faces that the same picture has in eight.
    @Test(.enabled(if: Fixtures.hasPortrait)) func tenBitsGoThrough() throws {
      let eight = try StreamRecords(try folder.succeed("fm-decode \(Fixtures.face) | fm-detect"), in: folder)
      try folder.succeed(
        "fm-decode --pixel-format yuv420p10le \(Fixtures.face) | fm-detect | fm-classify -o ten.fm")
      let ten = try StreamRecords(folder.data("ten.fm"), in: folder)
      #expect(ten.frames.allSatisfy { $0["bytes"] as? Int == 240 * 240 * 3 })
      let boxes = { (records: StreamRecords) in records.faces.map { $0.map { $0["box"] as? [Int] } } }
      #expect(boxes(ten) == boxes(eight) && !boxes(ten).joined().isEmpty)
      try folder.succeed("fm-annotate -o out.mkv ten.fm")
      #expect(try Media.entry("pix_fmt", of: "v:0", folder["out.mkv"], in: folder) == "yuv420p10le")
      #expect(try Media.playableFrames(folder["out.mkv"], in: folder) == 20)
      try folder.succeed("fm-annotate --sheet 5x5 -o sheet.png ten.fm")
    }
  }
}
