/// How reliable confidence is: pictures sorted by confidence into bins of equal width.
///
/// Bin m of M holds confidences in ((m − 1)/M, m/M], 0 being in the first, and the expected calibration error is
/// the mean over pictures of |accuracy − mean confidence| of their bin: Guo, Pleiss, Sun and Weinberger, "On
/// Calibration of Modern Neural Networks", 2017, with their M = 15.
package struct Reliability: Sendable, Equatable {
  /// The number of bins.
  package static let binCount = 15

  /// The pictures of one range of confidence.
  package struct Bin: Sendable, Equatable {
    /// Pictures in the bin.
    package var count: Int
    /// Mean confidence of the bin's pictures; 0 if there are none.
    package var confidence: Double
    /// Share of the bin's pictures that were classified correctly; 0 if there are none.
    package var accuracy: Double
  }

  /// The bins by ascending confidence.
  package let bins: [Bin]

  /// Pictures without a prediction are left out; confidences are cut to 0…1.
  package init(_ predictions: Predictions) {
    var counts = [Int](repeating: 0, count: Self.binCount)
    var right = counts
    var sums = [Double](repeating: 0, count: Self.binCount)
    for picture in 0..<predictions.count {
      guard let predicted = predictions.predicted(picture), let value = predictions.confidence(picture) else {
        continue
      }
      let confidence = min(max(Double(value), 0), 1)
      let bin = max(0, Int((confidence * Double(Self.binCount)).rounded(.up)) - 1)
      counts[bin] += 1
      sums[bin] += confidence
      if predicted == predictions.labels[picture] { right[bin] += 1 }
    }
    bins = counts.indices.map { index in
      let count = Double(max(counts[index], 1))
      return Bin(
        count: counts[index], confidence: sums[index] / count, accuracy: Double(right[index]) / count)
    }
  }

  init(bins: [Bin]) { self.bins = bins }

  /// Pictures in all bins.
  package var count: Int { bins.reduce(0) { $0 + $1.count } }

  /// 0 to 1; nil without pictures.
  package var expectedCalibrationError: Double? {
    mean { abs($0.accuracy - $0.confidence) }
  }

  /// Mean of all confidences; nil without pictures.
  package var meanConfidence: Double? { mean(\.confidence) }

  private func mean(_ value: (Bin) -> Double) -> Double? {
    let count = count
    guard count > 0 else { return nil }
    return bins.reduce(0) { $0 + Double($1.count) / Double(count) * value($1) }
  }
}
