import Foundation
import Testing

extension ToolTests {
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

    /// A named pipe in the report's folder holds the program up at a place that is known.
    @Test func aSignalWhileTheReportIsWritten() throws {
      try FileManager.default.createDirectory(
        atPath: folder["m.report"], withIntermediateDirectories: true)
      let gate = folder["m.report/predictions.csv"]
      try #require(mkfifo(gate, 0o600) == 0)
      let command = fit("-v validation")
      let pipe = try folder.start(command)
      #expect(pipe.wait { folder.exists("m.report/report.txt") })
      pipe.signal(SIGINT)
      // Opened for reading, the pipe lets the writer go on; it takes all of the table.
      let reader = open(gate, O_RDONLY | O_NONBLOCK)
      defer { close(reader) }
      let result = pipe.finish(within: 30)
      #expect(result.status == 128 + SIGINT, "\(result.messages)")
      #expect(
        result.messages.contains("is written, but not its report; the same command writes it from"),
        "\(result.messages)")
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

    @Test func smallAndBlurredFaces() throws {
      #expect(try folder.run(fit("--no-report")).status == 0)
      let plain = try evaluate("m.keras validation")
      let same = try evaluate("m.keras validation --downscale 16")
      #expect(same["cross_entropy"] as? Double == plain["cross_entropy"] as? Double)
      let command = "m.keras validation --downscale 4 --blur 1.5"
      let worse = try evaluate("\(command) --report worse.report")
      #expect(worse["cross_entropy"] as? Double != plain["cross_entropy"] as? Double)
      #expect(try evaluate(command)["cross_entropy"] as? Double == worse["cross_entropy"] as? Double)
      let details = try object(folder.data("worse.report/report.json"))["details"] as? [String: Any]
      #expect(details?["downscale"] as? Int == 4 && details?["blur"] as? Double == 1.5)
      for wrong in ["--downscale 0", "--downscale 17", "--blur 0", "--blur nan", "--blur 17"] {
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
        #expect(shown.contains("Input: pixel * 0.5 + 60.0"), "\(command): \(shown)")
        let kept = try evaluate("q.keras validation")
        #expect(kept["accuracy"] as? Double == asked["accuracy"] as? Double, "\(command)")
      }
      let wrong = try folder.run("fm-train quantize m.keras --calibration validation --input-scale nan")
      #expect(wrong.status == 64 && wrong.messages.contains("--input-scale"), "\(wrong.messages)")
    }

    @Test func classesCountAsTheyAreTold() throws {
      let result = try folder.run(fit("--no-report --json --class-weights disc=2,square=0.5"))
      #expect(result.status == 0, "\(result.messages)")
      let start = try object(Data(result.text.prefix { $0 != "\n" }.utf8))
      let weights = (start["recipe"] as? [String: Any])?["class_weights"] as? [String: Double]
      #expect(weights == ["disc": 2, "square": 0.5])
      try FileManager.default.removeItem(atPath: folder["m.keras"])
      for (value, words) in [
        ("disk=2", "\"disk\" is none of the classes"), ("disc", "--class-weights"),
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
