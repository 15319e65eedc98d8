import Foundation
import Testing

extension ToolTests {
  /// Every reader of a stream treats its status by one rule: anything but `ok` is a failure, and what came before it is
  /// kept only if a signal stopped the writer.
  struct StreamStatusTests {
    let folder: ToolFolder

    init() throws { folder = try ToolFolder() }

    struct Ending: CustomStringConvertible {
      /// What the end record says after `status`.
      var text: String
      var keepsRecords: Bool
      /// What every reader reports.
      var cause: String
      var description: String { text }
    }

    static let failures = [
      Ending(text: #""error","message":"maker: too dark""#, keepsRecords: false, cause: "maker: too dark"),
      Ending(text: #""melted""#, keepsRecords: false, cause: "status \"melted\""),
      Ending(
        text: #""interrupted","message":"maker: by a signal""#, keepsRecords: true,
        cause: "maker: by a signal"),
    ]

    /// Four labeled frames of 32x32 with a face each; without pixels they are findings.
    private func stream(_ status: String, hasPixels: Bool = true) -> Data {
      var data = Data()
      func line(_ text: String) { data += Data((text + "\n").utf8) }
      line(
        #"{"fm":1,"type":"stream","video":{"width":32,"height":32,"pixel_format":"gray","time_base":[1,25]}}"#
      )
      for frame in 0..<4 {
        let bytes = hasPixels ? #""bytes":1024,"# : ""
        let label = frame % 2 == 0 ? "even" : "odd"
        line(
          #"{"type":"frame","seq":\#(frame),"pts":\#(frame),"time":0.0,"width":32,"height":32,"#
            + #""pixel_format":"gray",\#(bytes)"label":"\#(label)","faces":[{"box":[4,4,20,20]}]}"#)
        guard hasPixels else { continue }
        data += Data((0..<1024).map { UInt8(truncatingIfNeeded: $0 &* (frame + 3)) }) + Data("\n".utf8)
      }
      line(#"{"type":"end","frames":4,"status":\#(status)}"#)
      return data
    }

    @Test(arguments: failures) func filtersPassItOn(_ ending: Ending) throws {
      let line = "fm-detect | fm-classify --no-pixels"
      let result = try folder.run(line, data: stream(ending.text))
      #expect(result.statuses == [1, 1], "\(result.messages)")
      for tool in ["fm-detect", "fm-classify"] {
        let words = "\(tool): standard input: stopped upstream: \(ending.cause)\n"
        #expect(result.messages.contains(words), "\(result.messages)")
      }
      #expect(result.text.hasSuffix(#"{"type":"end","frames":4,"status":\#(ending.text)}"# + "\n"))
    }

    @Test(arguments: failures, ["", "--sheet 2x2 "])
    func annotateOfAStream(_ ending: Ending, _ options: String) throws {
      let name = options.isEmpty ? "out.mkv" : "out.png"
      let result = try folder.run("fm-annotate \(options)-o \(name)", data: stream(ending.text))
      #expect(result.status == 1 && result.messages.contains(ending.cause), "\(result.messages)")
      #expect(folder.exists(name) == ending.keepsRecords)
    }

    /// All frames of the findings have been read before their end record.
    @Test(arguments: failures, ["", "--sheet 2x2 "])
    func annotateOfFindings(_ ending: Ending, _ options: String) throws {
      try folder.write(stream(ending.text, hasPixels: false), to: "faces.ndjson")
      let name = options.isEmpty ? "out.mkv" : "out.png"
      let command = "fm-annotate \(options)--faces faces.ndjson -o \(name)"
      let result = try folder.run(command, data: stream(#""ok""#))
      #expect(
        result.status == 1 && result.messages.contains("faces.ndjson: findings incomplete: \(ending.cause)"),
        "\(result.status) \(result.messages)")
      #expect(folder.exists(name) == ending.keepsRecords)
    }

    /// The first of two streams of findings has failed, or the second is cut.
    @Test func annotateOfSeveralFindings() throws {
      let pixels = stream(#""ok""#)
      let whole = stream(#""ok""#, hasPixels: false)
      let interrupted = stream(#""interrupted""#, hasPixels: false)
      try folder.write(whole + whole, to: "whole.ndjson")
      try folder.write(interrupted + whole, to: "first.ndjson")
      try folder.write(whole + stream(#""error""#, hasPixels: false), to: "second.ndjson")
      try folder.write(whole + whole.dropLast(38), to: "cut.ndjson")
      for (name, status, isKept) in [
        ("whole", 0, true), ("first", 1, true), ("second", 1, false), ("cut", 74, false),
      ] as [(String, Int32, Bool)] {
        let command = "fm-annotate --faces \(name).ndjson -o \(name).mkv"
        let result = try folder.run(command, data: pixels + pixels)
        #expect(result.status == status, "\(name): \(result.messages)")
        #expect(folder.exists(name + ".mkv") == isKept, "\(name): \(result.messages)")
      }
    }

    @Test(arguments: failures) func training(_ ending: Ending) throws {
      let options = "--architecture compact --filters 4 --size 16 --threads 1 -e 1 --no-report"
      let result = try folder.run("fm-train m.keras - \(options)", data: stream(ending.text))
      #expect(
        result.status == 1 && result.messages.contains("stopped upstream: \(ending.cause)\n"),
        "\(result.messages)")
      #expect(folder.names.isEmpty, "\(folder.names)")
    }
  }
}
