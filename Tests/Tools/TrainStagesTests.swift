import Foundation
import Testing

extension TrainingToolTests {
  /// fm-train on a model that is there: gone on with, begun with, or only judged.
  struct TrainStagesTests {
    static let options =
      "--architecture compact --filters 8,16 --size 16 --batch-size 16 --threads 1 --no-report"
    let folder: ToolFolder

    init() throws {
      folder = try ToolFolder()
      try ShapePictures.write("train", in: folder, count: 20, seed: 1)
      try ShapePictures.write("validation", in: folder, count: 10, seed: 2)
    }

    private func fit(_ rest: String) -> String {
      "fm-train m.keras train \(Self.options) --learning-rate 0.004 \(rest)"
    }

    private func more(_ rest: String) -> String {
      "fm-train m.keras train --continue --threads 1 --no-report \(rest)"
    }

    private func objects(_ text: String) throws -> [[String: Any]] {
      try text.split(separator: "\n").map {
        try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
      }
    }

    private func show(_ model: String = "m.keras") throws -> String {
      String(decoding: try folder.succeed("fm-train show \(model)"), as: UTF8.self)
    }

    private func provenance(_ model: String = "m.keras") throws -> [String: Any] {
      let text = String(decoding: try folder.succeed("fm-train show \(model) --json"), as: UTF8.self)
      return try objects(text).first?["provenance"] as? [String: Any] ?? [:]
    }

    @Test func aStageTellsWhatItBeganWith() throws {
      #expect(try folder.run(fit("-v validation -e 6")).status == 0)
      #expect(try !show().contains("Stages: "))
      let before = try provenance()
      let result = try folder.run(more("-v validation -e 2 --json"))
      #expect(result.status == 0, "\(result.messages)")
      let epochs = try objects(result.text).filter { $0["type"] as? String == "epoch" }
      #expect(epochs.map { $0["epoch"] as? Int } == [7, 8])
      let began = try #require(before["epoch"] as? Int)
      #expect(epochs[0]["from_epoch"] as? Int == began)
      #expect(epochs[0]["from_val_accuracy"] as? Double == before["validation_accuracy"] as? Double)
      #expect(epochs[1]["from_epoch"] == nil)
      let shown = try show()
      #expect(
        shown.contains("\nStages: epochs 1 to 6; 7 to 8 from epoch \(began), validation accuracy "),
        "\(shown)"
      )
    }

    /// They are of the weights.
    @Test func temperatureAndCalibrationGoWithTheWeights() throws {
      // Without batch normalization, whose statistics move by themselves.
      let network = "--architecture classic --filters 4,8 --kernels 3 --dense-units 8 --dropout 0 --size 16"
      let first = try folder.run(
        "fm-train m.keras train -v validation \(network) --batch-size 16 --threads 1 --no-report -e 6")
      #expect(first.status == 0, "\(first.messages)")
      #expect(try folder.run("fm-train calibrate m.keras validation").status == 0)
      try folder.succeed("fm-train quantize m.keras --calibration validation -q")
      // So small a rate makes nothing better.
      let same = try folder.run(more("-v validation -e 1 --learning-rate 1e-12"))
      #expect(
        same.status == 0 && same.messages.contains("the model keeps the weights that it had"),
        "\(same.messages)")
      #expect(!same.messages.contains("run calibrate"), "\(same.messages)")
      #expect(try show().contains("\nTemperature: "))
      let other = try folder.run(more("-e 1"))
      #expect(
        other.status == 0
          && other.messages.contains("m.keras: its temperature and calibration do not fit the new"),
        "\(other.messages)")
      #expect(try !show().contains("\nTemperature: "))
    }

    /// From a teacher of another architecture, on pictures as detectors and cameras give them.
    @Test func aTeacherIsLearnedFrom() throws {
      try folder.succeed(
        "fm-train t.keras train --architecture compact-se --filters 8,16 --size 16 -e 1 --threads 1 -q --no-report"
      )
      let options =
        "--teacher t.keras --teacher t.keras --teacher-temperature 2 --teacher-weight 0.5 --detector-boxes 0.5 --low-light 0.2 --haze 0.2 --compression 0.2"
      let result = try folder.run(fit("-e 1 --json \(options)"))
      #expect(result.status == 0 && result.messages == "", "\(result.messages)")
      let recipe = try objects(result.text).first?["recipe"] as? [String: Any]
      #expect(recipe?["teacher"] as? [String] == ["t.keras", "t.keras"])
      let augmentation = recipe?["augmentation"] as? [String: Any]
      #expect(augmentation?["detector_boxes"] as? Double == 0.5)
      #expect((augmentation?["compression"] as? [String: Any])?["probability"] as? Double == 0.2)
      for (rest, status, words) in [
        ("--teacher absent.keras", 74, "absent.keras: cannot open"),
        ("--teacher ferplus", 64, "ferplus.keras: teacher: its classes are"),
        ("--teacher t.keras --standardize", 64, "t.keras: teacher: its input has another"),
        ("--teacher t.keras --size 17", 64, "t.keras: teacher: its input is 16x16x1"),
        ("--teacher-weight 0.5", 64, "teacher_weight need teacher"),
        ("--teacher t.keras --teacher-weight 2", 64, "--teacher-weight: must be a number from"),
        ("--teacher t.keras --teacher-temperature 0", 64, "--teacher-temperature: must be"),
        ("--compression 2", 64, "--compression: must be"),
      ] as [(String, Int32, String)] {
        let refused = try folder.run(fit("-e 1 --restart \(rest)"))
        #expect(refused.status == status && refused.messages.contains(words), "\(rest): \(refused.messages)")
      }
    }

    @Test func aNetworkThatIsThereIsNotMadeOtherwise() throws {
      #expect(try folder.run(fit("-e 1")).status == 0)
      let model = folder.data("m.keras")
      for (rest, words) in [
        (
          "m.keras train --continue --architecture classic",
          "--architecture: the network is that of m.keras, with"
        ),
        ("m.keras train --continue --size 99", "--size: the network is that of m.keras, with size 16"),
        ("m.keras train --continue --dense-units 12", "--dense-units: the network is that of m.keras, with"),
        ("m.keras train --continue --from x.keras", "--from: the network is that of m.keras as it is"),
        (
          "o.keras train --from m.keras --filters 9,9",
          "--filters: the network is that of m.keras, with filters 8,16"
        ),
        (
          "o.keras train --from m.keras --dropout 0.9",
          "--dropout: the network is that of m.keras, with dropout 0.3"
        ),
        (
          "tune o.keras train -v validation --from m.keras --kernels 5",
          "--kernels: the network is that of m.keras"
        ),
        (
          "tune o.keras train -v validation --from m.keras --search s.json",
          "dropout: search: it has no effect on"
        ),
      ] {
        try folder.write(#"{"dropout":[0.1,0.2]}"#, to: "s.json")
        let result = try folder.run("fm-train \(rest) -e 1 --threads 1")
        #expect(result.status == 64 && result.output.isEmpty, "\(rest): \(result.messages)")
        #expect(result.messages.contains(words), "\(rest): \(result.messages)")
      }
      #expect(
        folder.names == ["m.keras", "s.json", "train", "validation"] && folder.data("m.keras") == model)
      // The same options again are true, and a recipe's are for networks that are made.
      try folder.write(#"{"architecture":"classic","filters":[9],"size":99,"batch_size":8}"#, to: "r.json")
      for rest in ["\(Self.options) -e 1", "-e 1 --recipe r.json"] {
        let result = try folder.run(
          rest.contains("no-report") ? "fm-train m.keras train --continue \(rest)" : more(rest))
        #expect(result.status == 0, "\(rest): \(result.messages)")
      }
      let recipe = try provenance()["recipe"] as? [String: Any]
      #expect(recipe?["architecture"] as? String == "compact" && recipe?["filters"] as? [Int] == [8, 16])
      #expect(recipe?["size"] as? Int == 16 && recipe?["batch_size"] as? Int == 8)
      let from = try folder.run(
        "fm-train o.keras train --from m.keras --recipe r.json -e 1 --threads 1 --no-report")
      #expect(from.status == 0, "\(from.messages)")
      let other = try provenance("o.keras")["recipe"] as? [String: Any]
      #expect(other?["architecture"] == nil && other?["size"] as? Int == 16)
    }

    @Test func aFinishedModelGivesAReportAndAnEnd() throws {
      let command = fit("-v validation -e 2 --json")
      let first = try objects(folder.run(command).text)
      let second = try objects(folder.run(command).text)
      #expect(second.map { $0["type"] as? String } == ["report", "end"])
      #expect(second.first?["fm_report"] as? Int == 1 && second.first?["accuracy"] as? Double != nil)
      for key in ["epochs", "val_accuracy"] {
        let value = first.last?[key] as? Double
        #expect(value != nil && second.last?[key] as? Double == value, "\(key)")
      }
      #expect(second.last?["status"] as? String == "ok")
    }
  }
}
