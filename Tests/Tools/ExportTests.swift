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
      // Of what is no stream, nothing is kept: what was there stays.
      try folder.write("old", to: "old.csv")
      for nothing in ["", "nonsense\n"] {
        let none = try folder.run("fm-export --partial -o old.csv -o new.csv", data: Data(nothing.utf8))
        #expect([65, 74].contains(none.status), "\(none.messages)")
        #expect(folder.data("old.csv") == Data("old".utf8) && !folder.exists("new.csv"))
      }
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
      "compare -",
    ])
    func mistakesOfTheCommandLine(_ options: String) throws {
      #expect(try folder.run("fm-export " + options, data: stream()).status == 64)
      #expect(folder.names == [])
    }

    /// What an option changes nothing in is said, once for each format.
    @Test func optionsThatChangeNothingAreSaid() throws {
      let result = try folder.run(
        "fm-export --min-duration 0.1 --min-confidence 0.5 --video a.mp4 -o a.csv -o b.csv -o a.mot.txt -o a.vtt",
        data: stream())
      #expect(
        result.isSuccess
          && result.messages == """
            fm-export: a.csv: --min-duration changes nothing in the format csv
            fm-export: a.mot.txt: --min-duration and --min-confidence change nothing in the format mot
            fm-export: --video changes nothing: no output is an html report

            """,
        "\(result.messages)")
      let used = try folder.run("fm-export --min-duration 0.1 --video a.mp4 -o a.html", data: stream())
      #expect(used.isSuccess && used.messages == "", "\(used.messages)")
    }

    /// Numbers that no stream may have are refused where they are read, by every tool that reads them.
    @Test func hugeNumbers() throws {
      let whole = String(decoding: stream(frames: 2), as: UTF8.self)
      for (old, new) in [
        ("\"seq\":1", "\"seq\":9223372036854775807"), ("\"pts\":1", "\"pts\":-9223372036854775808"),
        ("\"pts\":1", "\"pts\":9223372036854775807"), ("\"id\":1", "\"id\":9223372036854775807"),
        ("\"id\":1", "\"id\":-9223372036854775808"), ("\"id\":1", "\"id\":0"),
      ] {
        let input = Data(whole.replacingOccurrences(of: old, with: new).utf8)
        for tool in ["fm-export -f html", "fm-track"] {
          let result = try folder.run(tool, data: input)
          #expect(
            result.status == 65 && result.messages.contains("is not a whole number"),
            "\(new) \(result.messages)")
        }
      }
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
      let strange = try folder.run("fm-export compare coded.csv talk.ndjson --label glad=happy")
      #expect(
        strange.isSuccess && strange.messages.contains("nothing agrees with them (--label): \"joy\"")
          && strange.messages.contains("no interval has the label \"glad\""), "\(strange.messages)")
      // What the tool writes for Praat, it reads.
      try folder.succeed("fm-export talk.ndjson -o talk.TextGrid")
      let own = try folder.run("fm-export compare talk.TextGrid talk.ndjson")
      #expect(own.isSuccess && own.text.contains("100.0 %"), "\(own.text)\(own.messages)")
      try folder.write("nonsense", to: "bad.eaf")
      #expect(try folder.run("fm-export compare bad.eaf talk.ndjson").status == 65)
      #expect(try folder.run("fm-export compare none.eaf talk.ndjson").status == 74)
    }
  }
}
