import FrameStream
import PredictionFixtures
import Testing

@testable import TrainingReports

/// Figures of other pictures are not called better or worse.
struct RunComparisonTests {
  private static let predictions = MadePredictions.some(200)

  /// - Parameter details: JSON, as `report.json` has it.
  private func run(
    _ name: String, _ details: String = "{}",
    _ predictions: Predictions = MadePredictions.some(200, sharpness: 1)
  ) throws -> RunComparison.Run {
    let json = try JSONValue(JSONText(parsing: Array(details.utf8)))
    return RunComparison.Run(
      name: name, report: ClassificationReport(predictions), conditions: .init(details: json))
  }

  @Test func whatCanBeComparedIs() throws {
    for (first, second) in [
      ("{}", "{}"),
      (#"{"pictures":"faces/test","views":"flip"}"#, #"{"pictures":"./faces/test/","views":"flip"}"#),
      // What fit calls validation may well be a folder of as many pictures.
      (#"{"pictures":"validation","views":"single"}"#, #"{"pictures":"faces/v","views":"single"}"#),
      ("{}", #"{"pictures":"faces/v","views":"single"}"#),
    ] {
      let comparison = try RunComparison([run("a", first, Self.predictions), run("b", second)])
      #expect(comparison.warning == nil)
      #expect(comparison.text.contains("* the best of the column"), "\(comparison.text)")
    }
  }

  @Test(arguments: [
    (#"{"pictures":"faces/a"}"#, #"{"pictures":"faces/b"}"#, "the pictures' folders", "from", "faces/b"),
    (
      #"{"pictures":"training"}"#, #"{"pictures":"validation"}"#, "the pictures' folders", "from",
      "validation"
    ),
    (#"{"views":"single"}"#, #"{"views":"ten-crop"}"#, "views", "views", "ten-crop"),
    ("{}", #"{"downscale":16}"#, "downscale", "downscale", "16"),
    ("{}", #"{"blur":1.5}"#, "blur", "blur", "1.5"),
    (#"{"turn":10}"#, #"{"turn":20}"#, "turn", "turn", "20"),
    ("{}", #"{"low_light":0.25}"#, "low light", "low light", "0.25"),
  ])
  func whatDiffersIsTold(_ first: String, _ second: String, _ word: String, _ heading: String, _ cell: String)
    throws
  {
    let comparison = try RunComparison([
      run("a", first, Self.predictions), run("b", second), run("c", second),
    ])
    let warning = try #require(comparison.warning)
    #expect(warning.hasPrefix("the reports differ in \(word): "), "\(warning)")
    let lines = comparison.text.split(separator: "\n")
    #expect(lines[0].contains(" \(heading) ") && lines[2].contains(" \(cell) "), "\(comparison.text)")
    #expect(!comparison.text.contains("*"), "\(comparison.text)")
  }

  @Test func classesAndNumbersAreConditionsToo() throws {
    let four = MadePredictions.some(200, classes: ["a", "b", "c", "d"])
    let fewer = MadePredictions.some(100)
    let comparison = try RunComparison([
      run("x", "{}", Self.predictions), run("y", "{}", four), run("z", "{}", fewer),
    ])
    #expect(comparison.warning?.hasPrefix("the reports differ in classes and pictures: ") == true)
    #expect(comparison.text.contains("a, b, c, d") && !comparison.text.contains("*"), "\(comparison.text)")
    // Other labels of as many pictures.
    let labels = try RunComparison([
      run("x", "{}", Self.predictions), run("y", "{}", MadePredictions.some(200, seed: 2)),
    ])
    #expect(labels.warning?.hasPrefix("the reports differ in pictures: ") == true)
    let plain = try RunComparison([run("x", "{}", Self.predictions), run("y")])
    #expect(
      Figure.comparison(comparison, title: "").width > Figure.comparison(plain, title: "").width)
  }

  @Test func recordsSayWhatTheyAreOf() throws {
    let details = """
      {"pictures":"faces/test","views":"flip","downscale":16,"blur":1.5,"turn":20,"low_light":0.25}
      """
    let lines = try RunComparison([run("a", details), run("b")]).ndjson().split(separator: 0x0A)
    let records = try lines.map { try JSONValue(JSONText(parsing: Array($0))) }
    #expect(records.map { $0["count"]?.int } == [200, 200])
    #expect(records[0]["pictures"]?.string == "faces/test" && records[0]["views"]?.string == "flip")
    #expect(records[0]["downscale"]?.int == 16 && records[0]["blur"]?.double == 1.5)
    #expect(records[0]["turn"]?.double == 20 && records[0]["low_light"]?.double == 0.25)
    #expect(records[1]["pictures"]?.isNull == true && records[1]["blur"]?.isNull == true)
  }
}
