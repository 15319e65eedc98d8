import Foundation
import Testing

extension TrainingToolTests {
  /// What may stand in place of a folder of pictures, and what is said of a model that says little of itself.
  struct TrainSourcesTests {
    static let options = "--architecture compact --filters 4 --size 16 -e 1 --threads 1 --no-report"
    let folder: ToolFolder

    init() throws { folder = try ToolFolder() }

    private func writeTable() throws {
      var text = "emotion,pixels,Usage\n"
      for row in 0..<28 {
        let pixels = (0..<256).map { "\(($0 + 9 * row) % 256)" }.joined(separator: " ")
        text += "\(row % 7),\(pixels),\(row < 14 ? "Training" : "PublicTest")\n"
      }
      try folder.write(text, to: "fer2013.csv")
    }

    @Test func tablesAndStreamFiles() throws {
      try writeTable()
      let fit = try folder.run(
        "fm-train m.keras fer2013.csv --usage Training -v fer2013.csv:PublicTest \(Self.options)")
      #expect(fit.status == 0, "\(fit.messages)")
      #expect(fit.text.contains("m.keras on the 14 pictures that it was validated with"))
      let evaluated = try folder.succeed("fm-train evaluate m.keras fer2013.csv:PublicTest --json")
      #expect(String(decoding: evaluated, as: UTF8.self).contains(#""count":14"#))
      for (line, words) in [
        ("fm-train n.keras fer2013.csv:Training --usage Training", "--usage is given twice"),
        ("fm-train n.keras fer2013.csv --votes none.csv", "--votes of FER-2013's table is a file"),
        ("fm-train n.keras . --usage Training", "--usage is for FER-2013's table"),
        ("fm-train n.keras fer2013.csv --cache c", "--cache is for folders"),
      ] {
        let result = try folder.run(line)
        #expect(result.status == 64 && result.messages.contains(words), "\(line): \(result.messages)")
      }
      // Each class a folder, each frame labeled on its way.
      try ShapePictures.write("shapes", in: folder, count: 4, seed: 1)
      var stream = Data()
      for name in ShapePictures.classes {
        stream += try folder.succeed("fm-decode --label \(name) shapes/\(name)")
      }
      try folder.write(stream, to: "shapes.fm")
      let streams = try folder.run("fm-train s.keras shapes.fm -v shapes.fm \(Self.options) --verbose")
      #expect(
        streams.status == 0 && streams.messages.contains("shapes.fm: disc: 4 pictures"), "\(streams.messages)"
      )
      #expect(streams.messages.contains("12 of 12 validation pictures are training pictures"))
      let quantized = try folder.run("fm-train quantize s.keras --calibration shapes.fm")
      #expect(
        quantized.status == 0 && quantized.text.contains("accuracy on 12 pictures"), "\(quantized.messages)")
      #expect(try folder.run("fm-decode --label= shapes/disc").status == 64)
    }

    /// A model as another program writes it: with seven outputs and nothing else said.
    @Test func modelsThatSayLittle() throws {
      try writeTable()
      _ = try folder.run("fm-train m.keras fer2013.csv:Training \(Self.options)")
      try folder.write(
        """
        import sys, zipfile
        source, target = zipfile.ZipFile('m.keras'), zipfile.ZipFile('bare.keras', 'w')
        for name in source.namelist():
            if name != 'fm.json': target.writestr(name, source.read(name))
        target.close()
        """, to: "strip.py")
      try folder.succeed("python3 strip.py")
      for line in [
        "fm-train evaluate bare.keras fer2013.csv:PublicTest", "fm-train export bare.keras -o copy.keras",
      ] {
        let result = try folder.run(line)
        #expect(result.status == 0)
        #expect(
          result.messages.components(separatedBy: "the file names no classes; taken to be angry").count == 2,
          "\(result.messages)")
        #expect(line.contains("export") || result.text.contains("class names guessed"), "\(result.text)")
      }
      let described = try folder.run("fm-classify --describe -m copy.keras")
      #expect(described.text.contains("surprise (guessed: the file names none)"), "\(described.text)")
      let tried = try folder.run("fm-train evaluate bare.keras --try-inputs fer2013.csv:PublicTest")
      #expect(tried.status == 0 && tried.messages == "", "\(tried.messages)")
      #expect(
        tried.text.contains("fer2013-alphabetical") && tried.text.contains("standardized"), "\(tried.text)")
      try folder.succeed("fm-train export bare.keras -o known.keras --classes fer2013 --input-scale 2")
      let known = String(decoding: try folder.succeed("fm-classify --describe -m known.keras"), as: UTF8.self)
      #expect(
        known.contains(
          "Classes: angry, disgust, fear, happy, sad, surprise, neutral\nInput: 16x16 gray, pixel * 2"))
      for option in ["--report r", "--turn 10", "--downscale 16", "--blur 1", "--low-light 0.5"] {
        let result = try folder.run("fm-train evaluate m.keras fer2013.csv --try-inputs \(option)")
        #expect(result.status == 64, "\(option): \(result.messages)")
      }
    }

    @Test func theBestRecipeTrains() throws {
      try ShapePictures.write("shapes", in: folder, count: 4, seed: 1)
      try folder.write(#"{"batch_size": {"min": 2, "max": 5}}"#, to: "s.json")
      let tuned = try folder.run(
        "fm-train tune t.keras shapes -v shapes --search s.json --trials 10 --architecture compact --filters 4 --size 16 -e 1 --threads 1"
      )
      #expect(tuned.status == 0 && tuned.text.contains("its recipe is t.recipe.json"), "\(tuned.messages)")
      let recipe = String(decoding: folder.data("t.recipe.json"), as: UTF8.self)
      #expect(recipe.contains("\"_what\": \"Trial 1-"), "\(recipe)")
      let fit = try folder.run("fm-train m.keras shapes --recipe t.recipe.json --no-report")
      #expect(fit.status == 0, "\(fit.messages)")
    }
  }
}
