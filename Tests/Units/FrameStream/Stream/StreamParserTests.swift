import FrameStream
import SystemIO
import Testing

@Suite struct StreamParserTests {
  @Test func recordsAreTheSameForEverySplit() throws {
    let bytes = StreamBytes.everything()
    let whole = try StreamBytes.parse([bytes[...]])
    #expect(whole.count == 8)
    for split in 0...bytes.count {
      #expect(try StreamBytes.parse([bytes[..<split], bytes[split...]]) == whole, "split at \(split)")
    }
    #expect(try StreamBytes.parse(bytes.indices.map { bytes[$0...$0] }) == whole, "byte by byte")
  }

  @Test func everyCutIsReported() throws {
    let bytes = StreamBytes.everything()
    for cut in 0..<bytes.count {
      #expect("cut at \(cut)") {
        try StreamBytes.parse([bytes[..<cut]])
      } throws: { error in
        (error as? Failure)?.kind == .inputOutput && "\(error)".contains("input cut short")
      }
    }
  }

  @Test func twoStreamsInARowAreAStream() throws {
    let bytes = StreamBytes.everything()
    #expect(try StreamBytes.parse([bytes[...], bytes[...]]).count == 16)
    for cut in 1..<bytes.count {
      #expect(throws: Failure.self, "second one cut at \(cut)") {
        try StreamBytes.parse([bytes[...], bytes[..<cut]])
      }
    }
  }

  static let head = #"{"fm":1,"type":"stream"}"# + "\n"
  static let bad: [(String, String)] = [
    ("\u{0}\u{0}\u{0} ftypisom", "not an fm stream"),
    ("hello\n", "not an fm stream"),
    (#"{"type":"stream","fm":1}"#, "not an fm stream"),
    ("\n", "not valid JSON"),
    (#"{"fm":2,"type":"stream"}"#, "format version 2"),
    (#"{"fm":1.5,"type":"stream"}"#, "whole number"),
    (#"{"fm":1,"type":"frame","seq":0,"pts":0}"#, "no stream record"),
    (#"{"fm":1}"#, "\"type\""),
    (#"{"fm":1,"type":"stream","bytes":4}"#, "no payload"),
    (head + head, "has not ended"),
    (head + #"{"type":"frame","seq":-1,"pts":0}"#, "\"seq\""),
    (head + #"{"type":"frame","seq":0}"#, "\"pts\""),
    (head + #"{"type":"frame","seq":0,"pts":1.5}"#, "\"pts\""),
    (head + #"{"type":"frame","seq":0,"pts":9223372036854775808}"#, "\"pts\""),
    (head + #"{"type":"frame","seq":0,"pts":0,"bytes":9}"#, "\"width\""),
    (
      head + #"{"type":"frame","seq":0,"pts":0,"width":2,"height":2,"pixel_format":"gray","bytes":5}"#,
      "takes 4"
    ),
    (
      head + #"{"type":"frame","seq":0,"pts":0,"width":2,"height":2,"pixel_format":"rgb48","bytes":5}"#,
      "not known"
    ),
    (
      head + #"{"type":"frame","seq":0,"pts":0,"width":0,"height":2,"pixel_format":"gray","bytes":0}"#,
      "positive"
    ),
    (
      head
        + #"{"type":"frame","seq":0,"pts":0,"width":4611686018427387904,"height":4,"pixel_format":"gray","bytes":5}"#,
      "size"
    ),
    (head + #"{"type":"x","bytes":268435457}"#, "limit"),
    (head + #"{"type":"x","bytes":-1}"#, "\"bytes\""),
    (head + #"{"type":"x","bytes":"9"}"#, "\"bytes\""),
    (head + #"{"type":"x","a":1,"a":2}"#, "twice"),
    (head + #"{"type":"x","a":1,"\u0061":2}"#, "twice"),
    (head + #"{"type":"packet","bytes":1}"#, "\"track\""),
    (head + #"{"type":"end","frames":1}"#, "\"status\""),
    (head + #"{"type":"x"} {"type":"x"}"#, "more after"),
    (head + #"["type"]"#, "an object"),
    (head + #"{"type":"x","n":NaN}"#, "expected a value"),
    (head + "{\"type\":\"x\"," + "\"a\":" + String(repeating: "[", count: 70), "deeper"),
    (head + "{\"type\":\"x\",\"a\":\"" + String(repeating: "y", count: 1 << 20) + "\"}", "longer than"),
  ]

  @Test(arguments: bad)
  func badRecordsAreRefusedWithAReason(text: String, reason: String) {
    #expect {
      try StreamBytes.parse([Array((text + "\n").utf8)[...]])
    } throws: { error in
      guard let failure = error as? Failure else { return false }
      if !failure.description.contains(reason) { Issue.record("\(failure)") }
      return failure.kind == .badInput
    }
  }

  @Test func framesMustComeInOrder() {
    let text =
      Self.head + #"{"type":"frame","seq":3,"pts":0}"# + "\n" + #"{"type":"frame","seq":3,"pts":1}"# + "\n"
    #expect(throws: Failure.self) { try StreamBytes.parse([Array(text.utf8)[...]]) }
  }

  @Test func aWrongGuardByteIsNoticed() {
    let text = Self.head + #"{"type":"x","bytes":3}"# + "\nabcX"
    #expect {
      try StreamBytes.parse([Array(text.utf8)[...]])
    } throws: { "\($0)".contains("no newline after its 3 bytes") }
  }

  /// Found by fuzzing: a line of white space with something else far behind it.
  @Test(arguments: ["", "{ \"f"])
  func whatIsNoStreamIsToldAtEverySplit(start: String) {
    let bytes = Array((start + String(repeating: "\t", count: 40) + "x").utf8)
    for size in 1...bytes.count {
      let chunks = stride(from: 0, to: bytes.count, by: size).map { first in
        bytes[first..<min(first + size, bytes.count)]
      }
      #expect("pieces of \(size)") { try StreamBytes.parse(chunks) } throws: { error in
        (error as? Failure)?.kind == .badInput && "\(error)".contains("not an fm stream")
      }
    }
  }

  @Test func anUnfinishedLineIsBoundedInMemory() {
    let text = Self.head + "{\"type\":\"" + String(repeating: "y", count: 3 << 20)
    let bytes = Array(text.utf8)
    let chunks = stride(from: 0, to: bytes.count, by: 1000).map { bytes[$0..<min($0 + 1000, bytes.count)] }
    #expect { try StreamBytes.parse(chunks) } throws: { "\($0)".contains("longer than") }
  }

  @Test func theLongestLineIsRead() throws {
    let frame = "{\"type\":\"x\",\"a\":\"\"}"
    let padding = String(repeating: "y", count: StreamLimits.line - frame.utf8.count)
    let text =
      Self.head + "{\"type\":\"x\",\"a\":\"" + padding + "\"}\n" + #"{"type":"end","status":"ok"}"# + "\n"
    #expect(try StreamBytes.parse([Array(text.utf8)[...]]).count == 3)
  }
}
