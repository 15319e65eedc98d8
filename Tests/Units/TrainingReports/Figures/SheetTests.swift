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

  @Test func findsAreNumberedWithTheirScores() throws {
    let picture = try FacePicture(width: 8, height: 4, channels: 1, pixels: [UInt8](repeating: 90, count: 32))
    func figure(_ count: Int, score: Double? = 0.93) -> Figure {
      .finds(
        (0..<count).map { _ in Figure.Find(picture: picture, score: score, name: "trees/one.png") },
        title: "m", summary: "the highest scores")
    }
    let (one, nine) = (figure(1), figure(9))
    #expect(nine.height > one.height && figure(8).height == one.height && figure(8).width == nine.width)
    // A picture for each, and a score where there is one.
    #expect(
      try svg(nine).components(separatedBy: "<image").count > svg(one).components(separatedBy: "<image").count
    )
    #expect(
      try svg(one).components(separatedBy: "<use").count
        > svg(figure(1, score: nil)).components(separatedBy: "<use").count)
    // No find is a sheet too; a thousand are more than a figure holds.
    #expect(figure(0).height > 50 && figure(1000).height <= Figure.largestSide)
  }
}
