import FrameStream
import SystemIO
import Testing

@Suite struct PacketRecordTests {
  @Test func aPacketReadsBackAsItWasWritten() throws {
    let packet = PacketRecord(
      track: 2, pts: -1024, dts: nil, duration: 1024, isKey: true, skippedSamples: (start: 3, end: 0))
    var line = RecordLine()
    line.assign(packet, byteCount: 5)
    #expect(
      line.text
        == #"{"type":"packet","track":2,"pts":-1024,"duration":1024,"key":true,"skip":[3,0],"bytes":5}"#)
    let read = try PacketRecord(line)
    #expect(read.track == 2 && read.pts == -1024 && read.dts == nil && read.duration == 1024 && read.isKey)
    #expect(read.skippedSamples?.start == 3 && read.skippedSamples?.end == 0)
  }

  @Test(arguments: ["[1]", "[1,2,3]", "3", "null"]) func samplesToSkipAreTwo(skip: String) throws {
    let line = try RecordLine(#"{"type":"packet","track":1,"skip":\#(skip)}"#)
    #expect(try PacketRecord(line).skippedSamples == nil)
  }

  @Test(arguments: ["", #","track":0"#, #","track":"1""#]) func theTrackMustBeKnown(track: String) throws {
    let line = try RecordLine(#"{"type":"packet"\#(track)}"#)
    #expect(throws: Failure.self) { try PacketRecord(line) }
  }
}
