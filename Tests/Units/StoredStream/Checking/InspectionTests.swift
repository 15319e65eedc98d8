import Checkout
import FrameStream
import SystemIO
import Testing

@testable import StoredStream

/// What is whole and valid, and what is not.
struct InspectionTests {
  private static let schema = try? WholeFile.read(
    Checkout.root.appendingPathComponent("Sources/Share/fm-stream.schema.json").path, limit: 1 << 20)

  /// `whole` with the facts, or what is wrong.
  private func verdict(
    _ file: StoredFile, allowsGaps: Bool = false, usesSchema: Bool = true
  ) throws -> String {
    try file.rewind()
    do {
      let inspection = StreamInspection(
        try StreamRules(schema: usesSchema ? Self.schema : nil), allowsGaps: allowsGaps,
        indexes: try indexes(of: file))
      let (reader, record) = (file.reader, Record())
      reader.keepsIndex = true
      while true {
        let offset = reader.offset
        guard case .record = try reader.read(into: record) else { break }
        try inspection.add(record, at: offset, to: reader.offset)
      }
      if let failure = inspection.statusFailure { return "\(failure)" }
      return "whole: \(inspection.facts.summary)"
    } catch { return "\(error)" }
  }

  private func indexes(of file: StoredFile) throws -> KnownIndexes {
    let reader = file.reader
    guard let length = try reader.seekableLength() else { return KnownIndexes() }
    defer { try? file.rewind() }
    return try KnownIndexes(reader, length: length)
  }

  @Test func theSchemaIsThere() throws { try #require(Self.schema != nil) }

  @Test func wholeStreams() throws {
    let text = StreamText.whole(0..<3)
    #expect(try verdict(StoredFile(text)) == "whole: 3 frames, 0.08 s, 4x2 gray, 0.0005 MB")
    let twice = try verdict(StoredFile(text.bytes + text.bytes).rewritten(.indexed))
    #expect(twice.hasPrefix("whole: 2 streams, 6 frames, ") && twice.hasSuffix("indexed"), "\(twice)")
  }

  @Test func gaps() throws {
    func gapped(_ header: String = "", _ end: String = "") -> StreamText {
      var text = StreamText(header)
      for frame in [0, 1, 4, 5] { text.frame(frame) }
      text.end(end + #""status":"ok""#)
      return text
    }
    let every = #","history":[{"name":"fm-decode","version":"1","arguments":[],"options":{"every":3}}]"#
    #expect(
      try verdict(StoredFile(gapped())).contains(
        "frame 4: frames are missing: it follows on frame 1; in all, 2 are left out, and the stream explains 0"
      ))
    #expect(try verdict(StoredFile(gapped()), allowsGaps: true).contains("4 frames, 1 gap in their numbers"))
    #expect(try verdict(StoredFile(gapped("", #""dropped":2,"#))).hasPrefix("whole"))
    #expect(try verdict(StoredFile(gapped("", #""dropped":1,"#))).contains("missing"))
    #expect(try verdict(StoredFile(gapped(every))).hasPrefix("whole"))
  }

  /// A record that no reader of the tools needs to refuse, and that is not what the manual says.
  @Test(arguments: [
    (
      #"{"type":"frame","seq":0,"pts":0,"time":"0","width":4,"height":2,"pixel_format":"gray"}"#,
      #""time" is not a number"#
    ),
    (
      #"{"type":"frame","seq":0,"pts":25,"time":1.5,"width":4,"height":2,"pixel_format":"gray"}"#,
      #""pts" is 1.0 seconds"#
    ),
    (#"{"type":"frame","seq":0,"pts":0}"#, "is missing"),
    (
      #"{"type":"frame","seq":0,"pts":0,"time":0,"width":4,"height":2,"pixel_format":"gray","faces":[{"box":[0,0,1,1],"score":2}]}"#,
      #""score" of element 1 of "faces" is more than 1"#
    ),
    (#"{"type":"packet","track":7}"#, "the stream record has no track 7"),
    (#" {"type":"note"}"#, "first byte"),
    (#"{"type":"packet","track":1,"key":1}"#, "is not true or false"),
  ]) func invalidRecords(_ line: String, _ words: String) throws {
    var text = StreamText(#","tracks":[{"id":1,"kind":"audio","codec":"aac"}]"#)
    text.line(line)
    text.end(frames: line.contains("frame") ? 1 : 0)
    let found = try verdict(StoredFile(text))
    #expect(found.contains(words), "\(found)")
  }

  /// Of every cut of a stream, and of every changed byte that is not a pixel, none is whole and another stream.
  @Test(arguments: [StoredForm.plain, .indexed, .compressed(level: 1, threads: 1)])
  func damageIsFound(_ form: StoredForm) throws {
    let original = try StoredFile(StreamText.whole(0..<3)).rewritten(form)
    let bytes = try original.bytes
    let lines = try original.lines()
    for count in 0..<bytes.count {
      let cut = try StoredFile(Array(bytes[..<count]))
      // Behind the frames, only the table of where they are is lost.
      if try verdict(cut, usesSchema: false).hasPrefix("whole") {
        #expect(try cut.lines() == lines, "\(count) bytes")
      }
    }
    for place in bytes.indices {
      var damaged = bytes
      damaged[place] ^= 0x10
      let file = try StoredFile(damaged)
      guard try verdict(file, usesSchema: false).hasPrefix("whole") else { continue }
      // Texts and numbers that nothing else depends on.
      #expect(try file.lines().count == lines.count, "byte \(place)")
    }
  }

  @Test func falseIndexes() throws {
    let bytes = try StoredFile(StreamText.whole(0..<9, size: (400, 400))).rewritten(.indexed).bytes
    for (old, new) in [
      (#""seq":[0,2,"#, #""seq":[0,3,"#), (#""pts":[0,2,"#, #""pts":[0,3,"#),
      (#""offset":[1"#, #""offset":[2"#),
    ] {
      let place = try #require(bytes.indices.first { bytes[$0...].starts(with: Array(old.utf8)) }, "\(old)")
      var changed = bytes
      changed.replaceSubrange(place..<place + old.utf8.count, with: Array(new.utf8))
      let found = try verdict(StoredFile(changed))
      #expect(found.contains("bad index"), "\(found)")
    }
    let end = try #require(bytes.indices.last { bytes[$0...].starts(with: Array(#""index":1"#.utf8)) })
    var moved = bytes
    moved[end + 9] ^= 1
    #expect(try verdict(StoredFile(moved)).contains("the index is not where it says"))
  }

  @Test func statuses() throws {
    var text = StreamText()
    text.end(#""status":"interrupted","message":"by a signal""#)
    #expect(try verdict(StoredFile(text)) == "end record: not whole: by a signal")
    var wrong = StreamText()
    wrong.frame(0)
    wrong.end(frames: 2)
    #expect(try verdict(StoredFile(wrong)).contains("it counts 2 frames, and the stream has 1"))
  }
}
