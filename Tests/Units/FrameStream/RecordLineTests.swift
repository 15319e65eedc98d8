import FrameStream
import SystemIO
import Testing

@Suite struct RecordLineTests {
  func line(_ text: String) throws -> RecordLine {
    var line = RecordLine()
    let failure = Array(text.utf8).withUnsafeBufferPointer { bytes -> Failure? in
      do throws(Failure) { try line.assign(bytes) } catch { return error }
      return nil
    }
    if let failure { throw failure }
    return line
  }

  func text(_ line: RecordLine) -> String { String(decoding: line.bytes, as: UTF8.self) }

  @Test func whatIsNotTouchedStaysAsItWasWritten() throws {
    var line = try line(#"{ "a" : 1.50e+02, "b":"\u00e9" ,"c":[1, 2]}"#)
    line.set("d") { $0.value(7) }
    #expect(text(line) == #"{ "a" : 1.50e+02, "b":"\u00e9" ,"c":[1, 2],"d":7}"#)
    line.set("b") { $0.value("much longer than before") }
    #expect(text(line) == #"{ "a" : 1.50e+02, "b":"much longer than before" ,"c":[1, 2],"d":7}"#)
    line.set("a") { $0.null() }
    #expect(line["c"]?.isArray == true)
    #expect(line["d"]?.int == 7)
    line.remove("b")
    #expect(text(line) == #"{ "a" : null ,"c":[1, 2],"d":7}"#)
    line.remove("a")
    #expect(text(line) == #"{ "c":[1, 2],"d":7}"#)
    line.remove("d")
    line.remove("nothing")
    line.remove("c")
    #expect(text(line) == "{ }")
    line.set("e") { $0.array { $0.value(1) } }
    #expect(text(line) == #"{ "e":[1]}"#)
    #expect(line["e"]?.isArray == true)
  }

  @Test func anyOrderOfChangesKeepsTheIndex() throws {
    // Against a plain model: an ordered list of keys and numbers.
    let keys: [StaticString] = ["a", "bb", "ccc", "dddd", "e"]
    var state: UInt64 = 42
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var line = try line("{}")
    var model: [(String, Int)] = []
    for _ in 0..<2000 {
      let key = keys[random(keys.count)]
      let name = "\(key)"
      if random(3) == 0 {
        line.remove(key)
        model.removeAll { $0.0 == name }
      } else {
        let value = random(100_000)
        line.set(key) { $0.value(value) }
        if let index = model.firstIndex(where: { $0.0 == name }) {
          model[index].1 = value
        } else {
          model.append((name, value))
        }
      }
      #expect(text(line) == "{" + model.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}")
    }
  }

  @Test func historyGrowsAndKeepsItsPast() throws {
    var line = try line(#"{"fm":1,"type":"stream","history":[{"name":"x","n":1.0}]}"#)
    try line.appendHistory(HistoryEntry(name: "fm-detect", version: "9", arguments: ["--a", "b c"]))
    let added = #"{"name":"fm-detect","version":"9","arguments":["--a","b c"]}"#
    #expect(text(line) == #"{"fm":1,"type":"stream","history":[{"name":"x","n":1.0},"# + added + "]}")
  }

  @Test func aHeaderReadsBackAsItWasWritten() throws {
    var video = VideoDescription(
      width: 640, height: 360, pixelFormat: .yuv420p, timeBase: Rational(1, 30000),
      frameRate: Rational(30000, 1001), sampleAspectRatio: Rational(4, 3), colorRange: .pc)
    video.colorSpace = "bt709"
    video.frames = 275
    video.duration = 9.176
    var track = Track(id: 2, kind: "audio", codec: "aac", timeBase: Rational(1, 48000))
    track.extradata = [0, 1, 2, 255]
    track.codecTag = UInt32.max
    track.sampleRate = 48000
    track.channelLayout = "5.1(side)"
    track.disposition = ["default"]
    track.metadata = [("language", "deu"), ("title", "a \"b\"")]
    let header = StreamHeader(source: "x.mp4", video: video, tracks: [track], isLive: true)
    #expect(try StreamHeader(header.makeLine()) == header)
  }

  static let badHeaders = [
    #"{"source":1}"#, #"{"live":1}"#, #"{"video":[]}"#, #"{"video":{"width":1,"height":1}}"#,
    #"{"video":{"width":0,"height":1,"pixel_format":"gray","time_base":[1,25]}}"#,
    #"{"video":{"width":1,"height":1,"pixel_format":"gray"}}"#,
    #"{"video":{"width":1,"height":1,"pixel_format":"gray","time_base":[0,25]}}"#,
    #"{"video":{"width":1,"height":1,"pixel_format":"gray","time_base":[1,0]}}"#,
    #"{"video":{"width":1,"height":1,"pixel_format":"gray","time_base":[1,99999999999]}}"#,
    #"{"video":{"width":1,"height":1,"pixel_format":"gray","time_base":[1,25],"color_range":"xx"}}"#,
    #"{"tracks":{}}"#, #"{"tracks":[1]}"#, #"{"tracks":[{"id":0,"kind":"audio","codec":"aac"}]}"#,
    #"{"tracks":[{"id":1,"kind":"audio","codec":"aac","extradata":"?"}]}"#,
    #"{"tracks":[{"id":1,"kind":"audio","codec":"aac","sample_rate":9999999999}]}"#,
    #"{"tracks":[{"id":1,"kind":"audio","codec":"aac"},{"id":1,"kind":"audio","codec":"aac"}]}"#,
  ]

  @Test(arguments: badHeaders) func badHeadersAreRefused(text: String) throws {
    let line = try line(text)
    #expect(throws: Failure.self) { try StreamHeader(line) }
  }

  @Test func layoutsArePackedAndBounded() throws {
    #expect(try PictureLayout(.yuv420p, width: 641, height: 479).byteCount == 641 * 479 + 2 * 321 * 240)
    #expect(try PictureLayout(.nv12, width: 3, height: 3).byteCount == 9 + 8)
    #expect(try PictureLayout(.yuv422p, width: 1, height: 5).byteCount == 15)
    #expect(try PictureLayout(.rgb24, width: 1, height: 1).byteCount == 3)
    #expect(throws: Failure.self) { try PictureLayout(.rgb24, width: 20000, height: 20000) }
    #expect(throws: Failure.self) { try PictureLayout(.gray, width: Int.max, height: 2) }
    #expect(throws: Failure.self) { try PictureLayout(.gray, width: 0, height: 2) }
  }
}
