import Foundation
import FoundationXML
import PredictionFixtures
import SystemIO
import Testing

@testable import TrainingReports

struct FigureTests {
  /// Every kind of figure, with and without anything to show.
  static func figures() throws -> [(String, Figure)] {
    let names = [
      "extremely happy, with \"teeth\" & <tags>", "愤怒", "a\nb", "sad", "fear", "x", "y", "z", "contempt",
    ]
    let many = MadePredictions.some(400, classes: names)
    let none = try Predictions(classes: ["a"], names: [], labels: [], probabilities: [])
    var odd = MadePredictions.history(12)
    odd.epochs[0].loss = 1e300
    odd.epochs[3].loss = .nan
    odd.epochs[4].validationLoss = -.infinity
    let lost = TrainingHistory([
      EpochRecord(epoch: 1, loss: .nan, accuracy: .nan, learningRate: 0, seconds: .nan, picturesPerSecond: 0)
    ])
    let report = ClassificationReport(many)
    let runs = try RunComparison([
      RunComparison.Run(name: "a", report: report, history: odd),
      RunComparison.Run(name: String(repeating: "b", count: 500), report: report),
      RunComparison.Run(name: "\u{202E}c", report: ClassificationReport(none), history: lost),
    ])
    let trials = [
      TrialCurve(name: "1", points: [.init(epochs: 2, score: 0.3), .init(epochs: 1e300, score: 0.5)]),
      TrialCurve(name: "2", points: [.init(epochs: -1, score: .nan)]), TrialCurve(name: "3", points: []),
    ]
    return [
      ("confusion", .confusion(report, isNormalized: false, title: "m")),
      ("normalized", .confusion(report, isNormalized: true, title: "m")),
      ("confusion of nothing", .confusion(ClassificationReport(none), isNormalized: false, title: "")),
      ("reliability", .reliability(report.reliability, title: "m")),
      ("reliability of nothing", .reliability(Reliability(none), title: "m")),
      ("curves", .curves(MadePredictions.history(60), title: "m")),
      ("odd curves", .curves(odd, title: String(repeating: "long ", count: 200))),
      ("curves of nothing", .curves(TrainingHistory(), title: "m")),
      ("lost curves", .curves(lost, title: "m")),
      ("mistakes", try .mistakes(many, title: "m", picture: ReportFolderTests.picture)),
      ("mistakes of nothing", try .mistakes(none, title: "m", picture: ReportFolderTests.picture)),
      ("examples", try .examples(many, title: "m", picture: ReportFolderTests.picture)),
      ("examples of nothing", try .examples(none, title: "m", picture: ReportFolderTests.picture)),
      ("comparison", .comparison(runs, title: "m")), ("trials", .trials(trials, title: "m")),
      ("trials of nothing", .trials([], title: "m")),
    ]
  }

  @Test func everyFigureIsAPictureAndADocument() throws {
    for (name, figure) in try Self.figures() {
      let png = try figure.png()
      #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47]), "\(name)")
      func number(_ start: Int) -> Int { png[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }
      #expect(number(16) == 2 * figure.width && number(20) == 2 * figure.height, "\(name)")
      #expect(png.suffix(8).starts(with: Array("IEND".utf8)), "\(name)")
      let svg = try figure.svg()
      #expect(XMLParser(data: Data(svg)).parse(), "\(name)")
      #expect(
        String(decoding: svg.prefix(600), as: UTF8.self).contains("width=\"\(figure.width)px\""), "\(name)")
    }
  }

  @Test func theSameFigureGivesTheSameBytes() throws {
    let first = try Self.figures().map { (try $0.1.svg(), try $0.1.png(scale: 1)) }
    let second = try Self.figures().map { (try $0.1.svg(), try $0.1.png(scale: 1)) }
    #expect(first.map(\.0) == second.map(\.0))
    #expect(first.map(\.1) == second.map(\.1))
  }

  @Test func referencesInADocumentLeadSomewhere() throws {
    let figure = try Figure.examples(
      MadePredictions.some(50), title: "m", picture: ReportFolderTests.picture)
    let text = String(decoding: try figure.svg(), as: UTF8.self)
    var names: Set<Substring> = []
    for part in text.split(separator: "id=\"").dropFirst() { names.insert(part.prefix { $0 != "\"" }) }
    let references = text.split(separator: "#").dropFirst().map { $0.prefix { $0 != "\"" && $0 != ")" } }
    #expect(references.count > 50)
    #expect(references.allSatisfy(names.contains))
  }

  @Test func sheetsAskForWhatTheyShow() throws {
    let predictions = MadePredictions.some(500)
    var asked: [Int] = []
    _ = try Figure.mistakes(predictions, title: "m") { (place) throws(Failure) in
      asked.append(place)
      return nil
    }
    #expect(asked == Array(predictions.mistakes().prefix(24)))
    let confidences = asked.compactMap(predictions.confidence)
    #expect(confidences == confidences.sorted(by: >))
    #expect(throws: Failure.self) {
      _ = try Figure.examples(predictions, title: "m") { (_) throws(Failure) in
        throw Failure(.inputOutput, step: "gone", cause: "test")
      }
    }
    #expect(throws: Failure.self) {
      try FacePicture(width: 2, height: 2, channels: 2, pixels: .init(repeating: 0, count: 8))
    }
    #expect(throws: Failure.self) { try FacePicture(width: Int.max, height: 2, channels: 1, pixels: []) }
  }

  @Test func manyClassesAreDrawnInBounds() throws {
    for count in [1, 2, 13, 100, 1024] {
      let classes = (0..<count).map { "name of class \($0)" }
      let figure = Figure.confusion(
        ClassificationReport(MadePredictions.some(50, classes: classes)), isNormalized: true, title: "m")
      #expect(figure.width < 2200 && figure.height < 2200)
      if count < 1024 { _ = try figure.png(scale: 1) }
    }
  }
}
