import Foundation
import SeededNoise
import TrainingReports

/// Predictions and histories as training gives them, the same in every run.
package enum MadePredictions {
  /// The classes of FER-2013, in alphabetical order.
  package static let expressions = ["angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"]

  /// Softmax outputs of a network that is right more often than not, `sharpness` making it surer.
  package static func some(
    _ count: Int, classes: [String] = expressions, seed: UInt64 = 1, sharpness: Double = 1.6
  ) -> Predictions {
    var generator = Noise(seed)
    var labels: [Int] = []
    var probabilities: [Float] = []
    for _ in 0..<count {
      let share = Double.random(in: 0..<1, using: &generator)
      let label = min(classes.count - 1, Int(share * share * Double(classes.count)) * 5 % classes.count)
      labels.append(label)
      var logits = classes.indices.map { index in
        (Double.random(in: -1..<1, using: &generator) + Double.random(in: -1..<1, using: &generator))
          + (index == label ? 1.1 : 0)
      }
      logits = logits.map { exp($0 * sharpness) }
      let sum = logits.reduce(0, +)
      probabilities += logits.map { Float($0 / sum) }
    }
    // swift-format-ignore: NeverUseForceTry
    return try! Predictions(
      classes: classes, names: (0..<count).map { "\(classes[labels[$0]])/picture-\($0).png" }, labels: labels,
      probabilities: probabilities)
  }

  /// A run whose training keeps getting better than its validation.
  package static func history(_ epochs: Int, seed: UInt64 = 1, ceiling: Double = 0.68) -> TrainingHistory {
    var generator = Noise(seed)
    return TrainingHistory(
      (1...max(epochs, 1)).map { epoch in
        let progress = 1 - exp(-Double(epoch) / 9)
        let noise = Double.random(in: -0.012...0.012, using: &generator)
        let over = Double(epoch) / Double(max(epochs, 1))
        return EpochRecord(
          epoch: epoch, loss: 1.9 - 1.1 * progress - 0.25 * over, accuracy: 0.2 + 0.5 * progress + 0.1 * over,
          validationLoss: 1.85 - 0.9 * progress + 0.12 * over * over + noise * 2,
          validationAccuracy: 0.22 + (ceiling - 0.22) * progress - 0.02 * over * over + noise,
          learningRate: 0.1 * (1 - over), seconds: 54, picturesPerSecond: 516)
      })
  }
}
