import Foundation
import Testing

extension ToolTests {
  /// From a trained model to one that is shipped: fm-train calibrate and export, and what the tools make of it.
  struct ShippingTests {
    let folder: ToolFolder

    init() throws {
      folder = try ToolFolder()
      try ShapePictures.write("train", in: folder, count: 30, seed: 1)
      try ShapePictures.write("validation", in: folder, count: 20, seed: 2)
      let options =
        "--architecture compact --filters 8,16 --size 16 --batch-size 16 --threads 1 --no-report -q"
      let result = try folder.run("fm-train m.keras train -e 4 --learning-rate 0.004 \(options)")
      #expect(result.status == 0, "\(result.messages)")
    }

    private func evaluate(_ rest: String) throws -> [String: Any] {
      let text = try folder.succeed("fm-train evaluate \(rest) --json")
      return try JSONSerialization.jsonObject(with: text) as? [String: Any] ?? [:]
    }

    private func text(_ command: String) throws -> String {
      String(decoding: try folder.succeed(command), as: UTF8.self)
    }

    /// The numbers of the row that begins with `name`, in the table that calibrate prints.
    private func row(_ name: String, of text: String) -> [Double] {
      let line = text.split(separator: "\n").first { $0.hasPrefix(name) } ?? ""
      return line.dropFirst(name.count).split(separator: " ").compactMap { Double($0) }
    }

    @Test func calibrateMakesConfidenceTrue() throws {
      let plain = try evaluate("m.keras validation")
      let run = try folder.run("fm-train calibrate m.keras validation -o c.keras")
      #expect(run.status == 0, "\(run.messages)")
      #expect(run.text.contains("60 pictures"), "\(run.text)")
      let temperatures = row("temperature", of: run.text)
      try #require(temperatures.count == 2)
      #expect(temperatures[0] == 1 && temperatures[1] != 1)
      let shown = "Temperature: \(temperatures[1])\n"
      #expect(try text("fm-train show c.keras").contains(shown))
      #expect(try text("fm-classify --describe -m c.keras").contains(shown))
      #expect(try !text("fm-classify --describe -m m.keras").contains("Temperature"))

      // evaluate prints the figures that calibrate printed.
      let scaled = try evaluate("c.keras validation")
      #expect(scaled["accuracy"] as? Double == plain["accuracy"] as? Double)
      for (name, key) in [
        ("expected calibration error", "expected_calibration_error"), ("cross-entropy", "cross_entropy"),
      ] {
        let told = row(name, of: run.text)
        try #require(told.count == 2, "\(run.text)")
        for (number, report) in zip(told, [plain, scaled]) {
          #expect(abs(number - (report[key] as? Double ?? .nan)) < 6e-5, "\(name)")
        }
      }
      let entropies = row("cross-entropy", of: run.text)
      #expect(entropies[1] < entropies[0])

      // Onto itself and once more, it stays; a training that continues drops it.
      try FileManager.default.copyItem(atPath: folder["c.keras"], toPath: folder["again.keras"])
      #expect(try folder.run("fm-train calibrate -q again.keras validation").status == 0)
      #expect(folder.data("again.keras") == folder.data("c.keras"))
      #expect(try folder.run("fm-train calibrate again.keras validation --views flip").status == 0)
      let more = try folder.run("fm-train again.keras train --continue -e 1 --threads 1 --no-report")
      #expect(more.status == 0, "\(more.messages)")
      #expect(try !text("fm-train show again.keras").contains("Temperature"))
    }

    @Test func exportIsSmallAndTheSame() throws {
      #expect(try folder.run("fm-train calibrate -q m.keras validation").status == 0)
      let model = folder.data("m.keras")
      try folder.succeed("fm-train export m.keras -o whole.keras --optimizer")
      try folder.succeed("fm-train export m.keras -o plain.keras --no-optimizer")
      try folder.succeed("fm-train export m.keras -o half.keras --half")
      #expect(folder.data("m.keras") == model)
      let sizes = ["half", "plain", "whole"].map { folder.data("\($0).keras").count }
      #expect(sizes[0] < sizes[1] && sizes[1] < sizes[2], "\(sizes)")
      #expect(try text("fm-train show whole.keras").contains("Optimizer: "))
      for name in ["plain", "half"] {
        #expect(try !text("fm-train show \(name).keras").contains("Optimizer: "))
        #expect(try text("fm-train show --json \(name).keras") == text("fm-train show --json m.keras"))
      }
      let before = try evaluate("m.keras validation")
      let plain = try evaluate("plain.keras validation")
      #expect(plain["cross_entropy"] as? Double == before["cross_entropy"] as? Double)
      let half = try evaluate("half.keras validation")
      let difference =
        (half["cross_entropy"] as? Double ?? .nan) - (before["cross_entropy"] as? Double ?? .nan)
      #expect(difference != 0 && abs(difference) < 0.01, "\(difference)")
      // What is stored is what runs: a further copy has the same weights, byte for byte.
      try folder.succeed("fm-train export half.keras -o twice.keras")
      #expect(folder.data("twice.keras") == folder.data("half.keras"))
    }

    @Test func wrongCommandLinesAndPictures() throws {
      try ShapePictures.write("two", in: folder, count: 2, seed: 3, classes: ["cross", "disc"])
      let model = folder.data("m.keras")
      for (rest, status) in [
        ("calibrate m.keras", 64), ("calibrate m.keras validation --views two", 64),
        ("calibrate m.h5 validation", 64), ("calibrate m.keras validation -o c.h5", 64),
        ("calibrate m.keras absent", 74), ("calibrate absent.keras validation", 74),
        ("calibrate m.keras two", 65), ("export m.keras", 64), ("export m.keras -o x.h5", 64),
        ("export absent.keras -o x.keras", 74),
      ] as [(String, Int32)] {
        let result = try folder.run("fm-train \(rest)")
        #expect(result.status == status, "\(rest): \(result.messages)")
        #expect(result.output.isEmpty)
      }
      let few = try folder.run("fm-train calibrate m.keras two")
      #expect(few.messages.contains("none found for \"square\""), "\(few.messages)")
      #expect(folder.data("m.keras") == model)
      #expect(folder.names == ["m.keras", "train", "two", "validation"])
    }
  }
}
