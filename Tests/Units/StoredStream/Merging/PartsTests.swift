import FrameStream
import SystemIO
import Testing

@testable import StoredStream

/// Parts are put in their order, and what is missing, double or foreign is named.
struct PartsTests {
  private func part(_ name: String, _ header: String = "") throws -> StreamPart {
    let record = Record()
    let reader = try StoredFile(StreamText.whole(0..<1, header: header)).reader
    #expect(try reader.read(into: record) == .record)
    return try StreamPart(name: name, line: record.line)
  }

  private func cause(_ body: () throws -> Void) -> String {
    do {
      try body()
      return ""
    } catch { return "\(error)" }
  }

  @Test func order() throws {
    let numbers = [3, 1, 2]
    let chunks = try numbers.map { try part("\($0).fm", #","chunk":[\#($0),3]"#) }
    #expect(try chunks.arranged() == [1, 2, 0])
    #expect(try [part("b"), part("a")].arranged() == [0, 1])
    #expect(try [StreamPart]().arranged() == [])
  }

  @Test func refusedOrders() throws {
    func chunk(_ name: String, _ number: Int, of count: Int = 3) throws -> StreamPart {
      try part(name, #","chunk":[\#(number),\#(count)]"#)
    }
    for (parts, words) in [
      ([try chunk("a", 1), try chunk("b", 3)], "part 2 of 3: cannot merge: it is missing"),
      ([try chunk("a", 2)], "part 1, 3 of 3: cannot merge: 2 parts are missing"),
      (
        [try chunk("a", 1), try chunk("b", 2), try chunk("c", 2)],
        "c: cannot merge: part 2 of 3 appears twice: it is b too"
      ),
      ([try chunk("a", 1), try part("b")], "b: cannot merge: it does not say which part it is, and a does"),
      (
        [try chunk("a", 1), try chunk("b", 2, of: 4)],
        "b: cannot merge: it is part 2 of 4, and a is one of 3 parts"
      ),
      ([try chunk("a", 1, of: 1_000_000)], "999999 parts are missing"),
    ] {
      #expect(cause { _ = try parts.arranged() }.contains(words), "\(words)")
    }
    for wrong in ["[0,3]", "[4,3]", "[1]", "[1,2,3]", "3"] {
      #expect(throws: Failure.self) { try part("a", #","chunk":\#(wrong)"#) }
    }
  }

  @Test func differences() throws {
    func history(_ options: String, _ more: String = "", name: String = "fm-detect") -> String {
      #","history":[{"name":"\#(name)","version":"1","arguments":[],"options":{\#(options)}\#(more)}]"#
    }
    let first = try part("a", history(#""min_size":9,"chunk":"1/3","threads":1"#, #","onednn":"2""#))
    for (header, words) in [
      (history(#""min_size":9,"chunk":"2/3","threads":4"#, #","onednn":"3""#), nil),
      (history(#""min_size":8"#), "fm-detect ran with another min_size"),
      (history(""), "fm-detect ran with another min_size"),
      (history(#""min_size":9"#, name: "x"), "it went through x, not through fm-detect"),
      (#","tracks":[{"id":1,"kind":"audio","codec":"aac"}]"#, "its tracks differ"),
    ] as [(String, String?)] {
      #expect(try PartComparison.difference(of: part("b", header), from: first) == words)
    }
    let model = try part("a", history(#""model":"/a/m.keras""#, #","model_sha256":"1""#))
    let moved = try part("b", history(#""model":"/b/m.keras""#, #","model_sha256":"1""#))
    let other = try part("c", history(#""model":"/a/m.keras""#, #","model_sha256":"2""#))
    #expect(PartComparison.difference(of: moved, from: model) == nil)
    #expect(
      PartComparison.difference(of: other, from: model) == "fm-detect ran with another model_sha256")
  }

  /// What merging these streams says, or the numbers of its frames.
  private func merge(_ texts: [StreamText]) throws -> String {
    var sequence = PartSequence()
    var numbers: [Int] = []
    do {
      for (index, text) in texts.enumerated() {
        let (reader, record) = (try StoredFile(text).reader, Record())
        _ = try reader.read(into: record)
        sequence.begin(try StreamPart(name: "\("abc".dropFirst(index).prefix(1)).fm", line: record.line))
        while case .record = try reader.read(into: record), record.kind != .end {
          if try sequence.takes(record) { numbers.append(record.kind == .frame ? record.sequence : -1) }
        }
        try sequence.end(record.line)
      }
    } catch { return "\(error)" }
    return "\(numbers) " + String(decoding: sequence.ending.bytes, as: UTF8.self)
  }

  @Test func framesFollow() throws {
    #expect(
      try merge([.whole(0..<2), .whole(2..<2), .whole(2..<4)])
        == #"[0, 1, 2, 3] {"type":"end","frames":4,"status":"ok"}"#)
    let file =
      #","tracks":[{"id":1,"kind":"attachment","codec":"ttf"},{"id":2,"kind":"audio","codec":"aac"}]"#
    var parts: [StreamText] = []
    for start in [0, 1] {
      var part = StreamText(file)
      part.packet(1)
      part.frame(start)
      part.packet(2)
      part.end(#""damaged":2,"status":"ok""#)
      parts.append(part)
    }
    // The font once, the sound where it was.
    #expect(
      try merge(parts) == #"[-1, 0, -1, 1, -1] {"type":"end","frames":2,"damaged":4,"status":"ok"}"#)
    // Every third frame.
    let every = #","history":[{"name":"fm-decode","version":"1","arguments":[],"options":{"every":3}}]"#
    #expect(
      try merge([.whole(0..<1, header: every), .whole(3..<4, header: every)]).hasPrefix("[0, 3]"))
  }

  @Test func framesThatDoNotFollow() throws {
    var short = StreamText()
    short.frame(2)
    short.end(frames: 5)
    var ended = StreamText()
    ended.end(#""status":"error","message":"m""#)
    for (texts, words) in [
      ([.whole(0..<2), .whole(3..<4)], "b.fm: cannot merge: frame 2 is missing between a.fm and it"),
      ([.whole(0..<2), .whole(9..<10)], "b.fm: cannot merge: frames 2 to 8 are missing between a.fm and it"),
      ([.whole(0..<2), .whole(0..<2)], "b.fm: cannot merge: it begins with frame 0 as a.fm does"),
      ([.whole(2..<4), .whole(0..<2)], "they are out of order"),
      ([.whole(0..<3), .whole(1..<5)], "they overlap"),
      ([.whole(0..<2), short], "b.fm: cannot merge: its end record counts 5 frames, and there are 1"),
      ([.whole(0..<2), ended], "b.fm: cannot merge: m"),
      ([.whole(0..<1), .whole(1..<1), .whole(2..<3)], "c.fm: cannot merge: frame 1 is missing between a.fm"),
    ] as [([StreamText], String)] {
      #expect(try merge(texts).contains(words), "\(words)")
    }
  }
}
