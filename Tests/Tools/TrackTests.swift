import Foundation
import Testing

extension ToolTests {
  /// fm-track on streams made here: numbers, filled faces, labels, and what it must pass on.
  struct TrackTests {
    let folder: ToolFolder

    init() throws { folder = try ToolFolder() }

    /// A person who walks to the right, found in all frames but those of `missing`, at 25 frames a second.
    private func stream(
      frames: Int = 30, missing: Range<Int> = 10..<14, hasPixels: Bool = false, isLive: Bool = false,
      faceFields: (Int) -> String = { _ in "" }, label: (Int) -> String? = { _ in nil }, ending: String? = nil
    ) -> Data {
      var data = Data()
      func line(_ text: String) { data += Data((text + "\n").utf8) }
      let live = isLive ? #""live":true,"# : ""
      line(
        #"{"fm":1,"type":"stream",\#(live)"video":{"width":64,"height":48,"pixel_format":"gray","time_base":[1,25]}}"#
      )
      for frame in 0..<frames {
        let face = #"{"box":[\#(frame),10,20,20]\#(faceFields(frame))}"#
        line(
          #"{"type":"frame","seq":\#(frame),"pts":\#(frame),"time":\#(Double(frame) / 25),"width":64,"height":48,"#
            + #""pixel_format":"gray","faces":[\#(missing.contains(frame) ? "" : face)]"#
            + (label(frame).map { #","label":"\#($0)""# } ?? "") + (hasPixels ? #","bytes":3072}"# : "}"))
        if hasPixels {
          data += Data((0..<3072).map { UInt8(truncatingIfNeeded: ($0 % 64 - frame) * 11) }) + Data("\n".utf8)
        }
      }
      line(ending ?? #"{"type":"end","frames":\#(frames),"status":"ok"}"#)
      return data
    }

    private func faces(_ options: String = "", _ data: Data) throws -> [[[String: Any]]] {
      try StreamRecords(try folder.succeed("fm-track\(options)", data: data), in: folder).faces
    }

    @Test func gapIsFilledAndMarked() throws {
      let found = try faces("", stream())
      #expect(found.allSatisfy { $0.count == 1 && $0[0]["id"] as? Int == 1 })
      for (frame, faces) in found.enumerated() {
        #expect(faces[0]["filled"] as? Bool == ((10..<14).contains(frame) ? true : nil))
        let box = try #require(faces[0]["box"] as? [Int])
        #expect(abs(box[0] - frame) <= 1, "frame \(frame): \(box)")
      }
      #expect(try faces(" --no-fill", stream())[10..<14].allSatisfy(\.isEmpty))
      // As in a live stream, where nobody knows that the face comes back.
      #expect(try faces("", stream(isLive: true))[10..<14].allSatisfy(\.isEmpty))
      #expect(try faces("", stream(isLive: true))[0][0]["id"] == nil)
    }

    @Test func pixelsChangeNoNumberWhereNobodyCrosses() throws {
      let text = try folder.succeed("fm-track", data: stream())
      let pixels = try folder.succeed("fm-track --no-pixels", data: stream(hasPixels: true))
      func lines(_ data: Data) -> [Substring] {
        Array(String(decoding: data, as: UTF8.self).split(separator: "\n").dropFirst())
      }
      #expect(lines(text) == lines(pixels))
      // What comes in by pixels goes out by pixels.
      let whole = try folder.succeed("fm-track | fm-detect --no-pixels", data: stream(hasPixels: true))
      #expect(lines(whole).count == 31)
    }

    @Test func labelsAreSmoothedAndTheClassifiersStay() throws {
      /// One frame of 30 says something else.
      func labels(_ frame: Int) -> String {
        let (first, second) = frame == 20 ? (0.3, 0.7) : (0.7, 0.3)
        return
          #","expression":"\#(frame == 20 ? "b" : "a")","confidence":0.7,"scores":{"a":\#(first),"b":\#(second)}"#
      }
      let found = try faces("", stream(faceFields: labels))
      for (frame, faces) in found.enumerated() {
        let smoothed = try #require(faces[0]["smoothed"] as? [String: Any])
        #expect(smoothed["expression"] as? String == "a", "frame \(frame)")
        let scores = try #require(smoothed["scores"] as? [String: Double])
        #expect(abs((scores["a"] ?? 0) + (scores["b"] ?? 0) - 1) < 1e-5)
        guard !(10..<14).contains(frame) else { continue }
        #expect(faces[0]["expression"] as? String == (frame == 20 ? "b" : "a"))
      }
      #expect(
        try faces(" --smoothing none", stream(faceFields: labels)).allSatisfy { $0[0]["smoothed"] == nil })
    }

    @Test func secondRunReplacesTheFirst() throws {
      let once = try folder.succeed("fm-track --lag 0 --steady", data: stream())
      let twice = try folder.succeed("fm-track", data: once)
      let alone = try folder.succeed("fm-track", data: stream())
      #expect(try StreamRecords(twice, in: folder).faces.count == 30)
      func frames(_ data: Data) -> [Substring] {
        String(decoding: data, as: UTF8.self).split(separator: "\n").filter {
          $0.contains(#""type":"frame""#)
        }
      }
      #expect(frames(twice) == frames(alone))
      let again = try folder.succeed("fm-track", data: alone)
      #expect(frames(again) == frames(alone))
    }

    @Test func streamsJoinedEndToEndGoOnCounting() throws {
      let found = try faces("", stream() + stream())
      #expect(
        found.map { $0[0]["id"] as? Int } == [Int](repeating: 1, count: 30) + [Int](repeating: 2, count: 30))
    }

    /// The next stream begins while frames of the one before still wait.
    @Test func streamsInARowKeepTheirOwnLabels() throws {
      func labeled(_ name: String) -> Data {
        stream(
          frames: 12, missing: 3..<5,
          faceFields: { _ in #","expression":"\#(name)","confidence":0.9,"scores":{"\#(name)":0.9,"z":0.1}"# }
        )
      }
      let names = (0..<30).map { "class\($0)" }
      let data = names.reduce(into: Data()) { $0 += labeled($1) }
      for options in ["", " --lag inf"] {
        let found = try faces(options, data)
        let labels = found.map { ($0[0]["smoothed"] as? [String: Any])?["expression"] as? String }
        #expect(labels == names.flatMap { [String?](repeating: $0, count: 12) })
        #expect(found.map { $0[0]["id"] as? Int } == (1...30).flatMap { [Int?](repeating: $0, count: 12) })
      }
    }

    /// Frames that were not searched: the box moves, what the detector and the classifier said stays.
    @Test func copiedBoxesAreCorrectedOnce() throws {
      var data = Data()
      func line(_ text: String) { data += Data((text + "\n").utf8) }
      line(
        #"{"fm":1,"type":"stream","video":{"width":64,"height":48,"pixel_format":"gray","time_base":[1,25]}}"#
      )
      for frame in 0..<21 {
        let x = frame / 4 * 4
        let held = frame % 4 == 0 ? "" : #","held":true"#
        line(
          #"{"type":"frame","seq":\#(frame),"pts":\#(frame),"time":\#(Double(frame) / 25),"width":64,"height":48,"#
            + #""pixel_format":"gray","faces":[{"box":[\#(x),10,20,20],"score":0.9,"expression":"a"\#(held)}]}"#
        )
      }
      line(#"{"type":"end","frames":21,"status":"ok"}"#)
      let once = try folder.succeed("fm-track", data: data)
      let twice = try folder.succeed("fm-track", data: once)
      for output in [once, twice] {
        for (frame, faces) in try StreamRecords(output, in: folder).faces.enumerated() {
          #expect(faces.count == 1 && faces[0]["id"] as? Int == 1, "frame \(frame)")
          #expect(faces[0]["score"] as? Double == 0.9 && faces[0]["expression"] as? String == "a")
          let box = try #require(faces[0]["box"] as? [Int])
          #expect(abs(box[0] - frame) <= 1, "frame \(frame): \(box)")
        }
      }
    }

    @Test func cutAndFailedStreamsAreWrittenAsFarAsTheyGo() throws {
      let text = String(decoding: stream(), as: UTF8.self)
      let cut = Data(text.split(separator: "\n").prefix(21).joined(separator: "\n").utf8) + Data("\n".utf8)
      let result = try folder.run("fm-track", data: cut)
      #expect(result.status == 74)
      #expect(result.text.split(separator: "\n").count { $0.contains(#""id":1"#) } == 20)
      #expect(result.text.contains(#""status":"error""#))
      let failed = stream(ending: #"{"type":"end","frames":30,"status":"error","message":"maker: too dark"}"#)
      let upstream = try folder.run("fm-track", data: failed)
      #expect(upstream.status == 1)
      #expect(upstream.text.split(separator: "\n").count { $0.contains(#""id":1"#) } == 30)
      #expect(upstream.text.hasSuffix(#""status":"error","message":"maker: too dark"}"# + "\n"))
    }

    @Test func badInputAndUsageAreSaid() throws {
      let without = Data(
        String(decoding: stream(), as: UTF8.self).replacingOccurrences(of: #","faces":[]"#, with: "").utf8)
      let result = try folder.run("fm-track", data: without)
      #expect(result.status == 65)
      #expect(result.messages.contains("frame 10: no faces to follow: the frame has no key \"faces\""))
      // The frames before it are out.
      #expect(result.text.split(separator: "\n").count { $0.contains(#""id":1"#) } == 10)
      for options in ["--max-gap 0", "--lag -1", "--lag soon", "--min-length 0", "--smoothing more"] {
        #expect(try folder.run("fm-track \(options)").status == 64, "\(options)")
      }
    }

    @Test func scoresThatAreNoProbabilitiesAreRefused() throws {
      for score in ["1.5", "-0.25", "1e300"] {
        let data = stream(faceFields: { _ in #","scores":{"a":\#(score),"b":0.5}"# })
        let result = try folder.run("fm-track", data: data)
        #expect(result.status == 65)
        #expect(result.messages.contains("frame 0: bad scores: the score of \"a\" is"), "\(result.messages)")
      }
      let many = stream(faceFields: { frame in
        #","scores":{"# + (0..<50).map { #""\#(frame * 50 + $0)":0.01"# }.joined(separator: ",") + "}"
      })
      #expect(try folder.run("fm-track", data: many).messages.contains("more than 1000 classes"))
    }

    @Test func numbersOfOthersAreReplacedAndSaid() throws {
      let data = stream(faceFields: { _ in #","id":77"# })
      let result = try folder.run("fm-track", data: data)
      #expect(result.status == 0 && !result.text.contains("77"))
      #expect(result.messages.split(separator: "\n").count { $0.contains("not from fm-track") } == 1)
      let again = try folder.run("fm-track", data: Data(result.text.utf8))
      #expect(again.status == 0 && !again.messages.contains("not from fm-track"))
    }

    /// A length that is asked for holds without looking ahead, too.
    @Test func minimumLengthHoldsInALiveStream() throws {
      for (options, first) in [
        (" --lag 0", 1), (" --lag 0 --min-length 5", 4), (" --lag 0 --min-length 1", 0),
      ] {
        let found = try faces(options, stream(missing: 0..<0))
        #expect(found.firstIndex { $0[0]["id"] != nil } == first, "\(options)")
      }
    }

    /// Another scene is another person in the same place, a flash is not; --no-appearance leaves out only likeness.
    @Test func cutsEndTracksAndFlashesDoNot() throws {
      func film(_ isBright: (Int) -> Bool) -> Data {
        var data = Data(
          (#"{"fm":1,"type":"stream","video":{"width":64,"height":48,"pixel_format":"gray","time_base":[1,25]}}"#
            + "\n").utf8)
        for frame in 0..<20 {
          data += Data(
            (#"{"type":"frame","seq":\#(frame),"pts":\#(frame),"time":\#(Double(frame) / 25),"width":64,"height":48,"#
              + #""pixel_format":"gray","faces":[{"box":[20,10,20,20]}],"bytes":3072}"# + "\n").utf8)
          data += Data((0..<3072).map { isBright(frame) ? 255 : UInt8($0 % 64) }) + Data("\n".utf8)
        }
        return data + Data((#"{"type":"end","frames":20,"status":"ok"}"# + "\n").utf8)
      }
      for options in [" --no-pixels", " --no-pixels --no-appearance"] {
        let cut = try faces(options, film { $0 >= 10 }).map { $0[0]["id"] as? Int }
        #expect(cut == [Int?](repeating: 1, count: 10) + [Int?](repeating: 2, count: 10), "\(options)")
        let flash = try faces(options, film { $0 == 10 })
        #expect(flash.allSatisfy { $0.count == 1 && $0[0]["id"] as? Int == 1 }, "\(options)")
      }
    }

    /// As fm-classify --top 2 writes it, where a third class is among the best for one frame.
    @Test func classNamedLateDoesNotBeginAgain() throws {
      let data = stream(
        missing: 0..<0,
        faceFields: { frame in
          let scores = frame == 15 ? #""c":0.6,"a":0.3"# : #""a":0.7,"b":0.2"#
          return #","expression":"\#(frame == 15 ? "c" : "a")","confidence":0.6,"scores":{\#(scores)}"#
        })
      for options in ["", " --lag 0", " --smoothing exponential"] {
        let labels = try faces(options, data).dropFirst().map {
          ($0[0]["smoothed"] as? [String: Any])?["expression"] as? String
        }
        #expect(labels.allSatisfy { $0 == "a" }, "\(options)")
      }
    }

    @Test func drawsNumbers() throws {
      let ids = stream(frames: 1, missing: 0..<0, hasPixels: true, faceFields: { _ in #","id":3"# })
      let plain = stream(frames: 1, missing: 0..<0, hasPixels: true)
      try folder.succeed("fm-annotate -o ids.png", data: ids)
      try folder.succeed("fm-annotate -o plain.png", data: plain)
      try folder.succeed("fm-annotate -o without.png --no-labels", data: ids)
      #expect(folder.data("ids.png") != folder.data("plain.png"))
      #expect(folder.data("ids.png") != folder.data("without.png"))
    }

    /// What a classifier said of known expressions beside what smoothing made of it.
    @Test func labeledStreamsAreEvaluated() throws {
      func truth(_ frame: Int) -> String { frame < 25 ? "happy" : "sad" }
      let data = stream(
        frames: 50, missing: 0..<0,
        faceFields: { frame in
          // Every fifth answer is wrong.
          let happy = frame % 5 == 3 ? frame >= 25 : frame < 25
          return #","expression":"\#(happy ? "happy" : "sad")","confidence":0.8,"#
            + #""scores":{"happy":\#(happy ? 0.8 : 0.2),"sad":\#(happy ? 0.2 : 0.8)}"#
        }, label: truth)
      try folder.write(try folder.succeed("fm-track", data: data), to: "tracked.ndjson")
      let report = try folder.succeed("fm-train evaluate tracked.ndjson --json")
      let object = try #require(try JSONSerialization.jsonObject(with: report) as? [String: Any])
      let tracked = try #require(object["tracked"] as? [String: Any])
      let raw = try #require(tracked["raw"] as? [String: Any])
      let smoothed = try #require(tracked["smoothed"] as? [String: Any])
      #expect(tracked["persons"] as? Int == 1)
      #expect(raw["accuracy"] as? Double == 0.8)
      #expect(smoothed["accuracy"] as? Double ?? 0 > 0.9)
      #expect(abs((smoothed["changes_per_100"] as? Double ?? 0) - 100.0 / 49) < 1e-9)
      #expect(smoothed["onsets_named"] as? Int == 1)
      let text = try folder.succeed("fm-train evaluate -", data: folder.data("tracked.ndjson"))
      #expect(String(decoding: text, as: UTF8.self).contains("smoothed"))
      let without = try folder.run("fm-train evaluate -", data: stream())
      #expect(without.status == 65)
      #expect(
        without.messages.hasSuffix(
          "nothing to evaluate: no labeled frame has a classified face (fm-decode --label, fm-classify)\n"))
      #expect(try folder.run("fm-train evaluate tracked.ndjson --blur 1").status == 64)
    }

    /// The label over time is drawn where there is one, and with --raw the frame's own.
    @Test func drawsTheLabelOverTime() throws {
      func labeled(_ own: String, _ smoothed: String?) -> Data {
        let over = smoothed.map { #","smoothed":{"expression":"\#($0)","confidence":0.9,"scores":{}}"# } ?? ""
        return stream(
          frames: 1, missing: 0..<0, hasPixels: true,
          faceFields: { _ in #","expression":"\#(own)","confidence":0.9,"scores":{}"# + over })
      }
      for (name, data) in [("own", labeled("sad", nil)), ("other", labeled("happy", nil))] {
        try folder.succeed("fm-annotate -o \(name).png", data: data)
      }
      try folder.succeed("fm-annotate -o smoothed.png", data: labeled("sad", "happy"))
      try folder.succeed("fm-annotate --raw -o raw.png", data: labeled("sad", "happy"))
      #expect(folder.data("smoothed.png") == folder.data("other.png"))
      #expect(folder.data("raw.png") == folder.data("own.png"))
      #expect(folder.data("own.png") != folder.data("other.png"))
    }
  }
}
