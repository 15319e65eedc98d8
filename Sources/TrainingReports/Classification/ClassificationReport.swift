import Glibc

/// The accuracy of a network on labeled pictures: what scikit-learn's `classification_report` says and the
/// figures around it.
///
/// A quotient with a zero divisor is 0. A picture with an output that is not finite has no prediction: it counts
/// in its class's support and against recall and accuracy, but in no column of the confusion matrix, and is left
/// out of the losses and of calibration, which cannot be computed from it; ``withoutPrediction`` counts such.
package struct ClassificationReport: Sendable, Equatable {
  /// Precision, recall and F1, each 0 to 1.
  package struct Scores: Sendable, Equatable {
    /// Share of the pictures with this prediction that are of the class.
    package var precision: Double
    /// Share of the class's pictures with this prediction.
    package var recall: Double
    /// The harmonic mean of both.
    package var f1: Double
  }

  /// Class names in the order of the network's outputs.
  package let classes: [String]
  /// Pictures of each class.
  package let support: [Int]
  /// Pictures by true class (row) and predicted class (column).
  package let confusion: [[Int]]
  /// Pictures whose outputs are not all finite.
  package let withoutPrediction: Int
  /// Share of pictures whose class has one of the two largest outputs, earlier classes first among equals.
  package let top2Accuracy: Double
  /// Mean of −ln p(true class) as Keras computes it: outputs divided by their sum, cut to 1e-7…1 − 1e-7. Nil
  /// without pictures.
  package let crossEntropy: Double?
  /// Mean over pictures of Σ over classes of (output − target)², 0 to 2 (Brier 1950; scikit-learn's
  /// `brier_score_loss` with `scale_by_half=False`). Nil without pictures.
  package let brierScore: Double?
  /// How accuracy depends on confidence.
  package let reliability: Reliability

  /// The report on a network's predictions.
  package init(_ predictions: Predictions) {
    let classCount = predictions.classes.count
    var support = [Int](repeating: 0, count: classCount)
    var confusion = [[Int]](repeating: support, count: classCount)
    var (withoutPrediction, amongTwo) = (0, 0)
    var (entropy, brier) = (0.0, 0.0)
    for picture in 0..<predictions.count {
      let label = predictions.labels[picture]
      support[label] += 1
      guard let predicted = predictions.predicted(picture) else {
        withoutPrediction += 1
        continue
      }
      confusion[label][predicted] += 1
      if predictions.isAmongLargest(2, picture) { amongTwo += 1 }
      let row = predictions.row(picture)
      let sum = row.reduce(0) { $0 + Double($1) }
      let own = Double(row[row.startIndex + label])
      let share = sum > 0 ? own / sum : 0
      entropy -= log(min(max(share, 1e-7), 1 - 1e-7))
      brier += row.reduce(0) { $0 + Double($1) * Double($1) } - 2 * own + 1
    }
    let count = predictions.count
    let predictedCount = count - withoutPrediction
    self.classes = predictions.classes
    self.support = support
    self.confusion = confusion
    self.withoutPrediction = withoutPrediction
    top2Accuracy = Self.quotient(amongTwo, count)
    crossEntropy = predictedCount > 0 ? entropy / Double(predictedCount) : nil
    brierScore = predictedCount > 0 ? brier / Double(predictedCount) : nil
    reliability = Reliability(predictions)
  }

  /// The report on answers without probabilities: what would be computed from those is nil or not a number.
  /// - Parameter confusion: answers by true class (row) and answered class (column).
  package init(classes: [String], confusion: [[Int]]) {
    self.init(
      classes: classes, support: confusion.map { $0.reduce(0, +) }, confusion: confusion, top2Accuracy: .nan,
      crossEntropy: nil, brierScore: nil, reliability: Reliability(bins: []))
  }

  init(
    classes: [String], support: [Int], confusion: [[Int]], top2Accuracy: Double, crossEntropy: Double?,
    brierScore: Double?, reliability: Reliability
  ) {
    self.classes = classes
    self.support = support
    self.confusion = confusion
    self.withoutPrediction = support.reduce(0, +) - confusion.joined().reduce(0, +)
    self.top2Accuracy = top2Accuracy
    self.crossEntropy = crossEntropy
    self.brierScore = brierScore
    self.reliability = reliability
  }

  /// Pictures.
  package var count: Int { support.reduce(0, +) }

  /// Share of pictures whose class is predicted.
  package var accuracy: Double {
    Self.quotient(classes.indices.reduce(0) { $0 + confusion[$1][$1] }, count)
  }

  /// How much two observers agree beyond what chance gives, −1 to 1 (Cohen 1960); nil without pictures, and where chance
  /// alone agrees always.
  package var cohensKappa: Double? {
    let count = confusion.joined().reduce(0, +)
    guard count > 0 else { return nil }
    var columns = [Double](repeating: 0, count: classes.count)
    for row in confusion { for (index, value) in row.enumerated() { columns[index] += Double(value) } }
    let total = Double(count)
    let observed = classes.indices.reduce(0) { $0 + Double(confusion[$1][$1]) } / total
    let expected = classes.indices.reduce(0) { sum, index in
      sum + Double(confusion[index].reduce(0, +)) * columns[index] / (total * total)
    }
    return expected < 1 ? (observed - expected) / (1 - expected) : nil
  }

  /// The scores of each class.
  package var classScores: [Scores] {
    var predicted = [Int](repeating: 0, count: classes.count)
    for row in confusion {
      for (index, value) in row.enumerated() { predicted[index] += value }
    }
    return classes.indices.map { index in
      let right = confusion[index][index]
      return Scores(
        precision: Self.quotient(right, predicted[index]), recall: Self.quotient(right, support[index]),
        f1: Self.quotient(2 * right, predicted[index] + support[index]))
    }
  }

  /// The classes' plain mean. Classes that occur neither as label nor as prediction count, with 0.
  package var macroAverage: Scores {
    average(weights: classes.map { _ in 1 / Double(classes.count) })
  }

  /// The classes' mean weighted by support.
  package var weightedAverage: Scores {
    average(weights: support.map { Self.quotient($0, count) })
  }

  private func average(weights: [Double]) -> Scores {
    zip(classScores, weights).reduce(into: Scores(precision: 0, recall: 0, f1: 0)) { sum, element in
      sum.precision += element.0.precision * element.1
      sum.recall += element.0.recall * element.1
      sum.f1 += element.0.f1 * element.1
    }
  }

  /// Each row of the confusion matrix divided by its class's support.
  package var normalizedConfusion: [[Double]] {
    zip(confusion, support).map { row, support in row.map { Self.quotient($0, support) } }
  }

  static func quotient(_ dividend: Int, _ divisor: Int) -> Double {
    divisor > 0 ? Double(dividend) / Double(divisor) : 0
  }
}
