import FrameStream
import SystemIO
import Testing

@Suite struct StreamHeaderTests {
  @Test func historyGrowsAndKeepsItsPast() throws {
    var line = try RecordLine(#"{"fm":1,"type":"stream","history":[{"name":"x","n":1.0}]}"#)
    try line.appendHistory(HistoryEntry(name: "fm-detect", version: "9", arguments: ["--a", "b c"]))
    let added = #"{"name":"fm-detect","version":"9","arguments":["--a","b c"]}"#
    #expect(line.text == #"{"fm":1,"type":"stream","history":[{"name":"x","n":1.0},"# + added + "]}")
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
    track.metadata = [Tag("language", "deu"), Tag("title", "a \"b\"")]
    video.startTime = 3600.04
    video.metadata = [Tag("timecode", "01:00:00:01"), Tag("language", "deu")]
    var header = StreamHeader(source: "x.mp4", video: video, tracks: [track], isLive: true)
    header.chunk = Chunk(number: 3, of: 8)
    header.metadata = [Tag("title", "A \"film\""), Tag("artist", "ü")]
    header.chapters = [
      Chapter(timeBase: Rational(1, 1000), start: -5, end: 1000, metadata: [Tag("title", "One")]),
      Chapter(timeBase: Rational(1, 1_000_000_000), start: 1, end: Int.max),
    ]
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
    #"{"chunk":3}"#, #"{"chunk":[3]}"#, #"{"chunk":[0,8]}"#, #"{"chunk":[9,8]}"#, #"{"chunk":[1,2,3]}"#,
    #"{"chunk":["1",2]}"#, #"{"chunk":[1,1000001]}"#,
    #"{"chapters":{}}"#, #"{"chapters":[{"start":0}]}"#,
    #"{"chapters":[{"start":0,"end":1,"time_base":[0,1]}]}"#,
    #"{"tracks":{}}"#, #"{"tracks":[1]}"#, #"{"tracks":[{"id":0,"kind":"audio","codec":"aac"}]}"#,
    #"{"tracks":[{"id":1,"kind":"audio","codec":"aac","extradata":"?"}]}"#,
    #"{"tracks":[{"id":1,"kind":"audio","codec":"aac","sample_rate":9999999999}]}"#,
    #"{"tracks":[{"id":1,"kind":"audio","codec":"aac"},{"id":1,"kind":"audio","codec":"aac"}]}"#,
  ]

  @Test(arguments: badHeaders) func badHeadersAreRefused(text: String) throws {
    let line = try RecordLine(text)
    #expect(throws: Failure.self) { try StreamHeader(line) }
  }

  @Test(arguments: [#"{"name":"x"}"#, "1", "null"]) func aHistoryThatIsNoArrayIsRefused(history: String)
    throws
  {
    var line = try RecordLine(#"{"fm":1,"type":"stream","history":\#(history)}"#)
    let failure = #expect(throws: Failure.self) {
      try line.appendHistory(HistoryEntry(name: "a", version: "1", arguments: []))
    }
    #expect(failure?.kind == .badInput)
  }

  @Test func onlyWhatDiffersIsWrittenAgain() throws {
    let video = #""video":{"width":4,"height":2,"pixel_format":"gray","time_base":[1,25],"x":1.50}"#
    let text = #"{"fm":1,"type":"stream","source":"a","# + video + #","tracks":[],"x":1.50e+02}"#
    var line = try RecordLine(text)
    let header = try StreamHeader(line)
    line.update(from: header, to: header)
    #expect(line.text == text)
    var changed = header
    changed.source = nil
    changed.isLive = true
    line.update(from: header, to: changed)
    #expect(line.text == #"{"fm":1,"type":"stream","# + video + #","tracks":[],"x":1.50e+02,"live":true}"#)
    changed.video?.width = 8
    line.update(from: header, to: changed)
    #expect(try StreamHeader(line) == changed)
  }
}
