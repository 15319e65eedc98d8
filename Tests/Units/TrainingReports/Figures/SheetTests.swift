import Drawing
import Foundation
import PredictionFixtures
import Testing

@testable import TrainingReports

/// Sheets and matrices of few pictures, many classes and names written from right to left.
struct SheetTests {
  private func svg(_ figure: Figure) throws -> String { String(decoding: try figure.svg(), as: UTF8.self) }

  @Test func sheetsAreAsWideAsTheirPictures() throws {
    let few = MadePredictions.some(5, classes: ["a", "b", "c"])
    let many = MadePredictions.some(300, classes: ["a", "b", "c"])
    let picture = ReportFolderTests.picture
    #expect(
      try Figure.examples(few, title: "m", picture: picture).width
        < Figure.examples(many, title: "m", picture: picture).width)
    #expect(
      try Figure.mistakes(few, title: "m", picture: picture).width
        < Figure.mistakes(many, title: "m", picture: picture).width)
  }

  @Test func countsAreInAMatrixOfThirtyClasses() throws {
    // A count is glyphs of its own: without counts there are those of the names only.
    func glyphs(_ classes: Int) throws -> Int {
      let report = ClassificationReport(MadePredictions.some(2000, classes: (1...classes).map { "c\($0)" }))
      return try svg(.confusion(report, isNormalized: false, title: "m")).components(separatedBy: "<use")
        .count
    }
    let (thirty, hundred) = (try glyphs(30), try glyphs(100))
    #expect(thirty > 300, "\(thirty), and \(hundred) without counts")
  }

  @Test func importanceMakesTheFigureHigher() {
    let trials = [TrialCurve(name: "1", points: [.init(epochs: 1, score: 0.5)])]
    let shares = [SettingShare(name: "learning_rate", share: 0.6), SettingShare(name: "flip", share: 0)]
    #expect(
      Figure.trials(trials, importance: shares, title: "m").height > Figure.trials(trials, title: "m").height)
  }
}
