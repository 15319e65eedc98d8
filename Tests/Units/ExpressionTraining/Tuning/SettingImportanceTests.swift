import Foundation
import FrameStream
import PictureData
import SystemIO
import Testing

@testable import ExpressionTraining

/// Which settings of a search mattered, and which numbers it draws.
struct SettingImportanceTests {
  private static func value(_ text: String) throws -> JSONValue {
    try JSONValue(JSONText(parsing: Array(text.utf8)))
  }

  /// Trials whose score is a function of their settings.
  private static func records(
    _ count: Int, score: (_ rate: Double, _ batch: Int, _ flip: Bool) -> Double
  ) throws -> [TrialRecord] {
    var random = SeededGenerator(seed: 3)
    return try (0..<count).map { number in
      let (rate, batch, flip) = (
        random.uniform(), 1 << Int.random(in: 4...7, using: &random), Bool.random(using: &random)
      )
      return TrialRecord(
        seed: 1, number: number, rung: 0, epochs: 1, score: score(rate, batch, flip), validationLoss: nil,
        seconds: 1, message: nil,
        settings: [
          ("rate", try value("\(rate)")), ("batch", try value("\(batch)")), ("flip", .bool(flip)),
          ("same", .string("x")),
        ], search: nil)
    }
  }

  @Test func theSettingThatDecidesHasTheVariance() throws {
    let shares = SettingImportance.shares(of: try Self.records(60) { rate, _, _ in rate * rate })
    #expect(
      shares.map(\.name).sorted() == ["batch", "flip", "rate"],
      "one that is the same in all trials is left out")
    #expect(shares[0].name == "rate" && shares[0].share > 0.85, "\(shares)")
    #expect(shares.dropFirst().allSatisfy { $0.share < 0.06 }, "\(shares)")
    let two = SettingImportance.shares(of: try Self.records(80) { rate, _, flip in rate + (flip ? 0.6 : 0) })
    let byName = Dictionary(uniqueKeysWithValues: two.map { ($0.name, $0.share) })
    // Their variances are 1/12 and 0.09.
    #expect(abs((byName["rate"] ?? 0) - 0.48) < 0.12 && abs((byName["flip"] ?? 0) - 0.52) < 0.12, "\(two)")
    // Neither matters by itself where only both together do.
    let both = SettingImportance.shares(
      of: try Self.records(80) { rate, _, flip in (rate > 0.5) == flip ? 1 : 0 })
    #expect(both.allSatisfy { $0.share < 0.3 }, "\(both)")
  }

  @Test func tooLittleSaysNothing() throws {
    let few = try Self.records(SettingImportance.leastTrials - 1) { rate, _, _ in rate }
    #expect(SettingImportance.shares(of: few).isEmpty)
    #expect(SettingImportance.shares(of: try Self.records(30) { _, _, _ in 0.5 }).isEmpty, "no variance")
    var later = try Self.records(30) { rate, _, _ in rate }
    for index in later.indices { later[index].rung = 1 }
    #expect(SettingImportance.shares(of: later).isEmpty, "not all of them are there")
    let records = try Self.records(40) { rate, batch, _ in rate / Double(batch) }
    #expect(
      SettingImportance.shares(of: records) == SettingImportance.shares(of: records.reversed()), "any order")
  }

  @Test func wholeSettingsAreDrawnWhole() throws {
    for range in [#"{"min": 8, "max": 11}"#, #"{"min": 8, "max": 11, "scale": "log"}"#] {
      let space = try SearchSpace(Self.value(#"{"batch_size": \#(range), "rotation": {"min": 0, "max": 2}}"#))
      var generator = SeededGenerator(seed: 2)
      var counts: [Int: Int] = [:]
      var fractions = 0
      for _ in 0..<400 {
        let settings = space.draw(&generator)
        counts[try #require(settings[0].value.int), default: 0] += 1
        if settings[1].value.int == nil { fractions += 1 }
      }
      #expect(counts.keys.sorted() == [8, 9, 10, 11])
      #expect(counts.values.allSatisfy { (60...145).contains($0) }, "\(counts)")
      #expect(fractions > 350)
    }
    for wrong in [#"{"batch_size": {"min": 8, "max": 10.5}}"#, #"{"batch_size": {"min": 0, "max": 4}}"#] {
      #expect(throws: Failure.self) { try SearchSpace(Self.value(wrong)) }
    }
  }
}
