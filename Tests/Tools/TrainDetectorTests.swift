import Foundation
import Testing

extension TrainingToolTests {
  /// fm-train detector, fm-train evaluate --boxes and fm-detect with what they wrote: bright squares on noise.
  struct TrainDetectorTests {
    private static let options =
      "--objects crops --backgrounds grounds --filters 4,6,8 --residuals 0 --held-out 4 --learning-rate 0.01 "
      + "--batch-size 8 --trial-canvases 24 --threads 1"
    let folder: ToolFolder

    init() throws {
      folder = try ToolFolder()
      for name in ["crops", "grounds", "pictures"] {
        try FileManager.default.createDirectory(atPath: folder[name], withIntermediateDirectories: true)
      }
      for index in 0..<8 {
        try folder.write(
          Self.picture(24, 24) { x, y in min(x, y, 23 - x, 23 - y) < 3 ? 10 : 220 + index },
          to: "crops/\(index).pgm")
        // Stripes and checks: pictures that are alike are left out.
        try folder.write(
          Self.picture(160, 128) { x, y in
            80 + 40 * (index < 4 ? (x >> (index + 3)) & 1 : (x >> index ^ y >> 3) & 1)
          }, to: "grounds/\(index).pgm")
      }
      var boxes = "file,x,y,width,height\n"
      for index in 0..<4 {
        let (left, top, side) = (30 + 20 * index, 25 + 10 * index, 24 + 6 * index)
        try folder.write(
          Self.picture(160, 128) { x, y in
            let (x, y) = (x - left, y - top)
            guard (0..<side).contains(x), (0..<side).contains(y) else { return 90 }
            return min(x, y, side - 1 - x, side - 1 - y) < side / 8 ? 10 : 225
          }, to: "pictures/\(index).pgm")
        boxes += "\(index).pgm,\(left),\(top),\(side),\(side)\n"
      }
      try folder.write(boxes, to: "boxes.csv")
    }

    /// Gray levels with some noise on them.
    private static func picture(_ width: Int, _ height: Int, _ level: (Int, Int) -> Int) -> Data {
      var state = UInt64(width * height) | 1
      var data = Data("P5\n\(width) \(height)\n255\n".utf8)
      for place in 0..<(width * height) {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        data.append(UInt8(level(place % width, place / width) + Int(state >> 60)))
      }
      return data
    }

    private func train(_ rest: String, _ model: String = "m.keras") -> String {
      "fm-train detector \(model) \(Self.options) \(rest)"
    }

    @Test func fromCropsToFaces() throws {
      let result = try folder.run(
        train("--steps 80 --epochs 2 --json --review sheet.png -v pictures --boxes boxes.csv"))
      #expect(result.status == 0 && result.messages == "", "\(result.messages)")
      let lines = result.text.split(separator: "\n").compactMap {
        try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
      }
      let epochs = lines.filter { $0["type"] as? String == "epoch" }
      #expect(epochs.count == 2 && lines.last?["status"] as? String == "ok")
      #expect((epochs.last?["average_precision"] as? Double ?? 0) > 0.7, "\(epochs)")
      #expect(folder.exists("sheet.png") && folder.exists("sheet.csv"))
      #expect(folder.exists("m.report/report.json") && folder.exists("m.report/report.txt"))
      #expect(!folder.exists("m.keras.checkpoint"))

      // It is measured as it was in training, and finds the squares in a stream.
      let report = try JSONSerialization.jsonObject(
        with: folder.succeed(
          "fm-train evaluate m.keras pictures --boxes boxes.csv --turn 10 --json --report again.report"))
      let angles = (report as? [String: Any])?["angles"] as? [[String: Any]] ?? []
      #expect(angles.map { $0["degrees"] as? Double } == [0, 10])
      #expect(angles.first?["objects"] as? Int == 4)
      #expect((angles.first?["average_precision"] as? Double ?? 0) > 0.7, "\(angles)")
      for name in [
        "again.report/recall.svg", "again.report/misses.png", "m.report/false-finds.png",
        "m.report/curves.svg",
      ] {
        #expect(folder.exists(name), "\(name)")
      }
      let found = try StreamRecords(
        try folder.succeed("fm-decode pictures | fm-detect -m m.keras --min-score 0.04"), in: folder)
      #expect(found.faces.count(where: { !$0.isEmpty }) >= 3)
      let text = try folder.run("fm-detect -m m.keras --describe").text
      for part in ["pyramid", "any size", "Stride: 8", "Object: face", "calibrated"] {
        #expect(text.contains(part), "\(text)")
      }

      // A copy in 16 bits is half as large, and finds the same.
      try folder.succeed("fm-train export m.keras -o half.keras --half")
      #expect(folder.data("half.keras").count < folder.data("m.keras").count)
      #expect(try folder.run("fm-train show half.keras").text.contains("\"object\":\"face\""))
      let half = try StreamRecords(
        try folder.succeed("fm-decode pictures | fm-detect -m half.keras --min-score 0.04"), in: folder)
      #expect(half.faces.map(\.count) == found.faces.map(\.count))

      // In 8-bit integers it finds nearly the same; the file says how nearly, and auto goes by that.
      let refused = try folder.run("fm-decode pictures | fm-detect -m m.keras --precision int8 -o none.fm")
      #expect(refused.status == 65 && refused.messages.contains("fm-train quantize"), "\(refused.messages)")
      let table = try folder.run(
        "fm-train quantize m.keras -o m8.keras --calibration pictures --min-score 0.04")
      #expect(table.isSuccess && table.text.contains("kept"), "\(table.text)\(table.messages)")
      let bytes = try StreamRecords(
        try folder.succeed("fm-decode pictures | fm-detect -m m8.keras --precision int8 --min-score 0.04"),
        in: folder)
      #expect(bytes.faces.count(where: { !$0.isEmpty }) >= 3)
      let entry = (bytes.header["history"] as? [[String: Any]])?.last
      #expect(entry?["precision"] as? String == "int8")
      #expect(try folder.run("fm-detect -m m8.keras --describe").text.contains("from 4 pictures; int8 keeps"))
      #expect(
        try folder.run("fm-train evaluate m8.keras pictures --boxes boxes.csv --precision int8").isSuccess)
      #expect(
        try folder.run("fm-train quantize m8.keras --calibration pictures --input-scale 2").status == 64)

      // A finished detector is not trained over; a classifier is none.
      let finished = try folder.run(train("--steps 80 --epochs 2"))
      #expect(finished.status == 64 && finished.messages.contains("--restart"), "\(finished.messages)")
      #expect(try folder.run("fm-train evaluate m.keras pictures").status == 65)
    }

    /// A training may start from a file or from the detector that comes with the tools, with its network.
    @Test func startsFromAnother() throws {
      try folder.succeed(train("--steps 2 --epochs 1 --no-report", "first.keras"))
      let options =
        "--objects crops --backgrounds grounds --held-out 4 --steps 1 --epochs 1 --no-report --threads 1"
      for (from, filters) in [("first.keras", "4,6,8"), ("faces", "12,20,40")] {
        try folder.succeed("fm-train detector next.keras --from \(from) \(options)")
        let text = try folder.run("fm-train show next.keras").text
        #expect(text.contains("\"filters\":[\(filters)]") && text.contains("from_sha256"), "\(text)")
        try FileManager.default.removeItem(atPath: folder["next.keras"])
      }
      let named = try folder.run(
        "fm-train detector next.keras --from first \(options)",
        environment: ["FM_DETECTOR_PATH": folder.path])
      #expect(named.status == 0, "\(named.messages)")
      try FileManager.default.removeItem(atPath: folder["next.keras"])
      let refusals = [
        ("next.keras --from first.keras --filters 4,6,9", 64, "filters"),
        ("next.keras --from first.keras --snapshot first.keras", 64, "written over"),
        ("first.keras --from first.keras --restart", 64, "written over"),
        ("next.keras --from pictures/0.pgm", 65, "0.pgm"),
        ("next.keras --from nobody", 65, "set FM_DETECTOR_PATH"),
      ]
      for (rest, status, part) in refusals {
        let result = try folder.run("fm-train detector \(rest) \(options)")
        #expect(result.status == status && result.messages.contains(part), "\(result.messages)")
      }
      #expect(!folder.exists("next.keras"))
    }

    @Test func killsChangeNothing() throws {
      let rest = "--steps 15 --epochs 3 --no-report --checkpoint-minutes 0.0001"
      let whole = try folder.run(train(rest, "whole.keras"))
      #expect(whole.status == 0, "\(whole.messages)")
      var kills = 0
      for turn in 0..<5 {
        let pipe = try folder.start(train(rest, "parts.keras"))
        #expect(pipe.wait { folder.exists("parts.keras.checkpoint") })
        usleep(UInt32(15_000 * (turn + 1)))
        pipe.signal(SIGKILL)
        if pipe.finish(within: 10).status == 128 + SIGKILL { kills += 1 }
        if folder.exists("parts.keras") { break }
      }
      #expect(kills >= 2, "the training is over too soon to be killed")
      let last = try folder.run(train(rest, "parts.keras"))
      #expect(last.status == 0 || folder.exists("parts.keras"), "\(last.messages)")
      #expect(folder.data("parts.keras") == folder.data("whole.keras") && !folder.data("whole.keras").isEmpty)
    }

    @Test func whatCannotBe() throws {
      try FileManager.default.createDirectory(atPath: folder["empty"], withIntermediateDirectories: true)
      try FileManager.default.createDirectory(atPath: folder["small"], withIntermediateDirectories: true)
      try folder.write(Self.picture(60, 60) { x, y in x + y }, to: "small/a.pgm")
      try folder.write("file,x,y,width\n", to: "bad.csv")
      try folder.write("file,x,y,width,height\nnone.pgm,1,2,3,4\n", to: "absent.csv")
      let pictures = "--objects crops --backgrounds grounds"
      for (command, status, text) in [
        ("m.keras --objects empty --backgrounds grounds", 65, "empty"),
        ("m.keras --objects crops --backgrounds empty", 65, "empty"),
        ("m.keras --objects crops --backgrounds small", 65, "small"),
        ("m.keras --objects none --backgrounds grounds", 74, "none"),
        ("m.keras --objects crops/0.pgm --backgrounds grounds", 65, "crops/0.pgm"),
        ("m.h5 \(pictures)", 64, "does not end in .keras"),
        ("m.keras \(pictures) -v pictures", 64, "--boxes"),
        ("m.keras \(pictures) -v pictures --boxes bad.csv", 65, "bad.csv"),
        ("m.keras \(pictures) -v pictures --boxes absent.csv", 65, "none.pgm"),
        ("m.keras \(pictures) --filters 1,2", 64, "filters"),
        ("m.keras \(pictures) --epochs 0", 64, "epochs"),
        ("m.keras \(pictures) --learning-rate -1", 64, "rate"),
        ("m.keras \(pictures) --review sheet.gif", 64, ".png"),
        ("m.keras \(pictures) --leave-out bad.csv", 65, "bad.csv"),
        ("none/m.keras \(pictures)", 74, "none/m.keras"),
      ] {
        let result = try folder.run("fm-train detector \(command) --threads 1")
        #expect(
          Int(result.status) == status && result.messages.contains(text),
          "\(command): \(result.status) \(result.messages)")
        #expect(!folder.exists("m.keras") && !folder.exists("m.keras.checkpoint"))
      }
      for (command, status, text) in [
        ("none.keras pictures --boxes boxes.csv", 74, "none.keras"),
        ("pictures --boxes boxes.csv", 64, "missing"), ("a.keras pictures --turn 10,20", 64, "--boxes"),
        ("-c frontalface_alt a pictures --boxes boxes.csv", 64, "--cascade"),
        ("-c none pictures --boxes boxes.csv", 65, "none"),
        ("a.keras pictures --boxes boxes.csv --turn x", 64, "turn"),
        ("a.keras pictures --boxes boxes.csv --overlap 0", 64, "--overlap"),
      ] {
        let result = try folder.run("fm-train evaluate \(command)")
        #expect(
          Int(result.status) == status && result.messages.contains(text),
          "\(command): \(result.status) \(result.messages)")
      }
      // One that neither comes with the tools nor is in the folders that are searched.
      let absent = try folder.run("fm-detect -m absent", environment: ["FM_DETECTOR_PATH": folder["empty"]])
      #expect(
        absent.status == 65 && absent.messages.contains("set FM_DETECTOR_PATH"), "\(absent.messages)")
    }
  }
}
