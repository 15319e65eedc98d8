import Foundation
import PredictionFixtures
import SystemIO
import Testing
import TextTables

@testable import PictureData
@testable import TrainingReports

/// The text above figures and under pictures is present and whole.
struct FigureHeadTests {
  @Test func figuresSayWhatPicturesTheyAreOf() throws {
    func documents(_ pictures: String?) throws -> [String: [UInt8]] {
      var report = Report(
        name: "m", predictions: MadePredictions.some(60), history: MadePredictions.history(3))
      report.pictures = pictures
      let figures = try report.figures(ClassificationReport(report.predictions)) { (_) throws(Failure) in nil
      }
      var documents: [String: [UInt8]] = [:]
      for (name, figure) in figures { documents[name] = try figure.svg() }
      return documents
    }
    let (none, test, other) = try (documents(nil), documents("faces/test"), documents("faces/validation"))
    #expect(none.count == 6)
    for name in none.keys {
      // The curves are of all that was trained and validated with.
      let isOfBoth = name == "curves"
      #expect((none[name] == test[name]) == isOfBoth && (test[name] == other[name]) == isOfBoth, "\(name)")
    }
  }

  @Test(arguments: [2, 4, 12]) func aNarrowMatrixHasRoomForItsHead(_ count: Int) throws {
    let classes = (0..<count).map { "\($0)" }
    let report = ClassificationReport(MadePredictions.some(60, classes: classes))
    let line =
      "Confusion matrix, shares of each true class · accuracy \(DecimalText.percent(report.accuracy)) of 60 pictures"
    let pictures = "the 60 pictures that it was trained with (no --validation)"
    let figure = Figure.confusion(report, isNormalized: true, title: "m", pictures: pictures)
    for text in [line, PlotStyle.ofPictures(pictures)] {
      let width = PlotStyle.measuredWidth(text, size: PlotStyle.textSize)
      #expect(width > 100 && Double(figure.width) >= 2 * PlotStyle.margin + width)
    }
    // A path of any length does not widen it.
    let long = Figure.confusion(
      report, isNormalized: true, title: "m", pictures: String(repeating: "long/", count: 200))
    #expect(long.width <= 1000)
  }

  /// Between two cells of the sheet there is paper.
  @Test func namesStayInTheirCells() throws {
    let classes = (0..<9).map { "Gesichtsausdruck \($0) mit Leerzeichen und Bindestrichen" }
    let figure = try Figure.mistakes(MadePredictions.some(400, classes: classes), title: "m") {
      (_) throws(Failure) in nil
    }
    let path = NSTemporaryDirectory() + "sheet-\(UUID().uuidString).png"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(figure.png(scale: 1)).write(to: URL(fileURLWithPath: path))
    let (width, height) = (figure.width, figure.height)
    var pixels = [UInt8](repeating: 0, count: width * height)
    var reader = PictureReader(LoadingOptions(width: width, height: height))
    try pixels.withUnsafeMutableBufferPointer { try reader.read(path, into: $0.baseAddress!) }
    let captions = 76 + 124 + 4..<76 + 124 + 36
    func darkest(_ columns: Range<Int>) -> UInt8 {
      captions.flatMap { row in columns.map { pixels[row * width + $0] } }.min() ?? 0
    }
    for cell in 0..<5 {
      let left = 24 + cell * (124 + 18)
      #expect(darkest(left..<left + 124) < 200)
      #expect(darkest(left + 124 + 2..<left + 124 + 16) > 250, "after cell \(cell)")
    }
  }
}
