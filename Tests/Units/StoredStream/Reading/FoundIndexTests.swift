import FrameStream
import SystemIO
import Testing

@testable import StoredStream

/// An index that is not true of its file is found out before anything is read by it.
struct FoundIndexTests {
  private static let text = StreamText.whole(0..<9, size: (400, 400))

  private func look(_ file: StoredFile, for sequence: Int = 6) throws -> String {
    switch try FoundIndex.look(in: file.file.descriptor, for: { index, _ in index.entry(before: sequence) }) {
    case .found(let index): "found \(index.record.entries.count)"
    case .absent: "absent"
    case .untrue(let reason): reason
    }
  }

  @Test func trueIndexes() throws {
    let plain = try StoredFile(Self.text)
    #expect(try look(plain) == "absent")
    #expect(try look(plain.rewritten(.indexed)) == "found 5")
    #expect(try look(plain.rewritten(.compressed(level: 1, threads: 1))) == "found 5")
    let twice = try StoredFile(Self.text.bytes + Self.text.bytes).rewritten(.indexed)
    #expect(try look(twice) == "absent", "of several streams it is for nobody")
  }

  /// Changes the text of an indexed file by others of the same length, or not.
  @Test(arguments: [
    // The frame before an offset became longer, as by an older filter that passed the index on.
    (#""seq":1,"#, #""seq":1,"a":1,"#, "the stream does not begin where it says"),
    (#""seq":[0,2,4,6,8]"#, #""seq":[0,2,4,5,8]"#, "frame 5 is not where it says"),
    (#""pts":[0,2,4,6,8]"#, #""pts":[0,2,4,5,8]"#, "frame 6 is not where it says"),
    (#""seq":[0,2,4,6,8]"#, #""seq":[0,2,4,4,8]"#, "its numbers do not grow"),
    (#"{"type":"index","#, #"{"type":"inbox","#, "none comes before it"),
  ]) func untrueIndexes(_ old: String, _ new: String, _ reason: String) throws {
    var bytes = try StoredFile(Self.text).rewritten(.indexed).bytes
    let place = try #require(bytes.indices.first { bytes[$0...].starts(with: Array(old.utf8)) })
    bytes.replaceSubrange(place..<place + old.utf8.count, with: Array(new.utf8))
    #expect(try look(StoredFile(bytes)).contains(reason))
  }

  @Test func offsetsOutsideTheFile() throws {
    for offsets in ["[0,1,2,3,4]", "[98,99,100,999999999999,9999999999999]"] {
      var text = StreamText()
      for frame in 0..<9 { text.frame(frame) }
      let place = text.bytes.count
      text.line(#"{"type":"index","seq":[0,2,4,6,8],"pts":[0,2,4,6,8],"offset":\#(offsets)}"#)
      text.end(#""status":"ok","index":\#(place)"#)
      let found = try look(StoredFile(text))
      #expect(!found.hasPrefix("found"), "\(offsets): \(found)")
    }
  }

  /// What is cut has no end to be read from.
  @Test func cutFiles() throws {
    let bytes = try StoredFile(Self.text).rewritten(.indexed).bytes
    for count in [0, 1, 100, bytes.count / 2, bytes.count - 1] {
      #expect(try look(StoredFile(Array(bytes[..<count]))) == "absent")
    }
  }
}
