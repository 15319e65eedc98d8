import Foundation
import Testing

extension TrainingToolTests {
  /// What fm-train says of models: reports that are interrupted, pictures made worse, inputs that a file does not know.
  struct TrainReportTests {
    static let options =
      "--architecture compact --filters 8,16 --size 16 --batch-size 16 --learning-rate 0.004 --threads 1"
    let folder: ToolFolder

    init() throws {
      folder = try ToolFolder()
      try ShapePictures.write("train", in: folder, count: 20, seed: 1)
      try ShapePictures.write("validation", in: folder, count: 10, seed: 2)
    }

    private func fit(_ rest: String) -> String { "fm-train m.keras train \(Self.options) -e 2 \(rest)" }

    private func object(_ data: Data) throws -> [String: Any] {
      try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    }

    private func evaluate(_ rest: String) throws -> [String: Any] {
      try object(folder.succeed("fm-train evaluate \(rest) --json"))
    }

    /// A named pipe in the report's folder is not opened, and ends the report at a file that is known.
    @Test func aReportThatCannotBeWrittenCanBeMadeUpFor() throws {
      try FileManager.default.createDirectory(
        atPath: folder["m.report"], withIntermediateDirectories: true)
      let gate = folder["m.report/predictions.csv"]
      try #require(mkfifo(gate, 0o600) == 0)
      let command = fit("-v validation")
      let result = try folder.run(command)
      #expect(result.status == 65, "\(result.messages)")
      #expect(
        result.messages
          == "fm-train: m.report/predictions.csv: cannot open: it is a named pipe, not a regular file; "
          + "the model m.keras is written; the same command writes the report\n")
      #expect(folder.names == ["m.keras", "m.keras.checkpoint", "m.report", "train", "validation"])
      var files = try FileManager.default.contentsOfDirectory(atPath: folder["m.report"])
      #expect(!files.contains("report.json") && !files.contains { $0.hasSuffix(".part") }, "\(files)")
      let (model, text) = (folder.data("m.keras"), folder.data("m.report/report.txt"))
      #expect(!model.isEmpty && !text.isEmpty)

      unlink(gate)
      let again = try folder.run(command)
      #expect(again.status == 0, "\(again.messages)")
      files = try FileManager.default.contentsOfDirectory(atPath: folder["m.report"])
      let listed = try object(folder.data("m.report/report.json"))["files"] as? [String]
      #expect(listed?.sorted() == files.sorted() && files.contains("predictions.csv"))
      #expect(folder.data("m.keras") == model && folder.data("m.report/report.txt") == text)
      #expect(!folder.exists("m.keras.checkpoint"))
    }

    @Test func turnedSmallBlurredAndDarkFaces() throws {
      #expect(try folder.run(fit("--no-report")).status == 0)
      let plain = try evaluate("m.keras validation")
      let same = try evaluate("m.keras validation --downscale 16")
      #expect(same["cross_entropy"] as? Double == plain["cross_entropy"] as? Double)
      let command = "m.keras validation --turn 20 --downscale 4 --blur 1.5 --low-light 0.25"
      let worse = try evaluate("\(command) --report worse.report")
      #expect(worse["cross_entropy"] as? Double != plain["cross_entropy"] as? Double)
      #expect(try evaluate(command)["cross_entropy"] as? Double == worse["cross_entropy"] as? Double)
      let details = try object(folder.data("worse.report/report.json"))["details"] as? [String: Any]
      #expect(details?["downscale"] as? Int == 4 && details?["blur"] as? Double == 1.5)
      #expect(details?["turn"] as? Double == 20 && details?["low_light"] as? Double == 0.25)
      #expect((worse["details"] as? [String: Any])?["pictures"] as? String == "validation")
      let text = try String(decoding: folder.succeed("fm-train evaluate \(command)"), as: UTF8.self)
      let heading = "m.keras on validation, turn 20, downscale 4, blur 1.5, low light 0.25, views flip\n\n"
      #expect(text.hasPrefix(heading), "\(text)")
      #expect(String(decoding: folder.data("worse.report/report.txt"), as: UTF8.self) == text)
      for wrong in [
        "--downscale 0", "--downscale 17", "--blur 1e-30", "--blur nan", "--blur 17", "--turn 10,20",
        "--low-light 0", "--low-light 2",
      ] {
        let result = try folder.run("fm-train evaluate m.keras validation \(wrong)")
        #expect(result.status == 64 && result.output.isEmpty, "\(wrong): \(result.messages)")
      }
    }

    /// As for a Keras file whose preprocessing is outside of it.
    @Test func inputsThatTheFileDoesNotKnowAreKeptInIt() throws {
      #expect(try folder.run(fit("--no-report")).status == 0)
      let input = "--input-scale 0.5 --input-offset 60"
      let asked = try evaluate("m.keras validation \(input)")
      #expect(
        asked["cross_entropy"] as? Double
          != (try evaluate("m.keras validation")["cross_entropy"] as? Double))
      for command in [
        "quantize m.keras --calibration validation \(input) -o q.keras",
        "quantize q.keras --calibration validation",
        "calibrate m.keras validation \(input) -o q.keras",
      ] {
        let result = try folder.run("fm-train \(command)")
        #expect(result.status == 0, "\(command): \(result.messages)")
        let shown = String(decoding: try folder.succeed("fm-train show q.keras"), as: UTF8.self)
        #expect(shown.contains("Input: 16x16 gray, pixel * 0.5 + 60, margin 0\n"), "\(command): \(shown)")
        let kept = try evaluate("q.keras validation")
        #expect(kept["accuracy"] as? Double == asked["accuracy"] as? Double, "\(command)")
      }
      // Ranges for int8 that have become those of other inputs.
      try folder.succeed("fm-train quantize m.keras --calibration validation -q")
      for (rest, isOther) in [("--input-scale 0.5", true), ("", false)] {
        let result = try folder.run("fm-train calibrate m.keras validation \(rest) -o q.keras")
        #expect(result.status == 0)
        #expect(
          result.messages.contains("q.keras: its int8 calibration is for other inputs") == isOther,
          "\(rest): \(result.messages)")
      }
      let wrong = try folder.run("fm-train quantize m.keras --calibration validation --input-scale nan")
      #expect(wrong.status == 64 && wrong.messages.contains("--input-scale"), "\(wrong.messages)")
    }

    /// A measurement on the training pictures, and a fresh start, are reported.
    @Test func ofTheTrainingsOwnPictures() throws {
      let trained = try folder.run(fit("--no-report"))
      #expect(trained.status == 0)
      let heading = "\nm.keras on the 60 pictures that it was trained on (no --validation)\n"
      #expect(trained.text.contains(heading), "\(trained.text)")
      for (set, isTold) in [("train", true), ("validation", false)] {
        let result = try folder.run("fm-train calibrate m.keras \(set) -o c.keras")
        #expect(result.status == 0 && result.text.hasSuffix("written to c.keras\n"), "\(result.messages)")
        let words = "\(set): the model was trained on these pictures"
        #expect(result.messages.contains(words) == isTold, "\(set): \(result.messages)")
      }
      let model = folder.data("m.keras")
      for name in ["m.keras", "./m.keras"] {
        let onto = try folder.run("fm-train export m.keras -o \(name)")
        #expect(onto.status == 64 && onto.messages.contains("it is the model itself"), "\(onto.messages)")
      }
      #expect(folder.data("m.keras") == model)
      try folder.succeed("fm-train export m.keras -o copy.keras")
      try FileManager.default.moveItem(atPath: folder["copy.keras"], toPath: folder["x.keras"])
      let more = try folder.run("fm-train x.keras train --continue -e 1 --threads 1 --no-report")
      #expect(
        more.status == 0 && more.messages.contains("x.keras: has no optimizer state"), "\(more.messages)")
      let shown = String(decoding: try folder.succeed("fm-train show x.keras"), as: UTF8.self)
      #expect(shown.contains("\nRecipe of the last stage: {"), "\(shown)")
      let anew = try folder.run(fit("--no-report --restart"))
      #expect(anew.status == 0 && anew.messages.contains("m.keras: 2 epochs are dropped"), "\(anew.messages)")
    }

    @Test func aSearchSaysWhatItHasComeTo() throws {
      try folder.write(#"{"learning_rate":[0.002,0.004]}"#, to: "search.json")
      let command =
        "fm-train tune t.keras train -v validation --search search.json --trials 2 --epochs 1 "
        + "--architecture compact --filters 8,16 --size 16 --batch-size 16 --threads 1"
      let first = String(decoding: try folder.succeed(command), as: UTF8.self)
      let lines = first.split(separator: "\n")
      #expect(lines.count == 4 && lines[0].hasPrefix("trial 1-0, 1 epoch: "), "\(first)")
      #expect(
        lines[2].hasPrefix("all 2 trials are complete; the best, 1-") && lines[2].hasSuffix(" %, is t.keras"))
      // Done is done, and is said again.
      let second = String(decoding: try folder.succeed(command), as: UTF8.self)
      #expect(lines[3] == "its recipe is t.recipe.json")
      #expect(second == lines[2] + "\n" + lines[3] + "\n", "\(second)")
    }

    @Test func classesCountAsTheyAreTold() throws {
      let result = try folder.run(fit("--no-report --json --class-weights disc=2,square=0.5"))
      #expect(result.status == 0, "\(result.messages)")
      let start = try object(Data(result.text.prefix { $0 != "\n" }.utf8))
      let weights = (start["recipe"] as? [String: Any])?["class_weights"] as? [String: Double]
      #expect(weights == ["disc": 2, "square": 0.5])
      try FileManager.default.removeItem(atPath: folder["m.keras"])
      for (value, words) in [
        ("disk=2", "\"disk\" is not one of the classes"), ("disc", "--class-weights"),
        ("disc=-1", "--class-weights"), ("disc=1,disc=2", "--class-weights"),
      ] {
        let wrong = try folder.run(fit("--no-report --class-weights \(value)"))
        #expect(wrong.status == 64 && wrong.messages.contains(words), "\(value): \(wrong.messages)")
      }
      let search = "--validation-split 0.25 --class-weights disk=2"
      #expect(try folder.run("fm-train tune t.keras train \(search) \(Self.options)").status == 64)
      #expect(!folder.exists("t.trials.ndjson") && !folder.exists("m.keras"))
    }
  }
}
