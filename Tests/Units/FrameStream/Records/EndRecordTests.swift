import FrameStream
import SystemIO
import Testing

@Suite struct EndRecordTests {
  @Test func anEndReadsBackAsItWasWritten() throws {
    var end = EndRecord(frames: 4, status: .interrupted, message: "fm-decode: by a signal")
    end.damaged = 7
    end.dropped = 0
    end.unreadable = 2
    var line = RecordLine()
    line.assign(end)
    #expect(
      line.text == #"{"type":"end","frames":4,"dropped":0,"unreadable":2,"damaged":7,"status":"interrupted","#
        + #""message":"fm-decode: by a signal"}"#)
    #expect(try EndRecord(line) == end)
  }

  /// Statuses, whether the records before them are to be kept, and the message.
  static let failures = [
    (#""interrupted","message":"by a signal""#, true, "by a signal"),
    (#""interrupted""#, true, "status \"interrupted\""), (#""error""#, false, "status \"error\""),
    (#""error","message":"disk full""#, false, "disk full"), (#""melted""#, false, "status \"melted\""),
    (#""OK""#, false, "status \"OK\""), (#""""#, false, "status \"\""),
  ]

  @Test(arguments: failures)
  func everyStatusButOkIsAFailure(_ status: (text: String, keepsRecords: Bool, cause: String)) throws {
    let end = try EndRecord(RecordLine(#"{"type":"end","frames":1,"status":\#(status.text)}"#))
    let failure = try #require(end.failure(subject: "a"))
    #expect(failure.kind == .failed && failure.cause == status.cause && failure.subject == "a")
    #expect(end.status.keepsRecords == status.keepsRecords)
  }

  @Test(arguments: [#""ok""#, #""\u006fk""#, #""ok","message":"x""#]) func okIsNone(status: String) throws {
    let end = try EndRecord(RecordLine(#"{"type":"end","status":\#(status)}"#))
    #expect(end.failure(subject: "a") == nil && end.status.keepsRecords)
  }

  @Test(arguments: [#"{"type":"end"}"#, #"{"type":"end","status":null}"#, #"{"type":"end","status":1}"#])
  func withoutAStatusItIsMalformed(text: String) throws {
    let line = try RecordLine(text)
    let failure = #expect(throws: Failure.self) { try EndRecord(line) }
    #expect(failure?.kind == .badInput)
  }
}
