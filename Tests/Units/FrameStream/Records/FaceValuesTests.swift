import FrameStream
import SystemIO
import Testing

/// A face read in one walk says what its record's properties say; classes get numbers.
struct FaceValuesTests {
  private func face(_ text: String) throws -> FaceRecord {
    let record = Record()
    let line = Array(#"{"type":"frame","seq":0,"pts":0,"time":0,"faces":[\#(text)]}"#.utf8)
    try line.withUnsafeBufferPointer { try record.line.assign($0) }
    try record.interpret()
    return try #require(try record.faces()?.first)
  }

  @Test func saysWhatTheRecordSays() throws {
    let record = try face(
      #"{"box":[1,2,3,4],"score":0.5,"id":7,"neighbors":9,"held":true,"filled":true,"expression":"b","confidence":0.6,"#
        + #""scores":{"a":0.4,"\u0062":0.6,"c":null},"smoothed":{"expression":null,"confidence":null,"scores":{"a":1}}}"#
    )
    var names = ClassNames()
    var values = FaceValues()
    try values.assign(record, &names)
    #expect(values.box == record.box && values.id == 7 && values.score == 0.5 && values.neighbors == 9)
    #expect(values.isHeld && values.isFilled)
    #expect(names.names == ["b", "a", "c"])
    #expect(values.label.expression == 0 && values.label.confidence == 0.6)
    #expect((0..<4).map { values.label.score($0) } == [0.6, 0.4, nil, nil])
    #expect(
      values.smoothed.isPresent && values.smoothed.expression == nil && values.smoothed.confidence == nil)
    #expect(values.smoothed.score(1) == 1)
    // Nothing of the face before stays.
    try values.assign(try face(#"{"box":[1,2,3,4]}"#), &names)
    #expect(!values.label.isPresent && !values.smoothed.isPresent && values.id == nil && !values.isFilled)
    #expect(values.label.score(0) == nil)
  }

  @Test func manyClassesAreFoundByName() throws {
    let scores = (0..<200).map { #""class\#($0)":\#($0)"# }
    var names = ClassNames()
    var values = FaceValues()
    for order in [scores, scores.reversed()] {
      try values.assign(try face(#"{"box":[0,0,1,1],"scores":{\#(order.joined(separator: ","))}}"#), &names)
      #expect((0..<200).allSatisfy { values.label.score($0) == Double($0) })
    }
    let more = (0...ClassNames.limit).map { #""other\#($0)":0"# }.joined(separator: ",")
    #expect(throws: Failure.self) {
      try values.assign(try face(#"{"box":[0,0,1,1],"scores":{\#(more)}}"#), &names)
    }
  }

  @Test func historyIsReadBack() throws {
    var line = StreamHeader(source: "x").makeLine()
    try line.appendHistory(
      HistoryEntry(
        name: "fm-a", version: "1", arguments: ["-x"], options: [("lag", JSONValue(writing: 1))],
        details: [("classes", .string("a,b"))]))
    try line.appendHistory(HistoryEntry(name: "fm-b", version: "2", arguments: []))
    #expect(line.history.map(\.name) == ["fm-a", "fm-b"] && line.history.map(\.version) == ["1", "2"])
    #expect(line.history[0].arguments == ["-x"] && line.history[0]["lag"]?.int == 1)
    #expect(line.history[0]["classes"]?.string == "a,b" && line.history[1]["classes"] == nil)
    // What makes no sense is left out.
    let odd = Array(#"{"fm":1,"type":"stream","history":[1,{"name":3},{"name":"c"}]}"#.utf8)
    try odd.withUnsafeBufferPointer { try line.assign($0) }
    #expect(line.history.map(\.name) == ["c"])
  }
}
