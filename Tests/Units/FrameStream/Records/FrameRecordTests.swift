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

  /// Numbers up to the limits are read, and those beyond refused, so that no reader's sums overflow.
  @Test func numbersHaveLimits() throws {
    func read(_ seq: Int, _ pts: Int, _ rest: String = "") throws {
      let record = try Record(#"{"type":"frame","seq":\#(seq),"pts":\#(pts)\#(rest)}"#)
      _ = try record.faces()
    }
    let (number, ticks) = (StreamLimits.number, StreamLimits.ticks)
    try read(number, ticks, #","duration":\#(ticks),"faces":[{"box":[0,0,1,1],"id":\#(number)}]"#)
    try read(0, -ticks, #","duration":null,"faces":[{"id":1,"box":[0,0,1,1]},{"box":[0,0,1,1],"id":null}]"#)
    for (seq, pts) in [(number + 1, 0), (Int.max, 0), (-1, 0), (0, ticks + 1), (0, -ticks - 1), (0, .min)] {
      #expect(throws: Failure.self, "\(seq) \(pts)") { try read(seq, pts) }
    }
    #expect(throws: Failure.self) { try read(0, 0, #","duration":\#(Int.max)"#) }
    for id in ["0", "-1", "1.5", "\(number + 1)", "\(Int.max)", "1e300", "1,\"id\":-5"] {
      #expect {
        try read(0, 0, #","faces":[{"box":[0,0,1,1]},{"box":[0,0,1,1],"id":\#(id)}]"#)
      } throws: {
        ($0 as? Failure)?.cause.hasPrefix("\"id\" of face 1 is not a whole number from 1") ?? false
      }
    }
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
