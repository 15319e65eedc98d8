import Foundation
import Testing

extension TrainingToolTests {
  /// What fm-train makes of odd and bad data.
  struct TrainDataTests {
    static let options = "--architecture compact --filters 4 --size 16 -e 1 --threads 1 --no-report"
    let folder: ToolFolder

    init() throws { folder = try ToolFolder() }

    private func fit(_ set: String, _ rest: String = "") throws -> RunningPipe.Result {
      try folder.run("fm-train m.keras \(set) \(Self.options) \(rest)".trimmingCharacters(in: .whitespaces))
    }

    private func make(_ path: String) throws {
      try FileManager.default.createDirectory(atPath: folder[path], withIntermediateDirectories: true)
    }

    @Test func foldersThatAreNoDataSet() throws {
      try make("empty")
      try make("hollow/a")
      try make("hollow/b")
      try ShapePictures.write("one", in: folder, count: 3, seed: 1, classes: ["only"])
      try folder.write("text", to: "file")
      for (set, status, words) in [
        ("missing", Int32(74), "missing"), ("empty", 65, "empty"), ("hollow", 65, "no pictures"),
        ("one", 65, "\"only\""), ("file", 65, "it is a file"),
      ] {
        let result = try fit(set)
        #expect(result.status == status, "\(set): \(result.messages)")
        #expect(result.messages.contains(words), "\(set): \(result.messages)")
        #expect(!folder.exists("m.keras") && !folder.exists("m.keras.checkpoint"))
      }
    }

    @Test func oddClassesAndPictures() throws {
      try ShapePictures.write("odd", in: folder, count: 6, seed: 1, classes: ["a b", "c, \"d\"", "高兴"])
      try ShapePictures.write("odd", in: folder, count: 1, seed: 2, classes: ["single"])
      try folder.write("not a picture", to: "odd/a b/broken.png")
      try make("odd/a b/nested")
      try folder.write(folder.data("odd/a b/0.pgm"), to: "odd/a b/nested/deep.pgm")
      // A PNG's header that promises a hundred megapixels.
      let header: [UInt8] = [0, 0, 0x27, 0x10, 0, 0, 0x27, 0x10, 8, 0, 0, 0, 0]
      try folder.write(
        Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8) + header),
        to: "odd/a b/huge.png")
      let result = try fit("odd", "-v odd")
      #expect(result.status == 0, "\(result.messages)")
      // Once for each of the two sets.
      for words in [
        "broken.png: left out", "huge.png: left out: too large: 10000x10000 is more than",
        "odd: 2 of 22 pictures left out", "the class \"single\" has one picture only",
      ] {
        #expect(result.messages.components(separatedBy: words).count == 3, "\(words): \(result.messages)")
      }
      let shown = String(decoding: try folder.succeed("fm-train show m.keras"), as: UTF8.self)
      #expect(shown.contains(#"Classes: a b, "c, ""d""", single, 高兴"#), "\(shown)")
      try FileManager.default.removeItem(atPath: folder["m.keras"])
      let strict = try fit("odd", "--strict")
      #expect(strict.status == 65 && strict.messages.contains("a b/"), "\(strict.messages)")
    }

    @Test func aManifestIsWrittenAndThenRead() throws {
      try ShapePictures.write("set", in: folder, count: 6, seed: 1)
      let first = try fit("set", "--manifest m.csv --cache m.cache")
      #expect(first.status == 0, "\(first.messages)")
      var lines = String(decoding: folder.data("m.csv"), as: UTF8.self).split(separator: "\n").map(
        String.init)
      #expect(lines.count == 19 && lines[0].hasPrefix("filename,label"), "\(lines)")
      #expect(folder.exists("m.cache"))
      // Edited: two pictures fewer, one that is missing, one that appears twice.
      lines.removeLast(2)
      lines += ["cross/missing.pgm,cross", lines[1]]
      try folder.write(lines.joined(separator: "\n") + "\n", to: "m.csv")
      try FileManager.default.removeItem(atPath: folder["m.keras"])
      let second = try fit("set", "--manifest m.csv --cache m.cache --json")
      #expect(second.status == 0, "\(second.messages)")
      #expect(second.text.contains("\"pictures\":16"), "\(second.messages)")
      #expect(second.messages.contains("missing.pgm"), "\(second.messages)")
    }

    @Test func aStreamWithLabels() throws {
      // Two classes of frames, labeled by a line of Python.
      try folder.write(
        """
        import sys
        data = sys.stdin.buffer.read()
        n = -1
        out = b""
        while data:
            line, data = data.split(b"\\n", 1)
            size = 0
            if b'"bytes":' in line:
                size = int(line.split(b'"bytes":')[1].split(b",")[0].split(b"}")[0])
            if line.startswith(b'{"type":"frame"'):
                n += 1
                line = line[:-1] + b',"label":"' + (b"even" if n % 2 == 0 else b"odd") + b'"}'
            out += line + b"\\n"
            if size:
                out += data[:size + 1]
                data = data[size + 1:]
        sys.stdout.buffer.write(out)
        """, to: "label.py")
      let result = try folder.run(
        "fm-decode --no-audio --pixel-format gray \(Fixtures.video) | python3 label.py | fm-train m.keras - \(Self.options)"
      )
      #expect(result.status == 0, "\(result.messages)")
      let shown = String(decoding: try folder.succeed("fm-train show m.keras"), as: UTF8.self)
      #expect(shown.contains("Classes: even, odd"))
      let bare = try folder.run("fm-decode --no-audio \(Fixtures.video) | fm-train n.keras - \(Self.options)")
      #expect(bare.status == 65 && bare.messages.contains("label"), "\(bare.messages)")
    }

    @Test(.enabled(if: Programs.installed("parallel") != nil, "GNU parallel is not installed"))
    func processesShareTheRecordsOfATuning() throws {
      try ShapePictures.write("set", in: folder, count: 12, seed: 1)
      try folder.write(#"{"learning_rate":{"min":0.0005,"max":0.01,"scale":"log"}}"#, to: "search.json")
      try folder.write(
        """
        parallel -j 2 fm-train tune {}.keras set --validation-split 0.25 --search search.json --trials 3 \
        --reduction 2 --epochs 2 --architecture compact --filters 4 --size 16 --threads 1 \
        --trial-seed {} --records all.ndjson --quiet ::: 1 2

        """, to: "tune.sh")
      let result = try folder.run("bash tune.sh")
      #expect(result.status == 0, "\(result.messages)")
      let records = try String(decoding: folder.data("all.ndjson"), as: UTF8.self).split(separator: "\n").map
      {
        try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
      }
      #expect(records.filter { $0["rung"] as? Int == 0 }.count == 6, "\(records)")
      #expect(records.contains { $0["rung"] as? Int == 1 })
      #expect(Set(records.compactMap { $0["trial_seed"] as? Int }) == [1, 2])
      for name in ["1.keras", "2.keras", "1.trials.png", "2.trials.svg"] { #expect(folder.exists(name)) }
      // What one process found out last may have let a trial of the other one continue. Then both are done.
      try folder.run("bash tune.sh")
      let count = folder.data("all.ndjson").count
      try folder.run("bash tune.sh")
      #expect(folder.data("all.ndjson").count == count)
    }
  }
}
