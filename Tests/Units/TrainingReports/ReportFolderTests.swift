import Foundation
import FrameStream
import PredictionFixtures
import SystemIO
import Testing
import TrainingReports

/// A folder that is removed with its object.
final class ReportPlace: Sendable {
  let path = NSTemporaryDirectory() + "report-\(UUID().uuidString)"

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }

  func bytes(_ name: String) -> [UInt8] {
    [UInt8](FileManager.default.contents(atPath: path + "/" + name) ?? Data())
  }

  func write(_ text: String, _ name: String) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + name))
  }
}

struct ReportFolderTests {
  static let predictions = MadePredictions.some(60)

  static func picture(_ place: Int) throws(Failure) -> FacePicture? {
    if place % 7 == 0 { return nil }
    let channels = place % 2 == 0 ? 1 : 3
    return try FacePicture(
      width: 12, height: 16, channels: channels,
      pixels: (0..<12 * 16 * channels).map { UInt8(truncatingIfNeeded: $0 &* (place + 1)) })
  }

  @Test func everythingIsWrittenAndReadBack() throws {
    let place = ReportPlace()
    let folder = place.path + "/deeper/my report"
    var report = Report(
      name: "expressions", predictions: Self.predictions, history: MadePredictions.history(5),
      details: [("model", .string("expressions.keras"))])
    report.heading = "expressions.keras on\nfaces"
    let files = try #require(try report.write(to: folder, picture: Self.picture))
    let text = String(decoding: place.bytes("deeper/my report/report.txt"), as: UTF8.self)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(
      lines[0].hasPrefix("expressions.keras on") && lines[0].hasSuffix("faces") && lines[1].isEmpty, "\(text)"
    )
    let figures = ["confusion", "confusion-normalized", "reliability", "curves", "mistakes", "examples"]
    let expected =
      ["report.txt", "report.json", "predictions.csv", "history.csv"]
      + figures.flatMap { [$0 + ".png", $0 + ".svg"] }
    #expect(files.sorted() == expected.sorted())
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == expected.sorted())
    let read = try ReportFolder(reading: folder)
    #expect(read.name == "expressions")
    #expect(read.report == ClassificationReport(Self.predictions))
    #expect(read.history == report.history)
    #expect(read.details["model"]?.string == "expressions.keras")
    let json = try JSONValue(JSONText(parsing: place.bytes("deeper/my report/report.json")))
    #expect(json["files"]?.array?.compactMap(\.string).sorted() == expected.sorted())
    // Once more over it, without history and pictures: no stale history is read.
    let second = try #require(
      try Report(name: "again", predictions: Self.predictions).write(to: folder))
    #expect(!second.contains("history.csv") && !second.contains("mistakes.png"))
    #expect(try ReportFolder(reading: folder).history == nil)
  }

  @Test func whoeverStopsAReportFindsNoHalfOfAFile() throws {
    let place = ReportPlace()
    var asked = 0
    let files = try Report(name: "x", predictions: Self.predictions).write(
      to: place.path,
      isStopped: {
        asked += 1
        return asked == 3
      })
    #expect(files == nil && place.names == ["confusion.png", "predictions.csv", "report.txt"])
  }

  @Test func predictionsAreATable() throws {
    let predictions = try Predictions(
      classes: ["a, b", "\"c\"", "恐惧"], names: ["new\nline.png", "plain.png"], labels: [0, 2],
      probabilities: [0.5, 0.25, 0.25, 0, 1, 0])
    #expect(
      String(decoding: predictions.csv(), as: UTF8.self) == """
        filename,label,predicted,confidence,"a, b",\"""c\""",恐惧
        "new
        line.png","a, b","a, b",0.5,0.5,0.25,0.25
        plain.png,恐惧,\"""c\""",1.0,0.0,1.0,0.0

        """)
  }

  @Test func anEmptyReportIsOneToo() throws {
    let place = ReportPlace()
    let none = try Predictions(classes: ["face"], names: [], labels: [], probabilities: [])
    try Report(name: "", predictions: none, history: TrainingHistory()).write(
      to: place.path, picture: Self.picture)
    #expect(try ReportFolder(reading: place.path).report.count == 0)
    #expect(!place.names.contains("curves.png"))
  }

  @Test func whatCannotBeReadIsNamed() throws {
    let place = ReportPlace()
    func failure() -> Failure? { #expect(throws: Failure.self) { try ReportFolder(reading: place.path) } }
    #expect(failure()?.kind == .inputOutput)
    try place.write("{\"fm_report\":", "report.json")
    #expect(failure()?.kind == .badInput)
    #expect(failure()?.subject == place.path + "/report.json")
    try Report(name: "x", predictions: Self.predictions, history: MadePredictions.history(2)).write(
      to: place.path)
    try place.write("epoch\nx\n", "history.csv")
    #expect(failure()?.subject == place.path + "/history.csv: line 2")
    try FileManager.default.removeItem(atPath: place.path + "/history.csv")
    #expect(failure()?.kind == .inputOutput)
  }

  @Test func aFileInTheWayIsNamed() throws {
    let place = ReportPlace()
    try place.write("", "file")
    let failure = #expect(throws: Failure.self) {
      try Report(name: "x", predictions: Self.predictions).write(to: place.path + "/file/report")
    }
    #expect(failure?.kind == .inputOutput && failure?.subject == place.path + "/file")
  }

  @Test func runsAreCompared() throws {
    let place = ReportPlace()
    for (name, ceiling) in [("one", 0.6), ("two", 0.65)] {
      try Report(
        name: "model", predictions: MadePredictions.some(300, sharpness: 3 * ceiling),
        history: MadePredictions.history(20, ceiling: ceiling)
      ).write(to: place.path + "/" + name)
    }
    let third = MadePredictions.some(300, sharpness: 1)
    try Report(name: "evaluated", predictions: third).write(to: place.path + "/three")
    let comparison = try RunComparison(
      ["one", "two", "three"].map { try ReportFolder(reading: place.path + "/" + $0) })
    // Two runs of one name go by their folders.
    #expect(comparison.runs.map(\.name) == [place.path + "/one", place.path + "/two", "evaluated"])
    let lines = comparison.text.split(separator: "\n")
    #expect(lines.count == 5 && lines[4] == "* the best of the column")
    #expect(lines[0].hasPrefix("run") && lines[0].hasSuffix("ECE"))
    #expect(lines[2].contains("*") && lines[3].contains("–"))
    let records = try comparison.ndjson().split(separator: 0x0A).map {
      try JSONValue(JSONText(parsing: Array($0)))
    }
    #expect(records.map { $0["epochs"]?.int } == [20, 20, nil])
    #expect(records[2]["accuracy"]?.double == ClassificationReport(third).accuracy)
    for name in ["c.png", "c.SVG"] {
      try Figure.comparison(comparison, title: "Two runs").write(to: place.path + "/" + name)
      #expect(place.bytes(name).count > 1000)
    }
    #expect(throws: Failure.self) {
      try Figure.comparison(comparison, title: "Two runs").write(to: place.path + "/c.gif")
    }
    #expect(throws: Failure.self) { try RunComparison([RunComparison.Run]()) }
  }
}
