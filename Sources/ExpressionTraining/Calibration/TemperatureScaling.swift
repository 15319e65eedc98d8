import ExpressionNet
import Glibc
import TrainingReports

/// Calibration with one number, found on labeled pictures: see ``SoftmaxTemperature``.
package struct TemperatureScaling: Sendable, Equatable {
  /// The temperatures a fit can give; beyond them probabilities are nearly one-hot or nearly equal.
  package static let range = 0.05...20.0

  /// Above 1 for an overconfident network.
  package let temperature: Double

  /// - Parameter temperature: cut to ``range``; 1 if it is NaN.
  package init(temperature: Double) {
    self.temperature =
      temperature.isNaN ? 1 : min(max(temperature, Self.range.lowerBound), Self.range.upperBound)
  }

  /// The temperature with the least mean cross-entropy on labeled pictures, to about 1e-6; 1 without pictures
  /// that have a prediction.
  ///
  /// The loss is convex in 1/T: L'(β) is the mean of E[z] − z(true class) under softmax(βz), and L'' the mean
  /// variance. Newton's steps on L' are kept inside a bracket that halves when a step would leave it.
  package init(fitting predictions: Predictions) {
    let pictures = (0..<predictions.count).filter { predictions.predicted($0) != nil }
    guard !pictures.isEmpty, predictions.classes.count > 1 else {
      self.init(temperature: 1)
      return
    }
    let classCount = predictions.classes.count
    // ln p, the largest of each row moved to 0 so that exp cannot overflow.
    var logits = [Double](repeating: 0, count: pictures.count * classCount)
    for (place, picture) in pictures.enumerated() {
      let row = predictions.row(picture).map(SoftmaxTemperature.logit)
      let largest = row.max() ?? 0
      for index in 0..<classCount { logits[place * classCount + index] = row[index] - largest }
    }
    func slopeAndCurvature(_ beta: Double) -> (Double, Double) {
      var (slope, curvature) = (0.0, 0.0)
      for (place, picture) in pictures.enumerated() {
        let start = place * classCount
        var (sum, first, second) = (0.0, 0.0, 0.0)
        for logit in logits[start..<start + classCount] {
          let weight = exp(beta * logit)
          sum += weight
          first += weight * logit
          second += weight * logit * logit
        }
        let mean = first / sum
        slope += mean - logits[start + predictions.labels[picture]]
        curvature += second / sum - mean * mean
      }
      return (slope, curvature)
    }
    var (low, high) = (1 / Self.range.upperBound, 1 / Self.range.lowerBound)
    var beta = 1.0
    for _ in 0..<100 {
      let (slope, curvature) = slopeAndCurvature(beta)
      if slope == 0 { break }
      if slope > 0 { high = beta } else { low = beta }
      let step = curvature > 0 ? beta - slope / curvature : .nan
      let next = step > low && step < high ? step : (low + high) / 2
      let change = abs(next - beta)
      beta = next
      if change < 1e-7 * beta { break }
    }
    self.init(temperature: 1 / beta)
  }
}

extension Predictions {
  /// The probabilities of `fm-classify` for the same pictures, if these are the outputs of a model with this
  /// temperature; nil changes nothing.
  package func scaled(by temperature: SoftmaxTemperature?) -> Predictions {
    guard let temperature else { return self }
    let classCount = classes.count
    var probabilities = probabilities
    probabilities.withUnsafeMutableBufferPointer { values in
      for picture in 0..<count {
        temperature.apply(
          to: UnsafeMutableBufferPointer(rebasing: values[picture * classCount..<(picture + 1) * classCount]))
      }
    }
    return replacing(probabilities: probabilities)
  }

  /// False if a picture's outputs are finite but not probabilities: negative, or with a sum far from 1.
  package var areProbabilities: Bool {
    (0..<count).allSatisfy { picture in
      let row = row(picture)
      return !row.allSatisfy(\.isFinite)
        || (row.allSatisfy { $0 >= 0 } && abs(row.reduce(0) { $0 + Double($1) } - 1) < 0.02)
    }
  }
}
