import Checkout
import Foundation
import ONNXParts
import Testing

extension ToolTests {
  /// fm-classify's answers: how many, how sure, in which numbers, computed in which company; and fm-train quantize.
  @Suite(.enabled(if: Fixtures.hasPortrait))
  struct ClassifyTests {
    let folder: ToolFolder
    let stream: String

    init() throws {
      folder = try ToolFolder()
      stream = folder["found.fm"]
      try folder.succeed("fm-decode \(Fixtures.face) | fm-detect --min-neighbors 0 -o \(stream)")
    }

    private func records(_ command: String) throws -> StreamRecords {
      try StreamRecords(try folder.succeed(command), in: folder)
    }

    private static var model: String {
      Checkout.root.appendingPathComponent("Sources/fm-classify/Models/expressions.keras").path
    }

    @Test func topKeepsTheBestInOrder() throws {
      let all = try records("fm-classify \(stream)").faces.joined().map { $0 }
      let text = String(
        decoding: try folder.succeed("fm-classify --top 2 --no-pixels \(stream)"), as: UTF8.self)
      let some = try records("fm-classify --top 2 \(stream)").faces.joined().map { $0 }
      #expect(all.count == some.count && !all.isEmpty)
      for (face, short) in zip(all, some) {
        let scores = try #require(face["scores"] as? [String: Double])
        let best = try #require(short["scores"] as? [String: Double])
        #expect(best.count == 2)
        #expect(Set(best.values) == Set(scores.values.sorted().suffix(2)))
        #expect(face["expression"] as? String == short["expression"] as? String)
        // In the text, the expression's own score comes first.
        #expect(text.contains("\"scores\":{\"\(try #require(short["expression"] as? String))\":"))
      }
      #expect(
        try records("fm-classify --top 99 \(stream)").faces.joined().allSatisfy {
          ($0["scores"] as? [String: Any])?.count == 7
        })
      for wrong in ["--top 0", "--top x", "--latency -1", "--latency 65"] {
        #expect(try folder.run("fm-classify \(wrong) \(stream)").status == 64, "\(wrong)")
      }
    }

    /// An ONNX network names no classes; channels first or last, its batch fixed or free, it answers the same.
    @Test func networksInONNX() throws {
      func write(_ name: String, _ shape: [Int?], _ operators: (inout ONNXParts) -> Void) throws {
        var parts = ONNXParts()
        parts.input("pixels", shape)
        parts.output("scores")
        operators(&parts)
        try Data(parts.file()).write(to: URL(fileURLWithPath: folder[name]))
      }
      let weights = (0..<48).map { Float($0 % 7) / 2000 - 0.001 }
      func head(_ parts: inout ONNXParts, _ picture: String) {
        let (kernel, matrix) = (
          parts.constant([3, 1, 4, 4], weights), parts.constant([3, 2], [1, 2, -1, 0, 2, 1])
        )
        parts.node("Conv", [picture, kernel], ["c"], name: "features")
        parts.node("GlobalAveragePool", ["c"], ["g"])
        parts.node("Flatten", ["g"], ["f"])
        parts.node("MatMul", ["f", matrix], ["m"])
        parts.node("Softmax", ["m"], ["scores"])
      }
      try write("first.onnx", [3, 1, 12, 12]) { head(&$0, "pixels") }
      try write("last.onnx", [nil, 12, 12, 1]) { parts in
        parts.node("Transpose", ["pixels"], ["t"], ["perm": .integers([0, 3, 1, 2])])
        head(&parts, "t")
      }
      var answers: [[[String: Double]]] = []
      for name in ["first.onnx", "last.onnx"] {
        let faces = try records("fm-classify -m \(name) --classes calm,upset --input-scale 1 \(stream)").faces
          .joined()
        answers.append(try faces.map { try #require($0["scores"] as? [String: Double]) })
        #expect(
          faces.count > 2 && faces.allSatisfy { ["calm", "upset"].contains($0["expression"] as? String) })
      }
      #expect(answers[0] == answers[1])
      let described = String(
        decoding: try folder.succeed("fm-classify --describe --input-scale 1 -m last.onnx"), as: UTF8.self)
      #expect(described.contains("Input: 12x12 gray") && described.contains("Classes: 2, unnamed"))

      try write("odd.onnx", [1, 1, 12, 12]) { $0.node("GridSample", ["pixels"], ["scores"], name: "warp") }
      for (arguments, words) in [
        ("-m odd.onnx", ["odd.onnx", "warp", "GridSample"]), ("-m first.onnx", ["--classes"]),
        ("-m first.onnx --classes a,b,c", ["3 given", "2 outputs"]),
      ] {
        let result = try folder.run("fm-classify \(arguments) -o none.fm \(stream)")
        #expect(result.status == 65 && !folder.exists("none.fm"), "\(arguments): \(result.messages)")
        for word in words { #expect(result.messages.contains(word), "\(arguments): \(result.messages)") }
      }
      let training = try folder.run("fm-train evaluate first.onnx .")
      #expect(training.status == 65 && training.messages.contains("ONNX"), "\(training.messages)")
    }

    @Test func facesBelowTheMinimumHaveNoExpression() throws {
      let all = try records("fm-classify \(stream)").faces.joined().map { $0 }
      let confidences = all.compactMap { $0["confidence"] as? Double }.sorted()
      try #require(confidences.count > 2)
      let bound = confidences[confidences.count / 2]
      let some = try records("fm-classify --min-confidence \(bound) \(stream)").faces.joined().map { $0 }
      try #require(all.count == some.count)
      for (face, bounded) in zip(all, some) {
        let confidence = try #require(face["confidence"] as? Double)
        #expect(bounded["confidence"] as? Double == confidence)
        #expect(bounded["scores"] as? [String: Double] == face["scores"] as? [String: Double])
        if confidence < bound {
          #expect(bounded["expression"] is NSNull)
        } else {
          #expect(bounded["expression"] as? String == face["expression"] as? String)
        }
      }
      let same = try records("fm-classify --min-confidence 0 --top 1 \(stream)").faces.joined()
      #expect(same.allSatisfy { $0["expression"] is String })
      for wrong in ["-0.1", "1.5", "nan", "x", "80%"] {
        let result = try folder.run("fm-classify --min-confidence \(wrong) \(stream)")
        #expect(result.status == 64, "\(wrong): \(result.messages)")
        #expect(result.output.isEmpty)
      }
    }

    /// What has no expression is drawn as what was never classified: a gray box, or a cell without text.
    @Test func noExpressionNoLabel() throws {
      try folder.succeed("fm-classify --min-confidence 1 -o none.fm \(stream)")
      try folder.succeed("fm-classify -o named.fm \(stream)")
      for (name, options) in [("box-%d.png", ""), ("sheet.png", "--sheet 9x9 ")] {
        for source in ["found", "none", "named"] {
          // A full sheet is worth a warning.
          #expect(try folder.run("fm-annotate \(options)-o \(source)-\(name) \(source).fm").status == 0)
        }
        let first = name.replacingOccurrences(of: "%d", with: "1")
        let drawn = folder.data("found-\(first)")
        #expect(!drawn.isEmpty && folder.data("none-\(first)") == drawn, "\(name)")
        #expect(folder.data("named-\(first)") != drawn, "\(name)")
      }
    }

    /// Another model's names are not replaced without a word, and that is one.
    @Test func anotherNameIsTold() throws {
      try folder.succeed("fm-classify -o named.fm \(stream)")
      try folder.succeed("fm-classify --no-pixels named.fm")
      let crowd = Self.model.replacingOccurrences(of: "expressions.keras", with: "ferplus.keras")
      let result = try folder.run("fm-classify --no-pixels -m \(crowd) named.fm")
      #expect(result.status == 0)
      let lines = result.messages.split(separator: "\n")
      #expect(lines.count == 1 && lines[0].contains("is classified again"), "\(result.messages)")
      #expect(try folder.run("fm-classify -q --no-pixels -m \(crowd) named.fm").messages == "")
    }

    /// fm-track smooths the labels that are there: those that come after it are not smoothed, which is said.
    @Test func trackedTooEarlyIsTold() throws {
      try folder.succeed("fm-track -o followed.fm \(stream)")
      let result = try folder.run("fm-classify --no-pixels followed.fm")
      #expect(result.status == 0)
      #expect(result.messages.contains("fm-track ran before fm-classify"), "\(result.messages)")
      let other = try folder.run("fm-classify \(stream) | fm-track --no-pixels")
      #expect(!other.messages.contains("ran before"), "\(other.messages)")
    }

    /// Every face's answer is its own, whatever others are computed with it.
    @Test func theSameBytesForAnyLatencyAndThreads() throws {
      func faces(_ options: String) throws -> [String] {
        String(decoding: try folder.succeed("fm-classify --no-pixels \(options) \(stream)"), as: UTF8.self)
          .split(separator: "\n").dropFirst().map(String.init)
      }
      let alone = try faces("--latency 0 --threads 1")
      #expect(alone.contains { $0.contains("\"confidence\"") })
      for options in ["--latency 0", "--latency 1", "--latency 7", "--latency 64 --threads 2", "--threads 3"]
      {
        #expect(try faces(options) == alone, "\(options)")
      }
    }

    @Test func historyTellsTheModel() throws {
      let header = String(
        decoding: try folder.succeed("fm-classify --no-pixels --precision f32 --margin 0.25 \(stream)"),
        as: UTF8.self
      ).split(separator: "\n")[0]
      for part in [
        #""model":""#, "expressions.keras\"", #""precision":"f32""#, #""input":"44x44x1""#,
        #""margin":0.25"#, #""standardize":true"#, #""views":"flip""#, #""temperature":"#,
        #""classes":"angry,"#, #""model_sha256":""#,
        #""onednn":""#,
        #""options":{"precision":"f32","margin":0.25,"#, #""latency":7"#,
      ] { #expect(header.contains(part), "\(part)") }
    }

    /// The mean of a face and its mirror image, unless the face alone is asked for.
    @Test func facesAreSeenTwice() throws {
      func confidences(_ options: String) throws -> [Double] {
        try records("fm-classify \(options) \(stream)").faces.joined().compactMap {
          $0["confidence"] as? Double
        }
      }
      let flip = try confidences("")
      #expect(try !flip.isEmpty && confidences("--views flip") == flip)
      #expect(try confidences("--views single") != flip)
      for wrong in ["--views ten-crop", "--views two"] {
        #expect(try folder.run("fm-classify \(wrong) \(stream)").status == 64, "\(wrong)")
      }
      // A model of an older version was calibrated for single views.
      let old = folder["old.keras"]
      try folder.write(Self.without("temperature_flip"), to: "strip.py")
      try folder.succeed("python3 \(folder["strip.py"]) \(Self.model) \(old)")
      let result = try folder.run("fm-classify --no-pixels -m \(old) \(stream)")
      #expect(result.status == 0)
      #expect(result.messages.split(separator: "\n").count == 1, "\(result.messages)")
      #expect(result.messages.contains("measured with --views single"), "\(result.messages)")
      #expect(try folder.run("fm-classify --no-pixels --views single -m \(old) \(stream)").messages == "")
    }

    /// A program that copies a model file without a key of its fm.json.
    private static func without(_ key: String) -> String {
      """
      import json, sys, zipfile
      source, target = zipfile.ZipFile(sys.argv[1]), zipfile.ZipFile(sys.argv[2], 'w')
      for name in source.namelist():
          data = source.read(name)
          if name == 'fm.json':
              data = json.loads(data)
              data.pop('\(key)')
              data = json.dumps(data)
          target.writestr(name, data)
      target.close()
      """
    }

    @Test func precisionsThatCannotBe() throws {
      // The shipped model's calibration is for its own scale and offset.
      let other = try folder.run("fm-classify --precision int8 --input-scale 0.5 \(stream)")
      #expect(other.status == 65 && other.messages.contains("scale"), "\(other.messages)")
      let bare = folder["bare.keras"]
      try folder.write(Self.without("calibration"), to: "strip.py")
      try folder.succeed("python3 \(folder["strip.py"]) \(Self.model) \(bare)")
      let int8 = try folder.run("fm-classify --precision int8 -m \(bare) \(stream)")
      #expect(int8.status == 65 && int8.messages.contains("fm-train quantize"), "\(int8.messages)")
      // Where oneDNN is kept from AVX-512 there is no bfloat16, on any machine.
      let bf16 = try folder.run(
        "fm-classify --precision bf16 \(stream)", environment: ["DNNL_MAX_CPU_ISA": "AVX2"])
      #expect(bf16.status == 1)
      #expect(bf16.messages.contains("bfloat16"), "\(bf16.messages)")
      #expect(try folder.run("fm-classify \(stream)", environment: ["DNNL_MAX_CPU_ISA": "AVX2"]).status == 0)
    }

    @Test func quantizeMakesAModelForIntegers() throws {
      // Folders of classes, pictures of the moving face.
      for name in ["happy", "neutral", "not a class"] {
        try FileManager.default.createDirectory(
          atPath: folder["faces/\(name)"], withIntermediateDirectories: true)
      }
      for (index, name) in ["happy", "neutral", "neutral"].enumerated() {
        let picture = folder["faces/\(name)/\(index).png"]
        try FileManager.default.copyItem(atPath: Fixtures.facePicture, toPath: picture)
      }
      try folder.write("no picture", to: "faces/happy/broken.png")
      let output = folder["calibrated.keras"]
      let run = try folder.run(
        "fm-train quantize \(Self.model) -o \(output) --calibration \(folder["faces"])")
      #expect(run.status == 0, "\(run.messages)")
      #expect(run.messages.contains("broken.png") && run.messages.contains("not a class"), "\(run.messages)")
      #expect(run.text.contains("accuracy on 3 pictures") && run.text.contains("int8"), "\(run.text)")
      let float = try records("fm-classify --precision f32 -m \(output) \(stream)").faces.joined()
      let integer = try records("fm-classify --precision int8 -m \(output) \(stream)").faces.joined()
      let same = zip(float, integer).filter { $0["expression"] as? String == $1["expression"] as? String }
        .count
      #expect(same * 10 >= float.count * 7, "\(same) of \(float.count)")
      #expect(
        float.count > 0
          && zip(float, integer).contains {
            $0["confidence"] as? Double != $1["confidence"] as? Double
          })
      #expect(
        String(decoding: try folder.succeed("fm-classify --describe -m \(output)"), as: UTF8.self)
          .contains("Accuracy: f32"))
      // Once more, onto itself: the same bytes.
      let before = folder.data("calibrated.keras")
      _ = try folder.run("fm-train quantize -q \(output) --calibration \(folder["faces"])")
      #expect(folder.data("calibrated.keras") == before)
      let plain = try folder.run(
        "fm-train quantize \(Self.model) -o \(output) --calibration \(folder["faces/happy"])")
      #expect(plain.status == 0 && plain.text.contains("no accuracy measured"), "\(plain.text)")
      for wrong in [
        ("fm-train quantize \(Self.model) -o \(output) --calibration \(folder["absent"])", Int32(74)),
        ("fm-train quantize \(Self.model) -o \(output) --calibration \(folder.path)", 65),
        ("fm-train quantize \(Self.model) -o \(output)", 64),
        ("fm-train quantize model.h5 --calibration \(folder["faces"])", 64),
      ] { #expect(try folder.run(wrong.0).status == wrong.1, "\(wrong.0)") }
    }
  }
}
