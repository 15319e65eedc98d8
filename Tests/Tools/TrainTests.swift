import Foundation
import Testing

extension TrainingToolTests {
  /// fm-train as its users have it.
  struct TrainTests {
    static let options =
      "--architecture compact --filters 8,16 --size 16 --batch-size 16 --learning-rate 0.004 --threads 1"
    let folder: ToolFolder

    init() throws {
      folder = try ToolFolder()
      try ShapePictures.write("train", in: folder, count: 50, seed: 1)
      try ShapePictures.write("validation", in: folder, count: 15, seed: 2)
    }

    private func fit(_ rest: String, model: String = "m.keras", set: String = "train") -> String {
      "fm-train \(model) \(set) \(Self.options) \(rest)"
    }

    private func objects(_ text: String) throws -> [[String: Any]] {
      try text.split(separator: "\n").map {
        try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
      }
    }

    @Test func fromPicturesToAReport() throws {
      let result = try folder.run(fit("-v validation -e 6 --json"))
      #expect(result.status == 0, "\(result.messages)")
      #expect(result.messages == "")
      let lines = try objects(result.text)
      #expect(lines.first?["type"] as? String == "start" && lines.last?["status"] as? String == "ok")
      let epochs = lines.filter { $0["type"] as? String == "epoch" }
      #expect(epochs.count == 6)
      let best = epochs.compactMap { $0["val_accuracy"] as? Double }.max() ?? 0
      #expect(best > 0.9)
      #expect(folder.names == ["m.keras", "m.report", "train", "validation"])
      let files = try FileManager.default.contentsOfDirectory(atPath: folder["m.report"])
      for name in [
        "report.txt", "report.json", "predictions.csv", "history.csv", "confusion.png", "curves.svg",
        "reliability.png", "mistakes.png", "examples.png",
      ] {
        #expect(files.contains(name), "\(files)")
      }

      // A finished model is judged, not trained over.
      let model = folder.data("m.keras")
      let again = try folder.run(fit("-v validation -e 6 --no-report"))
      #expect(again.status == 0 && again.text.contains("macro avg"))
      #expect(again.text.hasPrefix("m.keras on validation, views single\n\n"), "\(again.text)")
      let text = String(decoding: folder.data("m.report/report.txt"), as: UTF8.self)
      #expect(text.hasPrefix("m.keras on the 45 pictures that it was validated with\n"), "\(text)")
      #expect(
        again.messages.contains("fm-train: m.keras: already finished, so it is only evaluated; --continue"))
      #expect(folder.data("m.keras") == model)

      let evaluation = try objects(
        String(
          decoding: try folder.succeed("fm-train evaluate m.keras validation --json --views single"),
          as: UTF8.self))
      #expect(evaluation.first?["accuracy"] as? Double == best)
      for views in ["flip", "ten-crop"] {
        let text = String(
          decoding: try folder.succeed("fm-train evaluate m.keras validation --views \(views)"), as: UTF8.self
        )
        #expect(text.contains("accuracy"))
      }
      let shown = String(decoding: try folder.succeed("fm-train show m.keras"), as: UTF8.self)
      #expect(shown.contains("Classes: cross, disc, square") && shown.contains("val_accuracy"))

      // Three epochs more, with the optimizer's state.
      let more = try folder.run(fit("-v validation --continue -e 3 --report more.report"))
      #expect(more.status == 0, "\(more.messages)")
      #expect(more.text.contains("epoch 7: ") && more.text.contains("epoch 9: "))
      let table = String(
        decoding: try folder.succeed("fm-train compare m.report more.report -o c.svg"), as: UTF8.self)
      #expect(table.split(separator: "\n").filter { !$0.hasPrefix("*") }.count == 3, "\(table)")
      #expect(folder.exists("c.svg") && !folder.exists("m.keras.checkpoint"))
    }

    /// SIGKILL at moments that a seeded generator chooses.
    @Test func fiveKillsChangeNothing() throws {
      // Long enough that it is not over after five times a quarter of a second.
      let rest =
        "-v validation -e 100 --average 0.95 --flip --rotation 10 --mixup 0.2 --checkpoint-minutes 0.001"
      let whole = try folder.run(fit("\(rest) --no-report", model: "whole.keras"))
      #expect(whole.status == 0, "\(whole.messages)")
      var kills = 0
      var state: UInt64 = 0x5EED
      for _ in 0..<5 {
        let pipe = try folder.start(fit("\(rest) --no-report", model: "parts.keras"))
        // At first until it has got somewhere; a loaded machine takes its time.
        #expect(pipe.wait { folder.exists("parts.keras.checkpoint") })
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        usleep(UInt32(20_000 + (state >> 33) % 230_000))
        pipe.signal(SIGKILL)
        if pipe.finish(within: 10).status == 128 + SIGKILL { kills += 1 }
      }
      #expect(kills == 5, "the training is over too soon to be killed")
      #expect(!folder.exists("parts.keras"))
      let last = try folder.run(fit("\(rest) --no-report", model: "parts.keras"))
      #expect(last.status == 0, "\(last.messages)")
      #expect(folder.data("parts.keras") == folder.data("whole.keras"))
      #expect(!folder.data("whole.keras").isEmpty)
    }

    @Test(arguments: [SIGINT, SIGTERM]) func aSignalLeavesACheckpoint(_ signal: Int32) throws {
      let rest = "-v validation -e 40 --no-report"
      try folder.run(fit(rest, model: "whole.keras"))
      let pipe = try folder.start(fit("\(rest) --checkpoint-minutes 0.0001"))
      #expect(pipe.wait { folder.exists("m.keras.checkpoint") })
      pipe.signal(signal)
      let result = pipe.finish(within: 10)
      #expect(result.status == 128 + signal, "\(result.messages)")
      #expect(result.messages.contains("the same command resumes from it"), "\(result.messages)")
      #expect(!folder.exists("m.keras") && folder.exists("m.keras.checkpoint"))
      // Other hyper-parameters are not mixed in.
      let other = try folder.run(fit("\(rest) --weight-decay 0.1"))
      #expect(other.status == 64)
      #expect(other.messages.contains("weight_decay was null and is 0.1"), "\(other.messages)")
      #expect(other.messages.contains("--restart"))
      // Nor other pictures.
      try FileManager.default.moveItem(atPath: folder["train"], toPath: folder["gone"])
      let gone = try folder.run(fit(rest))
      #expect(gone.status == 74 && gone.messages.contains("m.keras.checkpoint: kept"), "\(gone.messages)")
      // --restart drops it only when the training can start.
      #expect(try folder.run(fit("\(rest) --restart")).status == 74)
      #expect(folder.exists("m.keras.checkpoint"))
      try FileManager.default.moveItem(atPath: folder["gone"], toPath: folder["train"])
      try folder.run(fit(rest))
      #expect(folder.data("m.keras") == folder.data("whole.keras"))
    }

    @Test func noRoomForTheCheckpoint() throws {
      try folder.write("trap '' XFSZ\nulimit -f 8\nexec \"$@\"\n", to: "narrow.sh")
      let result = try folder.run("bash narrow.sh \(Programs.path("fm-train")) \(fit("-e 2").dropFirst(9))")
      #expect(result.status == 74, "\(result.messages)")
      #expect(result.messages.contains("m.keras.checkpoint: writing: File too large"), "\(result.messages)")
      #expect(folder.names.filter { $0.hasPrefix("m.") || $0.hasPrefix(".m") }.isEmpty, "\(folder.names)")
    }

    /// By its bare name, on a processor without bf16 too: `auto` becomes what the model's recipe says.
    @Test func aShippedRecipe() throws {
      let options =
        "--recipe fer2013-fine --architecture compact --filters 4,8 -e 1 --threads 1 --no-report --json -q"
      func precision(_ model: String, _ environment: [String: String]) throws -> String? {
        let result = try folder.run("fm-train \(model) train \(options)", environment: environment)
        #expect(result.status == 0, "\(result.messages)")
        let recipe = try objects(result.text).first?["recipe"] as? [String: Any]
        #expect(recipe?["crop"] as? Int == 44 && recipe?["optimizer"] as? String == "sgd")
        return recipe?["precision"] as? String
      }
      #expect(try precision("narrow.keras", ["DNNL_MAX_CPU_ISA": "AVX2"]) == "f32")
      let here = try precision("m.keras", [:])
      let hasBF16 = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.contains("avx512_bf16")
      #expect(here == (hasBF16 == true ? "bf16" : "f32"))
      let absent = try folder.run("fm-train n.keras train --recipe fer2014")
      #expect(absent.status == 65)
      #expect(absent.messages.contains("fer2014.json: cannot find the recipe"), "\(absent.messages)")
      #expect(absent.messages.contains("recipes found: fer2013, fer2013-fine, ferplus"))
    }

    @Test func aShippedModel() throws {
      let shown = try folder.run("fm-train show ferplus")
      #expect(shown.status == 0 && shown.messages == "", "\(shown.messages)")
      #expect(shown.text.contains("Classes: anger, contempt, disgust, fear"), "\(shown.text)")
      let copied = try folder.run("fm-train export ferplus -o copy.keras")
      #expect(copied.status == 0, "\(copied.messages)")
      #expect(
        try folder.run("fm-train show --json copy.keras").text
          == folder.run("fm-train show --json ferplus").text)
      let trained = try folder.run("fm-train n.keras train --from ferplus -e 1 --threads 1 --no-report")
      #expect(trained.status == 0, "\(trained.messages)")
      // A shipped model is not written over.
      let calibrated = try folder.run("fm-train calibrate ferplus train")
      #expect(calibrated.status == 64 && calibrated.messages.contains("--output"), "\(calibrated.messages)")
      let absent = try folder.run("fm-train show nosuch")
      #expect(absent.status == 65)
      #expect(absent.messages.contains("models found: expressions, ferplus"), "\(absent.messages)")
    }

    @Test func recipesAndOptions() throws {
      try folder.write(
        #"{"architecture":"compact","filters":[4],"size":16,"epochs":2,"seed":5}"#, to: "r.json")
      let result = try folder.run(
        "fm-train m.keras train --recipe r.json -e 1 --threads 1 --no-report --json")
      #expect(result.status == 0, "\(result.messages)")
      let recipe = try objects(result.text).first?["recipe"] as? [String: Any]
      #expect(recipe?["epochs"] as? Int == 1 && recipe?["seed"] as? Int == 5)
      try folder.write(#"{"epocs":2}"#, to: "wrong.json")
      let wrong = try folder.run("fm-train n.keras train --recipe wrong.json")
      #expect(wrong.status == 65)
      #expect(wrong.messages.hasPrefix("fm-train: wrong.json: epocs: "), "\(wrong.messages)")
      // A network from a file, with and without its weights, and of other classes.
      for option in ["", " --from-scratch"] {
        let from = try folder.run(
          "fm-train from.keras train -e 1 --from m.keras\(option) --threads 1 --no-report")
        #expect(from.status == 0, "\(from.messages)")
        try FileManager.default.removeItem(atPath: folder["from.keras"])
      }
      try ShapePictures.write("four", in: folder, count: 4, seed: 3, classes: ["a", "b", "c", "d"])
      for option in ["--from m.keras", "--from m.keras --from-scratch"] {
        let other = try folder.run("fm-train o.keras four \(option) -e 1 --threads 1 --no-report")
        #expect(other.status == 0, "\(other.messages)")
        #expect(
          other.messages.contains("m.keras: has 3 outputs, and the pictures have 4 classes: its last layer"),
          "\(other.messages)")
        let shown = String(decoding: try folder.succeed("fm-train show o.keras"), as: UTF8.self)
        #expect(shown.contains("Classes: a, b, c, d\n") && !shown.contains("\"architecture\""), "\(shown)")
        #expect(shown.contains("\"from\":\"m.keras\""), "\(shown)")
        try FileManager.default.removeItem(atPath: folder["o.keras"])
      }
      let cropped = try folder.run("fm-train o.keras four --from m.keras --crop 12 --size 16")
      #expect(cropped.status == 64 && cropped.messages.contains("16x16"), "\(cropped.messages)")
      let evaluated = try folder.run("fm-train evaluate m.keras four")
      #expect(evaluated.status == 65 && evaluated.messages.contains("\"a\""), "\(evaluated.messages)")
    }

    @Test func wrongCommandLines() throws {
      for rest in [
        "", "m.keras", "m.h5 train", "m.keras train --epochs 0", "m.keras train --learning-rate nan",
        "m.keras train --optimizer lion", "m.keras train --filters 1,x", "m.keras train --dropout 2",
        "m.keras train -v validation --validation-split 0.1", "m.keras train --validation-split 1",
        "m.keras train --votes x", "m.keras train --continue", "m.keras train --continue --restart",
        "m.keras train --report a --no-report", "m.keras train --checkpoint-minutes -1",
        "m.keras train --momentum 0.9", "m.keras train --crop 60",
        "m.keras train --early-stopping 2 --size 48",
        "evaluate m.keras", "evaluate m.keras train --views two", "tune t.keras train", "compare",
        "tune t.keras train -v validation --trials 0", "show", "m.keras train --blur -1",
        "tune t.keras train -v validation --epochs 2 --min-epochs 3", "evaluate m.keras train --blur -1",
      ] {
        let result = try folder.run("fm-train \(rest)".trimmingCharacters(in: .whitespaces))
        #expect(result.status == 64, "\(rest): \(result.messages)")
        #expect(result.output.isEmpty)
        for line in result.messages.split(separator: "\n") {
          #expect(line.hasPrefix("fm-train: "), "\(line)")
        }
      }
      #expect(folder.names == ["train", "validation"])
    }

    @Test(arguments: [
      ("evaluat m.keras validation", Int32(64), "evaluat: no such subcommand; did you mean evaluate?"),
      ("evaluat m.keras validation", 64, "see fm-train --help"),
      ("evaluate m.keras", 64, "see fm-train evaluate --help"),
      ("m.keras train --epochs x", 64, "see fm-train fit --help"),
      ("evaluate m.keras train --blur -1", 64, "--blur must not be negative"),
      ("m.keras train --blur -1", 64, "--blur: must be a number from 0.0 to 1.0"),
      (
        "tune t.keras train -v validation --epochs 2 --min-epochs 3", 64,
        "3 is more than --epochs, which is 2"
      ),
      ("none/m.keras train", 74, "none/m.keras: cannot write: the folder none does not exist"),
      (
        "tune none/m.keras train -v validation", 74,
        "none/m.keras: cannot write: the folder none does not exist"
      ),
    ])
    func mistakesAreToldAtOnce(_ rest: String, _ status: Int32, _ words: String) throws {
      let result = try folder.run("fm-train \(rest)")
      #expect(result.status == status && result.output.isEmpty, "\(result.messages)")
      #expect(result.messages.contains(words), "\(result.messages)")
      #expect(folder.names == ["train", "validation"])
    }
  }
}
