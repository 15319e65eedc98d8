import ExpressionNet
import ExpressionTraining
import Foundation
import PredictionFixtures
import Testing
import TrainingReports

struct TemperatureScalingTests {
  /// A network that says 90 % and is right in 70 % must be corrected to say 70 %: T = ln 9 ÷ ln (7/3).
  @Test func overconfidenceOfTwoClassesHasAClosedForm() throws {
    let predictions = try Predictions(
      classes: ["a", "b"], names: (0..<10).map { "\($0)" }, labels: [0, 0, 0, 0, 0, 0, 0, 1, 1, 1],
      probabilities: (0..<10).flatMap { _ in [0.9, 0.1] as [Float] })
    let scaling = TemperatureScaling(fitting: predictions)
    #expect(abs(scaling.temperature - log(9) / log(7.0 / 3)) < 1e-5)
    let scaled = predictions.scaled(by: SoftmaxTemperature(scaling.temperature))
    #expect(abs(scaled.probabilities[0] - 0.7) < 1e-6 && abs(scaled.probabilities[1] - 0.3) < 1e-6)
    #expect(scaled.labels == predictions.labels && scaled.names == predictions.names)
  }

  @Test func noOtherTemperatureIsBetter() throws {
    for seed in 1...5 {
      let predictions = MadePredictions.some(2000, seed: UInt64(seed), sharpness: 0.6 + Double(seed))
      let fitted = TemperatureScaling(fitting: predictions)
      func loss(_ temperature: Double) -> Double {
        let scaled = predictions.scaled(by: SoftmaxTemperature(temperature))
        return ClassificationReport(scaled).crossEntropy ?? .nan
      }
      let least = loss(fitted.temperature)
      for factor in [0.8, 0.97, 1.03, 1.25] { #expect(loss(fitted.temperature * factor) > least) }
      // Decisions stay, and calibration gets better where it was bad.
      let before = ClassificationReport(predictions)
      let after = ClassificationReport(predictions.scaled(by: SoftmaxTemperature(fitted.temperature)))
      #expect(before.confusion == after.confusion)
      if seed > 2 {
        let (old, new) = (
          try #require(before.reliability.expectedCalibrationError),
          try #require(after.reliability.expectedCalibrationError)
        )
        #expect(new < old)
      }
    }
  }

  @Test func extremesStayInRange() throws {
    let right = try Predictions(
      classes: ["a", "b"], names: ["1"], labels: [0], probabilities: [0.9, 0.1])
    #expect(abs(TemperatureScaling(fitting: right).temperature - 0.05) < 1e-4)
    let wrong = try Predictions(classes: ["a", "b"], names: ["1"], labels: [1], probabilities: [1, 0])
    #expect(abs(TemperatureScaling(fitting: wrong).temperature - 20) < 1e-3)
    let even = try Predictions(classes: ["a", "b"], names: ["1"], labels: [1], probabilities: [0.5, 0.5])
    #expect(TemperatureScaling(fitting: even).temperature == 1)
    let none = try Predictions(classes: ["a", "b"], names: ["1"], labels: [1], probabilities: [.nan, 1])
    #expect(TemperatureScaling(fitting: none).temperature == 1)
    #expect(TemperatureScaling(temperature: .nan).temperature == 1)
    #expect(TemperatureScaling(temperature: 0).temperature == 0.05)
    let kept = none.scaled(by: SoftmaxTemperature(2))
    #expect(kept.probabilities[0].isNaN && kept.probabilities[1] == 1)
    // Nothing under- or overflows, however small the outputs.
    let tiny = try Predictions(
      classes: ["a", "b"], names: ["1"], labels: [1], probabilities: [.leastNonzeroMagnitude, 0])
    for temperature in [0.05, 1, 20] {
      let scaled = tiny.scaled(by: SoftmaxTemperature(temperature))
      #expect(abs(scaled.probabilities.reduce(0, +) - 1) < 1e-5)
    }
  }
}
