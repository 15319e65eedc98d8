import Checkout
import DetectorFixtures
import Foundation
import Testing

extension ToolTests {
  /// fm-detect with networks: made ones whose answers can be foreseen, and YuNet where the reference data has it.
  @Suite struct DetectNetworkTests {
    let folder: ToolFolder
    let stream: String

    init() throws {
      folder = try ToolFolder()
      stream = folder["in.fm"]
      try folder.write(Data(DetectorFixtures.redCells), to: "red.onnx")
      // A red square that stands still in five frames, and moves in five.
      try folder.succeed(
        "fm-decode --format lavfi color=red:s=16x16:r=10:d=1[r];color=gray:s=96x64:r=10:d=1[g];[g][r]overlay=x=40+8*max(0\\,n-5):y=24,format=yuv420p -o \(stream)"
      )
    }

    private func records(_ command: String, environment: [String: String] = [:]) throws -> StreamRecords {
      let result = try folder.run(command, environment: environment)
      #expect(result.isSuccess, "\(result.messages)")
      return try StreamRecords(result.output, in: folder)
    }

    @Test func facesGoThroughThePipe() throws {
      let found = try records("fm-detect -m red.onnx \(stream)")
      #expect(found.frames.count == 10)
      let face = try #require(found.faces.first?.first)
      #expect((face["score"] as? Double ?? 0) > 0.9 && face["neighbors"] == nil)
      #expect((face["points"] as? [[Double]])?.count == 5 && (face["crop"] as? [Int])?.count == 4)
      let entry = try #require((found.header["history"] as? [[String: Any]])?.last)
      #expect(entry["head"] as? String == "CenterFace" && entry["precision"] as? String == "f32")
      let options = try #require(entry["options"] as? [String: Any])
      #expect(options["min_size"] != nil && options["scale_factor"] == nil, "\(options)")
      #expect((entry["model_sha256"] as? String)?.count == 64 && entry["model"] as? String == "red.onnx")
      // Everything after it leaves points alone, and draws them.
      let named = try records("fm-detect -m red.onnx \(stream) | fm-classify | fm-track")
      for (before, after) in zip(found.faces.joined(), named.faces.joined()) {
        #expect(before["points"] as? [[Double]] == after["points"] as? [[Double]])
        #expect(before["crop"] as? [Int] == after["crop"] as? [Int])
      }
      func drawn(_ options: String) throws -> Data {
        try folder.succeed(
          "fm-detect -m red.onnx \(stream) | fm-annotate --no-labels \(options) --codec rawvideo -f nut -o -")
      }
      #expect(try drawn("--no-boxes") != drawn("--no-boxes --points"))
      let none = try folder.run("fm-detect \(stream) | fm-annotate --points -o a.mkv")
      #expect(none.messages.contains("no face has points"), "\(none.messages)")
    }

    /// Frames that equal the one before have its faces; the bytes are the same for any number of threads.
    @Test func threadsAndRepeatedPictures() throws {
      let one = try folder.succeed("fm-detect -m red.onnx --threads 1 \(stream)")
      let three = try folder.succeed("fm-detect -m red.onnx --threads 3 \(stream)")
      // The first line, with the history, has the arguments.
      #expect(three.drop { $0 != 10 } == one.drop { $0 != 10 })
      let boxes = try StreamRecords(one, in: folder).faces.map { $0.compactMap { $0["box"] as? [Int] } }
      try #require(boxes.count == 10)
      #expect(boxes.allSatisfy { !$0.isEmpty } && Set(boxes[..<5]).count == 1 && boxes[4] != boxes[6])
      #expect(try StreamRecords(one, in: folder).faces.joined().allSatisfy { $0["held"] == nil })
      let every = try records("fm-detect -m red.onnx --every 3 \(stream)").faces
      #expect(
        every.indices.allSatisfy { index in
          every[index].allSatisfy { ($0["held"] != nil) == (index % 3 != 0) }
        })
    }

    /// The detector that comes with the tools finds a face, a tilted one too, where it is, and nothing in noise.
    @Test(.enabled(if: Fixtures.hasPortrait, "no portrait from the Debian package facedetect"))
    func theShippedDetector() throws {
      let text = try folder.run("fm-detect -m faces --describe").text
      #expect(text.contains("47592"), "\(text)")
      for angle in [0, 20] {
        let rotated = "format=gray,rotate=\(angle)*PI/180:fillcolor=gray"
        try folder.succeed(
          "ffmpeg -v error -y -i \(Fixtures.portrait) -vf \(rotated) -frames:v 1 turned.png")
        let faces = try records("fm-decode turned.png | fm-detect -m faces --no-pixels").faces
        try #require(faces.count == 1 && faces[0].count == 1, "\(angle): \(faces)")
        // The face, about the picture's center at any angle up to this one.
        let box = try #require(faces[0][0]["box"] as? [Int])
        let (x, y) = (box[0] + box[2] / 2, box[1] + box[3] / 2)
        #expect((160...340).contains(x) && (60...260).contains(y), "\(angle): \(box)")
        #expect((80...260).contains(box[2]), "\(angle): \(box)")
      }
      let noise = try records(
        "fm-decode --format lavfi nullsrc=s=320x240:r=5:d=1,geq=lum=random(1)*255:cb=128:cr=128 | fm-detect -m faces"
      )
      #expect(noise.faces.count == 5 && noise.faces.allSatisfy(\.isEmpty))
    }

    @Test func namesAndDescriptions() throws {
      let path = ["FM_DETECTOR_PATH": folder.path]
      #expect(try records("fm-detect -m red \(stream)", environment: path).faces.joined().count > 0)
      let text = try folder.run("fm-detect -m red --describe", environment: path).text
      for part in ["CenterFace", "Sigmoid", "heat", "any size"] { #expect(text.contains(part), "\(text)") }
      // A folder that is here is no network, nor a model.
      for name in ["red", "ferplus"] {
        try FileManager.default.createDirectory(atPath: folder[name], withIntermediateDirectories: true)
      }
      #expect(try folder.run("fm-detect -m red --describe", environment: path).isSuccess)
      #expect(try folder.run("fm-classify -m ferplus --describe").isSuccess)
      let missing = try folder.run("fm-detect -m yunet \(stream)")
      #expect(missing.status == 65 && missing.messages.contains("opencv_zoo"), "\(missing.messages)")
    }

    /// fm-train quantize adds a note to the file and changes nothing else; in place it replaces its own.
    @Test func quantizedONNX() throws {
      try FileManager.default.createDirectory(atPath: folder["p"], withIntermediateDirectories: true)
      for index in 0..<4 {
        var picture = Data("P6\n96 64\n255\n".utf8)
        for place in 0..<(96 * 64) {
          let isRed = (8 * index..<(8 * index + 16)).contains(place % 96) && (24..<40).contains(place / 96)
          picture += isRed ? [255, 0, 0] : [120, 120, 120]
        }
        try folder.write(picture, to: "p/\(index).ppm")
      }
      try folder.write("no picture", to: "p/x.png")
      let made = try folder.run("fm-train quantize red.onnx -o new.onnx --calibration p --pictures 3")
      #expect(made.isSuccess && made.text.contains("100.0 % kept"), "\(made.text)\(made.messages)")
      #expect(made.messages.contains("x.png") && made.messages.contains("skipped"), "\(made.messages)")
      let (old, new) = (folder.data("red.onnx"), folder.data("new.onnx"))
      #expect(new.starts(with: old) && new.count > old.count)
      try folder.succeed("fm-train quantize -q new.onnx --calibration p --pictures 3")
      #expect(folder.data("new.onnx") == new)
      let boxes = try records("fm-detect -m red.onnx \(stream)").faces.map {
        $0.compactMap { $0["box"] as? [Int] }
      }
      for precision in ["int8", "auto"] {
        let found = try records("fm-detect -m new.onnx --precision \(precision) \(stream)").faces
        #expect(found.map { $0.compactMap { $0["box"] as? [Int] } } == boxes)
      }
      for (options, status, text) in [
        ("red.onnx -o new.keras --calibration p", Int32(64), ".onnx"),
        ("red.onnx -o none/new.onnx --calibration p", 74, "none"),
        ("red.onnx --calibration absent", 74, "absent"),
        ("red.onnx --classes a,b --calibration p", 64, "--classes"),
        ("red.onnx --max-side -1 --calibration p", 64, "--max-side"),
      ] {
        let result = try folder.run("fm-train quantize \(options)")
        #expect(result.status == status && result.messages.contains(text), "\(options): \(result.messages)")
      }
      #expect(folder.data("red.onnx") == old)
      let refused = try folder.run("fm-detect -m red.onnx --precision int8 \(stream)")
      #expect(refused.status == 65 && refused.messages.contains("fm-train quantize"), "\(refused.messages)")
    }

    @Test func whatCannotBe() throws {
      try folder.write(Data(DetectorFixtures.noDetector), to: "other.onnx")
      try folder.write(Data(DetectorFixtures.redCells.dropLast(40)), to: "cut.onnx")
      for (options, status, text) in [
        ("-m other.onnx", 65, "probabilities [1, 7"), ("-m cut.onnx", 65, "cut.onnx"),
        ("-m none.onnx", 74, "none.onnx"),
        ("-m red.onnx -c frontalface_alt", 64, "--cascade"),
        ("-m red.onnx --min-neighbors 1", 64, "for cascades"),
        ("--min-score 0.5", 64, "--model"), ("-m red.onnx --min-score 1.5", 64, "--min-score"),
        ("-m red.onnx --max-side -1", 64, "--max-side"), ("-m red.onnx --nms nan", 64, "--nms"),
        ("--describe", 64, "--model"),
      ] {
        let result = try folder.run("fm-detect \(options) \(stream)")
        #expect(
          Int(result.status) == status && result.messages.contains(text),
          "\(options): \(result.status) \(result.messages)")
        #expect(result.output.isEmpty)
      }
    }

    @Test(arguments: ["1x1", "3000x20"]) func oddPictures(size: String) throws {
      let result = try folder.run(
        "fm-decode --format lavfi color=red:s=\(size):r=1:d=1,format=rgb24 | fm-detect -m red.onnx --max-side 0 --no-pixels"
      )
      #expect(result.isSuccess, "\(result.messages)")
    }

    /// What OpenCV 4.14's FaceDetectorYN returned for pictures that both decode to the same pixels.
    @Test(
      .enabled(
        if: access(Checkout.shared.path + "/golden/yunet/boxes.ndjson", R_OK) == 0, "needs the reference data"
      ))
    func facesOfOpenCV() throws {
      let shared = Checkout.shared.path
      let lines = try String(contentsOfFile: shared + "/golden/yunet/boxes.ndjson", encoding: .utf8)
      let wanted = try lines.split(separator: "\n").compactMap {
        try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
      }
      let model = "\(shared)/models/yunet_n_640_640.onnx"
      for threshold in [0.6, 0.9] {
        // Smaller ones: a debug build takes seconds for each of the others.
        let cases = wanted.filter {
          $0["score_threshold"] as? Double == threshold
            && ($0["picture"] as? String)?.hasSuffix(".png") == true
            && ($0["width"] as? Int ?? .max) * ($0["height"] as? Int ?? 0) < 300_000
        }
        #expect(cases.count > 10)
        let pictures = cases.map { "\(shared)/\($0["picture"] as? String ?? "")" }.joined(separator: " ")
        let found = try records(
          "fm-decode -q \(pictures) | fm-detect -m \(model) --max-side 0 --min-score \(threshold) --no-pixels"
        )
        #expect(found.faces.count == cases.count)
        for (faces, wanted) in zip(found.faces, cases) {
          let others = wanted["faces"] as? [[String: Any]] ?? []
          #expect(faces.count == others.count, "\(wanted["picture"] ?? "")")
          for (face, other) in zip(faces, others) {
            func numbers(_ face: [String: Any]) -> [Double] {
              let points =
                (face["points"] as? [[Double]])?.flatMap { $0 } ?? face["points"] as? [Double] ?? []
              return (face["box"] as? [Double] ?? []) + points
            }
            let distance = zip(numbers(face), numbers(other)).map { abs($0 - $1) }.max() ?? .infinity
            #expect(
              distance <= 1 && numbers(face).count == 14, "\(wanted["picture"] ?? ""): \(face) \(other)")
            let scores = (face["score"] as? Double ?? 0) - (other["score"] as? Double ?? 1)
            #expect(abs(scores) <= 1e-3)
          }
        }
      }
    }
  }
}
