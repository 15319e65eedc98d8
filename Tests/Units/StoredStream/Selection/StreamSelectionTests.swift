import FrameStream
import SystemIO
import Testing

@testable import StoredStream

/// Parts of a stream.
struct StreamSelectionTests {
  /// What is taken of seven frames with a sound packet after each, an attached file, and a record of another type.
  private func taken(_ selection: StreamSelection) throws -> String {
    var text = StreamText(
      #","tracks":[{"id":1,"kind":"attachment","codec":"ttf"},{"id":2,"kind":"audio","codec":"aac"}]"#)
    text.packet(1)
    text.packet(2)
    for frame in 0..<7 {
      text.frame(frame, pts: 25 * frame)
      text.packet(2)
      if frame == 3 { text.line(#"{"type":"note"}"#) }
    }
    text.end()
    var selection = selection
    let (reader, record) = (try StoredFile(text).reader, Record())
    var words = ""
    while case .record = try reader.read(into: record) {
      if record.kind == .stream { selection.begin(try StreamHeader(record.line)) }
      guard try selection.takes(record) else { continue }
      switch record.kind {
      case .frame: words += "\(record.sequence)"
      case .packet: words += try PacketRecord(record.line).track == 1 ? "a" : "s"
      case .other: words += "n"
      case .stream: words += "["
      case .end: words += "]"
      }
    }
    return words
  }

  @Test func parts() throws {
    let whole = "[as0s1s2s3sn4s5s6s]"
    for (range, words) in [
      (.all, whole), (.sequences(0...(.max)), whole), (.sequences(3...4), "[a3sn4s]"),
      (.sequences(9...9), "[a]"),
      (.times(from: 2, before: 4), "[a2s3sn]"), (.times(from: -.infinity, before: 1.01), "[as0s1s]"),
      (.times(from: 5.5, before: .infinity), "[a6s]"),
    ] as [(FrameRange, String)] {
      #expect(try taken(StreamSelection(range: range)) == words)
    }
    #expect(try taken(StreamSelection(types: ["frame"])) == "[0123456]")
    #expect(try taken(StreamSelection(range: .sequences(2...3), types: ["note", "packet"])) == "[assn]")
  }

  @Test func faces() throws {
    var text = StreamText()
    text.frame(
      0, rest: #","faces":[{"box":[1,2,3,4],"id":1,"x":1.50},{"id":2,"box":[1,2,3,4]},{"box":[0,0,1,1]}]"#)
    text.frame(1)
    text.frame(2, rest: #","faces":[ {"box":[1,2,3,4],"id":1} ]"#)
    text.end()
    var selection = StreamSelection(people: [1])
    let (reader, record) = (try StoredFile(text).reader, Record())
    var lines: [String] = []
    while case .record = try reader.read(into: record) {
      #expect(try selection.takes(record))
      lines.append(String(decoding: record.line.bytes, as: UTF8.self))
    }
    #expect(lines[1].hasSuffix(#""faces":[{"box":[1,2,3,4],"id":1,"x":1.50}]}"#))
    #expect(!lines[2].contains("faces"))
    #expect(lines[3].hasSuffix(#""faces":[ {"box":[1,2,3,4],"id":1} ]}"#), "nothing is left out: as it was")
  }
}
