import Foundation
import PredictionFixtures
import SeededNoise
import SystemIO
import Testing

@testable import TrainingReports

/// Figures for the eye: made only when FM_GALLERY names a folder for them. If it holds `faces.gray`, rows of
/// 48×48 gray pictures one after another, the sheets show those.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["FM_GALLERY"] != nil))
struct PlotsGalleryTests {
  let folder = ProcessInfo.processInfo.environment["FM_GALLERY"] ?? "."

  private func save(_ figure: Figure, _ name: String) throws {
    try figure.write(to: "\(folder)/\(name).png")
    try figure.write(to: "\(folder)/\(name).svg")
  }

  private func face(_ place: Int) throws(Failure) -> FacePicture? {
    if place % 41 == 40 { return nil }
    let faces = Self.faces
    guard faces.count >= 2304 else {
      return try FacePicture(
        width: 48, height: 48, channels: 1,
        pixels: (0..<2304).map { UInt8(truncatingIfNeeded: $0 * (place + 3)) })
    }
    let start = place % (faces.count / 2304) * 2304
    return try FacePicture(
      width: 48, height: 48, channels: 1, pixels: Array(faces[start..<start + 2304]))
  }

  private static let faces = [UInt8](
    FileManager.default.contents(
      atPath: (ProcessInfo.processInfo.environment["FM_GALLERY"] ?? ".") + "/faces.gray") ?? Data())

  @Test func wholeReport() throws {
    let report = Report(
      name: "expressions.keras", predictions: MadePredictions.some(3589), history: MadePredictions.history(60)
    )
    let files = try #require(try report.write(to: folder + "/report", picture: face))
    print(files)
  }

  @Test func confusionOfManyKinds() throws {
    let kinds: [(String, [String])] = [
      ("two", ["no", "yes"]),
      ("eight", MadePredictions.expressions + ["contempt"]),
      (
        "long",
        [
          "extremely happy and smiling with teeth", "sad", "愤怒的表情", "惊讶", "a, \"quoted\" class", "中性", "x",
          "disgusted, looking away from the camera", "恐惧",
        ]
      ),
      ("thirty", (1...30).map { "class \($0)" }),
      ("rtl", ["سعيد", "حزين جدا اليوم", "כועס", "מופתע", "neutral"]),
      ("hundred", (1...200).map { "identity-\($0 * 7919)" }),
    ]
    for (name, classes) in kinds {
      let report = ClassificationReport(MadePredictions.some(5000, classes: classes))
      try save(.confusion(report, isNormalized: false, title: "model-\(name).keras"), "confusion-\(name)")
      try save(.confusion(report, isNormalized: true, title: "model-\(name).keras"), "normalized-\(name)")
      print(report.text)
    }
  }

  @Test func sheetsOfLongNames() throws {
    let classes = ["extremely happy and smiling with teeth", "愤怒的表情", "sad"]
    let predictions = MadePredictions.some(100, classes: classes)
    try save(try .mistakes(predictions, title: "A long name of a model", picture: face), "mistakes-long")
    try save(try .examples(predictions, title: "A long name of a model", picture: face), "examples-long")
    let rtl = MadePredictions.some(30, classes: ["سعيد", "وجه حزين جدا اليوم وليس سعيدا", "כועס", "sad"])
    try save(try .mistakes(rtl, title: "نموذج", pictures: "صور", picture: face), "mistakes-rtl")
    try save(try .examples(rtl, title: "نموذج", pictures: "صور", picture: face), "examples-rtl")
    let few = MadePredictions.some(5, classes: ["a", "b", "c"])
    try save(try .mistakes(few, title: "few", pictures: "faces/validation", picture: face), "mistakes-few")
    try save(try .examples(few, title: "few", pictures: "faces/validation", picture: face), "examples-few")
    for (name, sharpness) in [("sure", 9.0), ("unsure", 0.3)] {
      let made = MadePredictions.some(400, sharpness: sharpness)
      try save(.reliability(Reliability(made), title: name, pictures: "faces"), "reliability-" + name)
    }
    let none = try Predictions(classes: classes, names: [], labels: [], probabilities: [])
    try save(try .mistakes(none, title: "Nothing", picture: face), "mistakes-none")
    try save(try .examples(none, title: "Nothing", picture: face), "examples-none")
    try save(.reliability(Reliability(none), title: "Nothing"), "reliability-none")
  }

  @Test func curvesOfManyKinds() throws {
    for epochs in [1, 2, 9, 300] {
      try save(.curves(MadePredictions.history(epochs), title: "expressions.keras"), "curves-\(epochs)")
    }
    var odd = MadePredictions.history(20)
    odd.epochs[0].loss = 1e9
    odd.epochs[7].loss = .nan
    odd.epochs[8].validationAccuracy = nil
    odd.epochs[19].loss = .infinity
    try save(.curves(odd, title: "odd numbers"), "curves-odd")
    for index in odd.epochs.indices {
      odd.epochs[index].validationLoss = nil
      odd.epochs[index].validationAccuracy = nil
    }
    try save(.curves(odd, title: "without validation"), "curves-training")
  }

  @Test func comparisons() throws {
    for count in [1, 3, 9] {
      var runs: [RunComparison.Run] = []
      for index in 0..<count {
        let long = "compact, learning rate 0.1, batch 128, weight average 0.999.keras"
        let sharpness = 1 + Double(index) / 4
        let predictions = MadePredictions.some(1000, seed: UInt64(index), sharpness: sharpness)
        let ceiling = 0.6 + 0.02 * Double(index)
        let history = MadePredictions.history(30 + 10 * index, seed: UInt64(index), ceiling: ceiling)
        runs.append(
          RunComparison.Run(
            name: index == 1 ? long : "run \(index)", report: ClassificationReport(predictions),
            history: index == 2 && count > 3 ? nil : history))
      }
      let comparison = try RunComparison(runs)
      try save(.comparison(comparison, title: "Comparison of runs"), "comparison-\(count)")
      print(comparison.text)
    }
  }

  @Test func trials() throws {
    var generator = Noise(5)
    for count in [1, 27, 400] {
      let trials = (0..<count).map { index -> TrialCurve in
        let ceiling = Double.random(in: 0.3...0.68, using: &generator)
        let rungs = index % 13 == 12 ? 0 : index % 9 == 0 ? 4 : index % 3 == 0 ? 2 : 1
        let rungEpochs: [Double] = [2, 6, 18, 54]
        let points = rungEpochs.prefix(rungs).map { (epochs: Double) -> TrialCurve.Point in
          TrialCurve.Point(epochs: epochs, score: ceiling * (1 - exp(-epochs / 5)))
        }
        return TrialCurve(name: "trial \(index + 1)", points: points)
      }
      let importance = [("learning_rate", 0.61), ("batch_size", 0.14), ("filters", 0.08), ("flip", 0.004)].map
      {
        SettingShare(name: $0.0, share: $0.1)
      }
      try save(
        .trials(trials, importance: count < 10 ? [] : importance, title: "expressions.keras"),
        "trials-\(count)")
    }
  }
}
