import Checkout
import Foundation
import Testing

extension ToolTests {
  /// fm-train reads the faces of a stream exactly as fm-classify does.
  @Suite(.enabled(if: Fixtures.hasPortrait, "no portrait: the package facedetect is missing"))
  struct SameFacesTests {
    let folder: ToolFolder
    static let model = Checkout.root.appendingPathComponent("Sources/fm-classify/Models/expressions.keras")
      .path

    /// Six pictures of a face in several sizes, among them two without one, searched.
    init() throws {
      folder = try ToolFolder()
      try FileManager.default.createDirectory(atPath: folder["pictures"], withIntermediateDirectories: true)
      for (number, size) in ["64:64", "97:113", "150:150", "211:199", "333:300", "512:480"].enumerated() {
        try folder.succeed(
          "ffmpeg -v error -i \(Fixtures.facePicture) -vf scale=\(size) pictures/\(number).png")
      }
      for number in 6..<8 {
        try folder.succeed(
          "ffmpeg -v error -f lavfi -i color=gray:s=90x90 -frames:v 1 pictures/\(number).png")
      }
      try folder.succeed("fm-decode pictures | fm-detect -o found.fm")
      try folder.write(labelled(folder.data("found.fm")), to: "labelled.fm")
    }

    /// The stream with a label on every frame.
    private func labelled(_ stream: Data) -> Data {
      var stream = stream
      let head = Data(#"{"type":"frame","#.utf8)
      var labels = 0
      var from = stream.startIndex
      while let range = stream.range(of: head, in: from..<stream.endIndex) {
        let label = Data(#""label":"\#(labels % 2 == 0 ? "happy" : "sad")","#.utf8)
        stream.insert(contentsOf: label, at: range.upperBound)
        labels += 1
        from = range.upperBound
      }
      return stream
    }

    private func evaluated(_ options: String) throws -> [[Float]] {
      let result = try folder.run(
        "fm-train evaluate \(Self.model) - --report r \(options)", input: folder["labelled.fm"])
      #expect(result.status == 0, "\(result.messages)")
      #expect(result.messages.contains("2 without a face"), "\(result.messages)")
      let table = String(decoding: folder.data("r/predictions.csv"), as: UTF8.self)
      return table.split(separator: "\n").dropFirst().map { line in
        line.split(separator: ",").suffix(7).map { Float($0) ?? -1 }
      }
    }

    private func classified(_ options: String) throws -> [[Float]] {
      let records = try StreamRecords(
        try folder.succeed("fm-classify \(options) -m \(Self.model) --no-pixels found.fm"), in: folder)
      #expect(records.frames.count == 8)
      return try records.faces.filter { !$0.isEmpty }.map { faces in
        let largest = try #require(
          faces.max { a, b in
            let (a, b) = (a["box"] as? [Int] ?? [], b["box"] as? [Int] ?? [])
            return a[2] * a[3] < b[2] * b[3]
          })
        let scores = try #require(largest["scores"] as? [String: Double])
        return scores.sorted { $0.key < $1.key }.map { Float($0.value) }
      }
    }

    @Test(arguments: ["--precision f32", "--precision int8", ""])
    func evaluationGivesTheProbabilitiesOfClassification(_ options: String) throws {
      let faces = try classified(options)
      #expect(faces.count == 6)
      #expect(try evaluated(options) == faces)
    }

    /// More faces than the classifier takes at once, of limited range, cut by the picture's edges and of all sizes; and a
    /// model whose file says another preprocessing than the recipe that it was trained with.
    @Test(arguments: ["shipped", "own"])
    func batchesAndRangesMakeNoDifference(_ kind: String) throws {
      var model = Self.model
      var labels = ["happy", "sad"]
      if kind == "own" {
        labels = Array(ShapePictures.classes.prefix(2))
        try ShapePictures.write("train", in: folder, count: 8, seed: 1)
        let options = "--architecture compact --filters 4 --size 16 --crop 14 -e 1 --threads 1 --no-report"
        let trained = try folder.run("fm-train own.keras train \(options) --input-scale 0.004 -q")
        #expect(trained.status == 0, "\(trained.messages)")
        let changed = try folder.run(
          "fm-train quantize own.keras --calibration train --input-scale 0.02 --input-offset -1 -o other.keras -q"
        )
        #expect(changed.status == 0, "\(changed.messages)")
        model = folder["other.keras"]
      }
      var stream = try folder.succeed("fm-decode --no-audio \(Fixtures.video) \(Fixtures.video)")
      let head = Data(#"{"type":"frame","#.utf8)
      var (number, from) = (0, stream.startIndex)
      while let range = stream.range(of: head, in: from..<stream.endIndex) {
        let box = "[\(number * 7 % 120 - 10),\(number * 5 % 90 - 10),\(8 + number * 3),\(9 + number * 2)]"
        let keys = #""label":"\#(labels[number % 2])","faces":[{"box":\#(box)}],"#
        stream.insert(contentsOf: Data(keys.utf8), at: range.upperBound)
        number += 1
        from = range.upperBound
      }
      #expect(number == 50)
      try folder.write(stream, to: "made.fm")
      let result = try folder.run("fm-train evaluate \(model) - --report made", input: folder["made.fm"])
      #expect(result.status == 0, "\(result.messages)")
      let table = String(decoding: folder.data("made/predictions.csv"), as: UTF8.self).split(separator: "\n")
      let classes = table.first.map { $0.split(separator: ",").dropFirst(4).map(String.init) } ?? []
      let records = try StreamRecords(
        try folder.run("fm-classify -m \(model) --no-pixels made.fm").output, in: folder)
      let faces = records.faces.joined().map { face in
        classes.map { name in Float((face["scores"] as? [String: Double])?[name] ?? -1) }
      }
      #expect(faces.count == 50)
      #expect(
        table.dropFirst().map { $0.split(separator: ",").dropFirst(4).map { Float($0) ?? -2 } } == faces)
    }

    @Test func onlyFramesWithoutFacesAreRefused() throws {
      let result = try folder.run(
        "fm-decode pictures/6.png | fm-detect | sed s/\"type\":\"frame\"/&,\"label\":\"sad\"/ | "
          + "fm-train evaluate \(Self.model) -")
      #expect(result.status == 65, "\(result.messages)")
      #expect(result.messages.contains("1 without a face"), "\(result.messages)")
    }
  }
}
