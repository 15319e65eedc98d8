import FrameStream
import SystemIO
import Testing

@Suite struct FrameRecordTests {
  @Test func aFrameReadsBackAsItWasWritten() throws {
    var frame = FrameRecord(
      sequence: 7, presentationTime: -3, time: -0.12, layout: try PictureLayout(.yuv420p, width: 3, height: 2)
    )
    frame.duration = 1
    frame.isKey = true
    frame.colorRange = .pc
    frame.source = "a \"b\".png"
    frame.label = "happy"
    let record = Record()
    record.line.assign(frame)
    #expect(
      record.line.text == #"{"type":"frame","seq":7,"pts":-3,"time":-0.12,"width":3,"height":2,"#
        + #""pixel_format":"yuv420p","bytes":10,"duration":1,"key":true,"color_range":"pc","#
        + #""source":"a \"b\".png","label":"happy"}"#)
    try record.interpret()
    #expect(record.kind == .frame && record.sequence == 7 && record.presentationTime == -3)
    #expect(record.layout == frame.layout && record.payloadCount == 10)
    #expect(record.duration == 1 && record.source == frame.source && record.label == "happy")
    #expect(record.colorRange(in: nil) == .pc)
  }

  @Test func nothingIsWrittenThatIsNotKnown() throws {
    var frame = FrameRecord(
      sequence: 0, presentationTime: 0, time: 0, layout: try PictureLayout(.gray, width: 1, height: 1))
    frame.hasPixels = false
    var line = RecordLine()
    line.assign(frame)
    #expect(
      line.text
        == #"{"type":"frame","seq":0,"pts":0,"time":0.0,"width":1,"height":1,"pixel_format":"gray"}"#)
  }

  /// A frame's own range, then its stream's, then what its format suggests.
  @Test func theNearestColorRangeCounts() throws {
    func frame(_ format: String, _ rest: String = "") throws -> Record {
      try Record(
        #"{"type":"frame","seq":0,"pts":0,"width":2,"height":2,"pixel_format":"\#(format)"\#(rest)}"#)
    }
    let full = VideoDescription(
      width: 2, height: 2, pixelFormat: .yuv420p, timeBase: Rational(1, 25), colorRange: .pc)
    #expect(try frame("yuv420p").colorRange(in: nil) == .tv)
    #expect(try frame("gray").colorRange(in: nil) == .pc)
    #expect(try frame("yuv420p").colorRange(in: full) == .pc)
    #expect(try frame("yuv420p", #","color_range":"tv""#).colorRange(in: full) == .tv)
    #expect(try frame("yuv420p", #","color_range":"odd""#).colorRange(in: full) == .pc)
    #expect(try frame("rgb24", #","color_range":"tv""#).colorRange(in: nil) == .pc)
  }
}
