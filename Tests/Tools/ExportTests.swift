import Foundation
import Testing

extension ToolTests {
  /// fm-export as a process: several outputs, all or none, cut and broken input, and what it says.
  struct ExportTests {
    let folder: ToolFolder

    init() throws { folder = try ToolFolder() }

    private func stream(frames: Int = 10, ending: String? = nil) -> Data {
      var text =
        #"{"fm":1,"type":"stream","source":"talk.mp4","video":{"width":64,"height":48,"pixel_format":"gray","#
      text +=
        #""time_base":[1,25],"frame_rate":[25,1]},"history":[{"name":"fm-track","version":"0.2.0"}]}"# + "\n"
      for frame in 0..<frames {
        let name = frame < 6 ? "happy" : "sad"
        text +=
          #"{"type":"frame","seq":\#(frame),"pts":\#(frame),"time":\#(Double(frame) / 25),"width":64,"height":48,"#
        text +=
          #""pixel_format":"gray","faces":[{"box":[\#(frame),10,20,20],"expression":"\#(name)","confidence":0.75,"#
        text += #""scores":{"happy":0.75,"sad":0.25},"id":1}]}"# + "\n"
      }
      return Data((text + (ending ?? #"{"type":"end","frames":10,"status":"ok"}"#) + "\n").utf8)
    }

    @Test func severalOutputsInOnePass() throws {
      let outputs = ["a.csv", "a.vtt", "a.eaf", "a.html", "a.coco.json", "-"]
      let result = try folder.run("fm-export" + outputs.map { " -o " + $0 }.joined(), data: stream())
      #expect(result.isSuccess && result.messages == "", "\(result.messages)")
      #expect(folder.names == outputs.dropLast().sorted())
      // Standard output is a table.
      #expect(result.output == folder.data("a.csv"))
      #expect(result.text.split(separator: "\n").count == 11)
      #expect(
        String(decoding: folder.data("a.vtt"), as: UTF8.self).contains(
          "00:00:00.000 --> 00:00:00.240\n<v Person 1>happy</v>"))
      let one = try folder.succeed("fm-export -f vtt", data: stream())
      #expect(one == folder.data("a.vtt"))
      try folder.succeed("fm-export -f srt -o x -f ndjson -o y", data: stream())
      #expect(String(decoding: folder.data("y"), as: UTF8.self).hasPrefix("{\"file\":\"talk.mp4\""))
    }

    /// Nothing under the final names, status 74; --partial keeps what was whole.
    @Test func cutStreamsGiveNothingOrWhatWasWhole() throws {
      let whole = stream()
      let cut = whole.prefix(whole.count - 60)
      try folder.write("old", to: "old.csv")
      let result = try folder.run("fm-export -o old.csv -o a.eaf", data: Data(cut))
      #expect(result.status == 74 && result.messages.contains("input cut short"))
      #expect(folder.names == ["old.csv"] && folder.data("old.csv") == Data("old".utf8))
      let kept = try folder.run("fm-export --partial -o old.csv -o a.eaf", data: Data(cut))
      #expect(kept.status == 74 && kept.messages.contains("what came before is kept"))
      #expect(folder.names == ["a.eaf", "old.csv"])
      // The last frame was cut.
      #expect(String(decoding: folder.data("old.csv"), as: UTF8.self).split(separator: "\n").count == 10)
      // A record that makes no sense, and a tool before this one that failed.
      let wrong = stream(ending: "{\"type\":\"frame\"}")
      #expect(try folder.run("fm-export -o b.csv", data: wrong).status == 65)
      let failed = stream(ending: #"{"type":"end","status":"error","message":"x"}"#)
      #expect(try folder.run("fm-export -o b.csv", data: failed).status == 1)
      #expect(!folder.exists("b.csv"))
      #expect(try folder.run("fm-export --partial -o b.csv", data: failed).status == 1)
      #expect(folder.exists("b.csv"))
      // One that was interrupted leaves good records.
      let interrupted = stream(ending: #"{"type":"end","status":"interrupted"}"#)
      #expect(try folder.run("fm-export -o c.csv", data: interrupted).status == 1)
      #expect(folder.exists("c.csv"))
    }

    @Test func whatIsNotThereIsSaid() throws {
      let without = Data(
        (#"{"fm":1,"type":"stream","video":{"width":64,"height":48,"pixel_format":"gray","time_base":[1,25]}}"#
          + "\n"
          + #"{"type":"frame","seq":0,"pts":0,"time":0}"# + "\n" + #"{"type":"end","status":"ok"}"# + "\n")
          .utf8)
      let result = try folder.run("fm-export -o a.csv -o a.html", data: without)
      #expect(result.isSuccess && result.messages.contains("no detector has run on this stream"))
      let full = try folder.run("fm-export -f csv -o /dev/full", data: stream(frames: 2000))
      #expect(full.status == 75 && full.messages.contains("/dev/full"), "\(full.messages)")
    }

    @Test(arguments: [
      "-f nothing", "-o talk", "-f csv -f vtt -o a.csv", "-o a.csv -o a.csv", "--min-duration -1",
      "--min-confidence 2",
      "-o", "compare", "compare a.csv --person anna", "compare a.csv -o a.pdf",
    ])
    func mistakesOfTheCommandLine(_ options: String) throws {
      #expect(try folder.run("fm-export " + options, data: stream()).status == 64)
      #expect(folder.names == [])
    }

    @Test func formatsAreListed() throws {
      let lines = try folder.run("fm-export --formats").text.split(separator: "\n")
      #expect(lines.count == 21 && lines[0].hasPrefix("name"))
    }

    @Test func agreementWithACoder() throws {
      try folder.write("start,end,who,label\n0,0.2,person 1,joy\n0.2,0.4,person 1,sad\n", to: "coded.csv")
      try folder.write(stream(), to: "talk.ndjson")
      let words = "fm-export compare coded.csv talk.ndjson --label joy=happy"
      let result = try folder.run(words)
      #expect(result.isSuccess && result.messages == "", "\(result.messages)")
      #expect(
        result.text.contains("90.0 %") && result.text.contains("Cohen's kappa")
          && result.text.contains("0.800"))
      let json =
        try JSONSerialization.jsonObject(
          with: try folder.succeed(words + " --json -o a.svg")) as? [String: Any]
      #expect((json?["by_frame"] as? [String: Any])?["agreement"] as? Double == 0.9)
      #expect(String(decoding: folder.data("a.svg"), as: UTF8.self).contains("<svg"))
      try folder.write("nonsense", to: "bad.eaf")
      #expect(try folder.run("fm-export compare bad.eaf talk.ndjson").status == 65)
      #expect(try folder.run("fm-export compare none.eaf talk.ndjson").status == 74)
    }
  }
}
