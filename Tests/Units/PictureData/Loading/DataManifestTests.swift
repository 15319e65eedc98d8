import Foundation
import FrameStream
import SystemIO
import Testing
import TextTables

@testable import PictureData

@Suite struct DataManifestTests {
  private func parse(_ text: String, _ votes: VoteRule? = nil) throws(Failure) -> Manifest {
    try Array(text.utf8).withUnsafeBufferPointer { bytes throws(Failure) in
      try Manifest(parsing: UnsafeRawBufferPointer(bytes), votes: votes)
    }
  }

  private func cause(_ text: String, _ votes: VoteRule? = nil) -> String {
    failure { () throws(Failure) in _ = try parse(text, votes) }?.description ?? "no failure"
  }

  @Test func quotingAndLineEnds() throws {
    let text = "\u{FEFF}label,filename,note\r\n\"a \"\"b\"\", c\",x/\"1\".png,\r\n\n快乐,\"two\nlines.png\",,\n"
      .dropLast(2)
    let manifest = try parse(String(text) + "\n")
    #expect(manifest.rows.map(\.filename) == ["x/\"1\".png", "two\nlines.png"])
    #expect(manifest.rows.map(\.label) == ["a \"b\", c", "快乐"])
    #expect(manifest.rows.map(\.line) == [2, 4])
  }

  @Test func byteOrderMark() throws {
    let quoted = try parse("\u{FEFF}\"filename\",label\na,b\n")
    #expect(quoted.rows.map(\.filename) == ["a"])
    // Bytes of one that are parted by a comma, or cut off by the end, are text like any other.
    for bytes in [[0xEF, 0x2C, 0xBB, 0xBF, 0x0A], [0xEF, 0xBB], [0xEF, 0xBB, 0x0A]] as [[UInt8]] {
      let refusal = failure { () throws(Failure) in
        _ = try bytes.withUnsafeBufferPointer { bytes throws(Failure) in
          try Manifest(parsing: UnsafeRawBufferPointer(bytes))
        }
      }
      #expect(refusal?.kind == .badInput)
    }
  }

  @Test func whatIsWrongIsNamedWithItsLine() {
    #expect(cause("").contains("empty"))
    #expect(cause("filename,label\n").contains("no pictures"))
    #expect(cause("file,label\na,b\n").contains("line 1"))
    #expect(cause("filename,label\na,b\nc\n").contains("line 3: reading the manifest: 1 fields"))
    #expect(cause("filename,label\n\"a,b\n").contains("not closed"))
    #expect(cause("filename,label\n\"a\"b,c\n").contains("after a closing quote"))
    #expect(cause("filename,label\n,c\n").contains("filename is empty"))
    #expect(cause("filename,label,label\n").contains("two columns"))
    #expect(cause("filename,label\n" + String(repeating: "a", count: 1 << 21)).contains("longer"))
    #expect(cause("filename,label,v_a\nx,y,many\n", VoteRule(prefix: "v_")).contains("not a number of votes"))
    #expect(cause("filename,label\nx,y\n", VoteRule(prefix: "v_")).contains("none of the columns"))
    let invalid: [UInt8] = Array("filename,label\n".utf8) + [0x61, 0x2C, 0xFF, 0x0A]
    let refusal = failure { () throws(Failure) in
      _ = try invalid.withUnsafeBufferPointer { bytes throws(Failure) in
        try Manifest(parsing: UnsafeRawBufferPointer(bytes))
      }
    }
    #expect(refusal?.cause.contains("UTF-8") == true)
  }

  @Test func itIsWrittenFromAScanAndReadAfterwards() throws {
    let folder = try DataFolder()
    try folder.writeClasses(["data/a, \"b\"": 3, "data/c": 2])
    let scanned = try PictureSet(folder: folder["data"], manifest: folder["list.csv"], options: .small())
    let text = String(decoding: try folder.read("list.csv"), as: UTF8.self)
    #expect(text.hasPrefix("filename,label\n\"a, \"\"b\"\"/0.png\",\"a, \"\"b\"\"\"\n"))
    let read = try PictureSet(folder: folder["data"], manifest: folder["list.csv"], options: .small())
    #expect(read.names == scanned.names && read.labels == scanned.labels)
    #expect(read.allPixels == scanned.allPixels)
    // Edited: one picture less, one with another label, one by its absolute name, one from the manifest's folder.
    try folder.write(
      "filename,label\nc/0.png,\"a, \"\"b\"\"\"\n\(folder["data/c/1.png"]),c\ndata/a, \"b\"/1.png,c\n"
        .replacingOccurrences(of: "data/a, \"b\"/1.png", with: "\"data/a, \"\"b\"\"/1.png\""),
      to: "list.csv")
    let edited = try PictureSet(folder: folder["data"], manifest: folder["list.csv"], options: .small())
    #expect(edited.names == ["c/0.png", "c/1.png", "a, \"b\"/1.png"])
    #expect(edited.labels == [0, 1, 1])
  }

  @Test func labelsDuplicatesAndMissingFiles() throws {
    let folder = try DataFolder()
    try folder.writeClasses(["data/a": 3, "data/b": 3, "other/a": 1])
    func load(_ rows: String, _ messages: Messages? = nil, strict: Bool = false) throws(Failure) -> PictureSet
    {
      do { try folder.write("filename,label\n" + rows, to: "list.csv") } catch {}
      var options = LoadingOptions.small(messages)
      options.strict = strict
      return try PictureSet(folder: folder["data"], manifest: folder["list.csv"], options: options)
    }
    let label = failure { () throws(Failure) in _ = try load("a/0.png,a\nb/0.png,zebra\n") }
    #expect(label?.description.contains("list.csv: line 3") == true)
    #expect(label?.cause.contains("\"zebra\" is not one of the classes \"a\", \"b\"") == true)
    let twice = failure { () throws(Failure) in _ = try load("a/0.png,a\nb/0.png,b\n./a/../a/0.png,b\n") }
    #expect(twice?.cause.contains("is in line 2 already") == true)
    let messages = Messages()
    let set = try load("a/0.png,a\na/0.png,a\nb/gone.png,b\nb/1.png,b\nother/a/0.png,a\n", messages)
    #expect(set.names == ["a/0.png", "b/1.png"])
    #expect(set.unreadable.map(\.name) == ["b/gone.png"])
    #expect(set.unreadable.first?.cause.contains("line 4") == true)
    #expect(messages.contain("line 3"))
    #expect(messages.contain("are left out: 1"))
    #expect(failure { () throws(Failure) in _ = try load("a/0.png,a\nb/gone.png,b\n", strict: true) } != nil)
  }

  @Test func votes() throws {
    let folder = try DataFolder()
    try folder.writeClasses(["data/x": 6])
    try folder.write(
      """
      filename,label,v_happy,v_sad,v_odd,v_unknown,v_nf
      x/0.png,x,6,2,0,2,0
      x/1.png,x,1,8,1,0,0
      x/2.png,x,2,2,0,6,0
      x/3.png,x,0,0,0,0,10
      x/4.png,x,5,5,0,0,0
      x/5.png,x,0,0,0,0,0

      """, to: "votes.csv")
    func load(_ rule: VoteRule, _ classes: [String]? = nil) throws -> PictureSet {
      try PictureSet(
        folder: folder["data"], manifest: folder["votes.csv"], classes: classes, votes: rule,
        options: .small())
    }
    var rule = VoteRule(prefix: "v_")
    let plain = try load(rule)
    #expect(plain.classes == ["happy", "odd", "sad"])
    #expect(plain.names == ["x/0.png", "x/1.png", "x/4.png"])
    #expect(plain.labels == [0, 2, 0])
    #expect(plain.targets(0) == [0.75, 0, 0.25])
    #expect(plain.targets(1) == [0.1, 0.1, 0.8])
    rule.cutsSingleVotes = true
    rule.minimumShare = 0.6
    let cut = try load(rule)
    #expect(cut.names == ["x/0.png", "x/1.png"])
    #expect(cut.targets(1) == [0, 0, 1])
    rule = VoteRule(prefix: "v_")
    rule.renamed = ["happy": "x"]
    rule.weight = 0.5
    let mixed = try load(rule, ["sad", "x"])
    // Votes that decide for no class, and no votes, leave all to the label; what is no face is dropped.
    #expect(mixed.names == ["x/0.png", "x/1.png", "x/2.png", "x/4.png", "x/5.png"])
    #expect(mixed.labels == [1, 1, 1, 1, 1])
    #expect(mixed.targets(0) == [0.125, 0.875])
    #expect(mixed.targets(2) == [0, 1])
    #expect(mixed.targets(4) == [0, 1])
  }

  @Test func labelledStreams() throws {
    func stream(_ frames: [(label: String?, faces: String?)], status: String = "ok") -> [UInt8] {
      var bytes = Array("{\"fm\":1,\"type\":\"stream\",\"source\":\"test\"}\n".utf8)
      for (number, frame) in frames.enumerated() {
        var line = "{\"type\":\"frame\",\"seq\":\(number),\"pts\":\(number),\"width\":24,\"height\":24,"
        line += "\"pixel_format\":\"gray\",\"bytes\":576"
        if let label = frame.label { line += ",\"label\":\"\(label)\"" }
        if let faces = frame.faces { line += ",\"faces\":\(faces)" }
        bytes += Array((line + "}\n").utf8) + (0..<576).map { UInt8($0 % 24 * 10) } + [10]
      }
      return bytes + Array("{\"type\":\"end\",\"frames\":\(frames.count),\"status\":\"\(status)\"}\n".utf8)
    }
    let folder = try DataFolder()
    func load(_ bytes: [UInt8], _ classes: [String]? = nil) throws -> PictureSet {
      try folder.write(bytes, to: "stream.fm")
      let descriptor = try Descriptor.openForReading(folder["stream.fm"])
      defer { descriptor.close() }
      return try PictureSet(stream: StreamReader(descriptor), classes: classes, options: .small())
    }
    let boxes = "[{\"box\":[0,0,3,3]},{\"box\":[2,4,12,12]}]"
    let set = try load(stream([("b", boxes), (nil, nil), ("a", nil), ("b", "[]")]))
    // Where faces were searched for and none was found, there is no picture.
    #expect(set.classes == ["a", "b"] && set.labels == [1, 0])
    #expect(set.names.first == "test frame 0")
    #expect(set.withPixels(0) { Array($0.prefix(12)) } == (2..<14).map { UInt8($0 * 10) })
    // A half of the size: the triangle over the picture's first three columns, 0, 10 and 20.
    #expect(set.withPixels(1) { $0[0] } == 7)
    #expect(set.unreadable == [PictureSet.Unreadable(name: "test frame 1", cause: "it has no label")])
    #expect(throws: Failure.self) { try load(stream([("a", nil)])) }
    #expect(throws: Failure.self) { try load(stream([("a", nil), ("b", nil)]), ["a", "c"]) }
    #expect(throws: Failure.self) { try load(stream([("a", nil), ("b", nil)], status: "error")) }
    #expect(throws: Failure.self) { try load(Array(stream([("a", nil), ("b", nil)]).dropLast(40))) }
  }
}
