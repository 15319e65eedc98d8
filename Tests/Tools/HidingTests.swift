import Foundation
import Testing

extension ToolTests {
  /// fm-annotate --hide, on tracks that are written by hand: what is hidden in which frame, and when it refuses.
  @Suite struct HidingTests {
    let folder: ToolFolder

    init() throws {
      folder = try ToolFolder()
      // 12 pictures of 64x64 noise, with sound.
      try folder.run(
        "ffmpeg -v error -f lavfi -i nullsrc=s=64x64:r=10:d=1.2,geq=random(1)*255:128:128 -f lavfi -i sine=440:r=44100:d=1.2 -c:v ffv1 -pix_fmt yuv420p -c:a aac -metadata title=Anna -metadata location=+52+13 noise.mkv"
      )
      try folder.succeed("fm-decode noise.mkv -o pixels.fm")
    }

    /// Findings of the film: its records without pixels, with the faces that `faces` gives for a frame.
    private func write(_ faces: (Int) -> String?, to name: String) throws {
      let lines = try folder.succeed("fm-detect --no-pixels --min-size 60 pixels.fm")
      let text = String(decoding: lines, as: UTF8.self).split(separator: "\n").map(String.init)
      var number = 0
      let written = text.compactMap { line -> String? in
        if line.contains("\"type\":\"packet\"") { return nil }
        guard line.contains("\"type\":\"frame\"") else { return line }
        defer { number += 1 }
        guard let faces = faces(number) else { return nil }
        return line.replacingOccurrences(of: "\"faces\":[]", with: "\"faces\":[\(faces)]")
      }
      try folder.write(written.joined(separator: "\n") + "\n", to: name)
    }

    /// The gray pictures of a film.
    private func luma(_ path: String) throws -> [[UInt8]] {
      let bytes = try folder.succeed(
        "ffmpeg -v error -i \(path) -map 0:v -fps_mode passthrough -f rawvideo -pix_fmt gray -")
      let size = 64 * 64
      return (0..<bytes.count / size).map { Array(bytes[$0 * size..<($0 + 1) * size]) }
    }

    /// The pixels that differ in a row through a face at (20, 20), for each frame.
    private func changed(_ path: String) throws -> [Bool] {
      let (before, after) = (try luma("noise.mkv"), try luma(path))
      #expect(before.count == 12 && after.count == 12)
      return zip(before, after).map { pair in
        (22..<30).contains { pair.0[25 * 64 + $0] != pair.1[25 * 64 + $0] }
      }
    }

    private static let face = #"{"box":[20,20,12,12],"id":1}"#

    @Test(arguments: ["blur", "mosaic", "fill"]) func facesAreHiddenAroundTheirSightings(_ method: String)
      throws
    {
      // Seen in frames 4, 5 and 7; a tenth of a second each.
      try write({ [4, 5, 7].contains($0) ? Self.face : "" }, to: "faces.ndjson")
      let result = try folder.run(
        "fm-annotate --hide \(method) --hide-hold 0.2 --no-boxes --no-labels --faces faces.ndjson --codec ffv1 -o out.mkv pixels.fm"
      )
      #expect(result.isSuccess, "\(result.messages)")
      #expect(
        result.messages.contains(
          "3 faces hidden (\(method)) in 8 of 12 frames; in 1 frame a face was put in between its sightings, in 4 "
        ), "\(result.messages)")
      #expect(try changed("out.mkv") == (0..<12).map { (2...9).contains($0) })
      let (before, after) = (try luma("noise.mkv"), try luma("out.mkv"))
      // All of the face, and nothing far from it.
      for y in 0..<64 {
        for x in 0..<64 where !(10..<42).contains(x) || !(10..<42).contains(y) {
          #expect(before[5][y * 64 + x] == after[5][y * 64 + x])
        }
      }
      #expect(try Media.hash("a", "noise.mkv", in: folder) == Media.hash("a", "out.mkv", in: folder))
    }

    @Test func peopleAreChosenByNumber() throws {
      let two = Self.face + #",{"box":[44,44,10,10],"id":2}"#
      try write({ _ in two }, to: "faces.ndjson")
      for (option, isFirst) in [
        ("--hide-only 1", true), ("--hide-except 1", false), ("--hide-except 2,1", false),
      ] {
        let result = try folder.run(
          "fm-annotate --hide fill \(option) --no-boxes --no-labels --faces faces.ndjson --codec ffv1 -o \(isFirst).mkv pixels.fm"
        )
        #expect(result.isSuccess, "\(result.messages)")
        #expect(try changed("\(isFirst).mkv").allSatisfy { $0 == isFirst })
      }
      let absent = try folder.run(
        "fm-annotate --hide fill --hide-except 7 --faces faces.ndjson -f null pixels.fm")
      #expect(absent.messages.contains("no face has the number 7"), "\(absent.messages)")
    }

    /// Between two sightings of a person no frame shows the face, however long fm-track had looked for it; where it is not
    /// known that the person may come back, the frames that were shown are counted.
    @Test func longGapsAreHidden() throws {
      try write({ [0, 1, 9, 11].contains($0) ? Self.face : "" }, to: "gap.ndjson")
      let lines = String(decoding: folder.data("gap.ndjson"), as: UTF8.self)
      let entry =
        #"{"name":"fm-track","version":"0.2.0","arguments":[],"options":{"max_gap":1.0,"fill":true},"lag":0.1}]"#
      let end = try #require(lines.firstRange(of: "}]}\n"))
      try folder.write(lines.replacingCharacters(in: end, with: "}," + entry + "}\n"), to: "tracked.ndjson")
      for (faces, isHidden) in [("tracked.ndjson", true), ("gap.ndjson", false)] {
        let result = try folder.run(
          "fm-annotate --hide fill --hide-hold 0.1 --no-boxes --no-labels --faces \(faces) --codec ffv1 -o out.mkv pixels.fm"
        )
        #expect(result.isSuccess, "\(result.messages)")
        #expect(
          try changed("out.mkv") == (0..<12).map { isHidden || !(3...7).contains($0) }, "\(faces)")
        #expect(
          result.messages.contains("5 frames between two sightings of a person may show the face")
            != isHidden,
          "\(result.messages)")
      }
    }

    /// What was hidden is counted, not what was asked for.
    @Test func facesOutsideAreSaid() throws {
      try write({ _ in #"{"box":[5000,20,12,12],"id":1}"# }, to: "outside.ndjson")
      let result = try folder.run("fm-annotate --hide fill --faces outside.ndjson -f null pixels.fm")
      #expect(result.messages.contains("no face was hidden in 12 frames"), "\(result.messages)")
      #expect(result.messages.contains("12 faces lie outside their picture"), "\(result.messages)")
      for option in ["--sheet 2x2 -o a.png", "--crops -o a%d.png"] {
        let none = try folder.run("fm-annotate \(option) --faces outside.ndjson pixels.fm")
        #expect(
          none.status == 65 && none.messages.contains("no face lies in its picture"), "\(none.messages)")
        #expect(!none.messages.contains("no pictures") && !none.messages.contains("classifier"))
      }
    }

    /// A film whose pictures change their size holds faces over the change.
    @Test func facesAreHeldWhereTheSizeChanges() throws {
      func record(_ number: Int, _ side: Int, _ faces: String) -> Data {
        var data = Data(
          (#"{"type":"frame","seq":\#(number),"pts":\#(number),"time":\#(Double(number) / 10),"width":\#(side),"#
            + #""height":\#(side),"pixel_format":"gray","bytes":\#(side * side),"faces":[\#(faces)]}"# + "\n")
            .utf8)
        data.append(Data(repeating: 200, count: side * side))
        return data + Data("\n".utf8)
      }
      var stream = Data(
        (#"{"fm":1,"type":"stream","source":"a.mkv","video":{"width":64,"height":64,"pixel_format":"gray","#
          + #""time_base":[1,10],"color_range":"pc"},"history":[{"name":"fm-detect","version":"0.2.0"}]}"#
          + "\n").utf8)
      for number in 0..<6 {
        stream.append(record(number, number < 3 ? 64 : 32, number == 2 ? Self.face : ""))
      }
      stream.append(Data("{\"type\":\"end\",\"frames\":6,\"status\":\"ok\"}\n".utf8))
      let result = try folder.run(
        "fm-annotate --hide fill --hide-hold 0.2 --no-boxes --no-labels -o h%d.png", data: stream)
      #expect(result.isSuccess, "\(result.messages)")
      for number in 0..<6 {
        let bytes = try folder.succeed("ffmpeg -v error -i h\(number + 1).png -f rawvideo -pix_fmt gray -")
        let side = number < 3 ? 64 : 32
        let middle = bytes.count == side * side ? 26 * side / 64 : 0
        #expect((bytes[middle * side + middle] < 50) == (number < 5), "\(number)")
      }
    }

    /// What is left out of the video is left out of the records beside it.
    @Test func privateTagsAreLeftOutOfFindings() throws {
      try folder.succeed("fm-annotate --strip-tags --findings tags.ndjson -o a.mkv pixels.fm")
      let records = String(decoding: folder.data("tags.ndjson"), as: UTF8.self)
      #expect(
        records.contains("\"type\":\"stream\"") && !records.contains("Anna") && !records.contains("+52"))
      try folder.succeed("fm_stream.py check tags.ndjson")
    }

    /// What cannot be hidden is not written.
    @Test func refusals() throws {
      let faceless = #"{"box":[20,20,12,12]}"#
      try write({ _ in faceless }, to: "untracked.ndjson")
      try write({ $0 == 6 ? nil : Self.face }, to: "holes.ndjson")
      try write({ _ in Self.face }, to: "faces.ndjson")
      let other = String(decoding: folder.data("faces.ndjson"), as: UTF8.self)
        .replacingOccurrences(of: "noise.mkv", with: "party.mkv")
      try folder.write(other, to: "other.ndjson")
      for (options, input, status, words) in [
        ("--hide blur", "pixels.fm", 65, "no detector has seen the frame"),
        ("--hide blur --faces holes.ndjson", "pixels.fm", 65, "frame 6: cannot hide faces"),
        ("--hide blur --hide-only 1 --faces untracked.ndjson", "pixels.fm", 65, "run fm-track first"),
        ("--hide blur --hide-except 1 --faces untracked.ndjson", "pixels.fm", 65, "run fm-track first"),
        ("--hide blur --faces other.ndjson", "pixels.fm", 65, "it is of party.mkv"),
        ("--hide smear", "pixels.fm", 64, "--hide"),
        ("--hide-except 1", "pixels.fm", 64, "--hide-except needs --hide"),
        ("--hide-shape box", "pixels.fm", 64, "--hide-shape needs --hide"),
        ("--hide-margin 0.3", "pixels.fm", 64, "--hide-margin needs --hide"),
        ("--hide-hold 0.5", "pixels.fm", 64, "--hide-hold needs --hide"),
        ("--force", "pixels.fm", 64, "--force needs --faces"),
        ("--no-labels --legend always", "pixels.fm", 64, "--no-labels"),
        ("--points --crops", "pixels.fm", 64, "--points"),
        ("--legend auto --crops", "pixels.fm", 64, "--legend"),
        ("--points --sheet 2x2", "pixels.fm", 64, "--points"),
        ("--hide blur --hide-except 1 --hide-only 2", "pixels.fm", 64, "exclude"),
        ("--hide blur --hide-except 0", "pixels.fm", 64, "--hide-except"),
        ("--hide blur --hide-margin 9", "pixels.fm", 64, "--hide-margin"),
        ("--hide blur --hide-hold -1", "pixels.fm", 64, "--hide-hold"),
        ("--hide blur --sheet 2x2", "pixels.fm", 64, "exclude"),
      ] {
        let result = try folder.run("fm-annotate \(options) -o never.mkv \(input)")
        #expect(result.status == status, "\(options): \(result.messages)")
        #expect(result.messages.contains(words), "\(options): \(result.messages)")
        #expect(!folder.exists("never.mkv"), "\(options)")
      }
    }

    /// Boxes that no camera saw: outside, of one pixel, a thousand of them.
    @Test func oddBoxes() throws {
      let odd = #"{"box":[-50,-50,10,10]},{"box":[16777216,-16777216,16777216,16777216]},{"box":[63,63,1,1]}"#
      let crowd = (0..<1000).map { "{\"box\":[\($0 % 60),\($0 / 17),4,5]}" }.joined(separator: ",")
      try write({ $0 % 2 == 0 ? odd : crowd }, to: "odd.ndjson")
      for method in ["blur", "mosaic", "fill"] {
        let result = try folder.run("fm-annotate --hide \(method) --faces odd.ndjson -f null pixels.fm")
        #expect(result.isSuccess, "\(result.messages)")
      }
      try write({ _ in #"{"box":[3,3,0,5]}"# }, to: "empty.ndjson")
      let result = try folder.run("fm-annotate --hide blur --faces empty.ndjson -o never.mkv pixels.fm")
      #expect(result.status == 65 && result.messages.contains("positive size"), "\(result.messages)")
    }

    @Test func privateTagsAreLeftOut() throws {
      try folder.succeed("fm-annotate -o kept.mkv pixels.fm")
      try folder.succeed("fm-annotate --strip-tags -o stripped.mkv pixels.fm")
      func tags(_ name: String) throws -> String {
        try folder.run("ffprobe -v error -show_entries format_tags -of csv=p=0 \(name)").text
      }
      #expect(try tags("kept.mkv").contains("Anna"))
      let stripped = try tags("stripped.mkv")
      #expect(!stripped.contains("Anna") && !stripped.contains("+52"), "\(stripped)")
    }

    /// The same records as a run of its own writes, byte for byte.
    @Test func findingsAreWrittenInTheSamePass() throws {
      let apart = String(
        decoding: try folder.succeed("fm-detect --min-size 60 --no-pixels pixels.fm"), as: UTF8.self
      )
      // That it was another command is in the history.
      .replacingOccurrences(of: "\"--no-pixels\",", with: "")
      .replacingOccurrences(of: ",\"no_pixels\":true", with: "")
      #expect(apart.contains("\"faces\":") && !apart.contains("pixels\":true"))
      for hide in ["", " --hide blur --no-boxes"] {
        let file = try folder.run(
          "fm-detect --min-size 60 pixels.fm | fm-annotate\(hide) --findings found.ndjson -o out.mkv")
        #expect(file.isSuccess, "\(file.messages)")
        #expect(String(decoding: folder.data("found.ndjson"), as: UTF8.self) == apart)
        let output = try folder.run(
          "fm-detect --min-size 60 pixels.fm | fm-annotate\(hide) --findings - -o out.mkv")
        #expect(output.isSuccess && output.text == apart, "\(output.messages)")
        #expect(try Media.playableFrames("out.mkv", in: folder) == 12)
      }
      let same = try folder.run("fm-annotate --findings - -f matroska -o - pixels.fm")
      #expect(same.status == 64 && same.messages.contains("cannot be the same"), "\(same.messages)")
      // A run that fails leaves neither.
      let cut = folder.data("pixels.fm").dropLast(1000)
      try folder.write(Data(cut), to: "cut.fm")
      let failed = try folder.run("fm-annotate --findings never.ndjson -o never.mkv cut.fm")
      #expect(failed.status == 74 && !folder.exists("never.ndjson") && !folder.exists("never.mkv"))
    }
  }
}
