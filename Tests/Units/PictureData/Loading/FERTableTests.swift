import Foundation
import NetworkModel
import SystemIO
import Testing

@testable import PictureData

/// FER-2013's table and FER+'s votes, as they are distributed.
struct FERTableTests {
  let folder: DataFolder

  init() throws { folder = try DataFolder() }

  private static let emotions = [0, 3, 6, 4, 3]

  /// Five pictures of 12x12, the last two not for training.
  private func writeTable(_ change: (Int, String) -> String = { $1 }) throws {
    var text = "emotion, Usage, pixels\n"
    for (row, emotion) in Self.emotions.enumerated() {
      let pixels = (0..<144).map { "\(($0 + 31 * row) % 256)" }.joined(separator: " ")
      text += change(row, "\(emotion), \(row < 3 ? "Training" : "PublicTest"),\(pixels)") + "\n"
    }
    try folder.write(text, to: "fer.csv")
  }

  private func writeVotes(_ rows: [String]) throws {
    try folder.write(
      (["Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF"] + rows)
        .joined(separator: "\n"), to: "new.csv")
  }

  private func set(
    _ usage: String? = nil, votes: VoteRule? = nil, classes: [String]? = nil, _ messages: Messages? = nil
  ) throws(Failure) -> PictureSet {
    try PictureSet(
      table: folder["fer.csv"], usage: usage, votes: votes.map { (folder["new.csv"], $0) }, classes: classes,
      options: .small(messages))
  }

  @Test func rowsOfOneUsage() throws {
    try writeTable()
    let training = try set("Training")
    #expect(training.classes == ["angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"])
    #expect(training.labels == [0, 3, 4] && training.names == ["Training/0", "Training/1", "Training/2"])
    var expected: [UInt8] = []
    for row in 0..<3 { for place in 0..<144 { expected.append(UInt8((place + 31 * row) % 256)) } }
    #expect(training.allPixels == expected)
    #expect(try set("PublicTest").labels == [5, 3])
    let messages = Messages()
    #expect(try set(nil, messages).count == 5)
    #expect(messages.contain("all its rows are read (Training 3, PublicTest 2)"), "\(messages.all)")
    let wrong = failure { () throws(Failure) in _ = try set("Test") }
    #expect(wrong?.kind == .badInput && wrong?.cause.contains("Training 3, PublicTest 2") == true)
  }

  @Test func classesOfAModel() throws {
    try writeTable()
    let names = ["anger", "contempt", "disgust", "fear", "happiness", "neutral", "sadness", "surprise"]
    let set = try set("Training", classes: names)
    #expect(set.classes == names && set.labels == [0, 4, 5])
    let wrong = failure { () throws(Failure) in _ = try self.set("Training", classes: ["happy", "sad"]) }
    #expect(wrong?.cause.contains("\"angry\"") == true)
  }

  @Test func votesOfFERPlus() throws {
    try writeTable()
    let rows = [
      "Training,a.png,1,0,0,0,9,0,0,0,0,0", "Training,,0,0,0,0,0,0,0,0,0,10",
      "Training,c.png,2,0,0,0,0,0,0,8,0,0",
      "PublicTest,d.png,0,0,0,10,0,0,0,0,0,0", "PublicTest,e.png,0,10,0,0,0,0,0,0,0,0",
    ]
    try writeVotes(rows)
    var rule = VoteRule(prefix: "")
    let messages = Messages()
    let voted = try set("Training", votes: rule, messages)
    #expect(voted.classes.count == 8 && voted.classes[0] == "anger" && voted.classes[1] == "contempt")
    #expect(voted.labels == [0, 1] && voted.names == ["Training/0", "Training/2"])
    #expect(voted.targets(0)[0] == 0.9 && voted.targets(0)[5] == 0.1)
    #expect(messages.contain("decide for no class are left out: 1"))
    // With a weight below 1 the label keeps the rest, and has the table's classes.
    rule.weight = 0.5
    let mixed = try set("Training", votes: rule)
    #expect(mixed.classes.count == 7 && mixed.labels == [0, 4])
    #expect(abs(mixed.targets(0)[0] - 0.95) < 1e-6)
    try writeVotes(Array(rows.prefix(4)))
    #expect(failure { () throws(Failure) in _ = try set("PublicTest", votes: rule) }?.kind == .badInput)
    try writeVotes(rows.reversed())
    #expect(
      failure { () throws(Failure) in _ = try set("Training", votes: rule) }?.cause.contains("same rows")
        == true)
  }

  @Test func rowsThatAreNoPictures() throws {
    for (old, new, words) in [
      (" 5", " 256", "more than 255"), (" 5", " x", "not whole numbers"), (" 5", "", "143 pixels"),
      ("0, Training", "7, Training", "not a number from 0 to 6"),
    ] {
      try writeTable { row, line in
        guard row == 0, let range = line.range(of: old) else { return line }
        return line.replacingCharacters(in: range, with: new)
      }
      let messages = Messages()
      #expect(try set("Training", messages).count == 2)
      #expect(messages.contain("line 2") && messages.contain(words), "\(messages.all)")
    }
    for text in ["", "emotion,pixels\n", "a,b\n1,2\n", "emotion,pixels\n1\n"] {
      try folder.write(text, to: "fer.csv")
      #expect(failure { () throws(Failure) in _ = try set() }?.kind == .badInput, "\(text)")
    }
  }

  @Test func whatANameLeadsTo() throws {
    try writeTable()
    try folder.write("{\"fm\":1,\"type\":\"stream\"}\n", to: "a.fm")
    try folder.write("text", to: "text")
    try folder.makeFolder("faces")
    #expect(PictureSource("-") == .standardInput)
    #expect(PictureSource(folder["faces"]) == .folder(folder["faces"]))
    #expect(PictureSource(folder["fer.csv"]) == .table(folder["fer.csv"], usage: nil))
    #expect(PictureSource(folder["fer.csv:Training"]) == .table(folder["fer.csv"], usage: "Training"))
    #expect(PictureSource(folder["a.fm"]) == .stream(folder["a.fm"]))
    for none in ["text", "missing", "missing:Training"] {
      #expect(PictureSource(folder[none]) == .folder(folder[none]))
    }
  }
}
