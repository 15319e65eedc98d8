import NetworkEngine
import NetworkModel
import SystemIO

/// Compares what a model answers in several precisions, picture by picture, by a single view and by the mean with its
/// mirror image.
package final class PrecisionComparison {
  /// What the pictures are given as: the views of ``compare(_:labels:)``.
  package static let views = PictureViews.flip
  /// The views that answers are compared for. The first of ``views`` is the single one.
  private static let compared = [PictureViews.single, .flip]

  private struct Count {
    var found = 0
    var agreeing = 0
  }

  private let reading: OutputReading
  private let networks: [(precision: Precision, network: Network)]
  private var counts: [PictureViews: [Precision: Count]] = [:]
  /// Pictures compared so far.
  package private(set) var pictures = 0

  /// - Parameters:
  ///   - precisions: Besides f32, which always takes part.
  ///   - calibration: The ranges for int8.
  /// - Throws: ``Failure`` if a network cannot be made.
  package init(
    _ graph: ModelGraph, _ precisions: [Precision], calibration: Calibration, threads: Int = 0
  ) throws(Failure) {
    reading = OutputReading(graph)
    var networks: [(Precision, Network)] = []
    for precision in [.f32] + precisions.filter({ $0 != .f32 }) {
      networks.append(
        (
          precision,
          try Network(graph, threads: threads, precision: precision, calibration: calibration)
        ))
    }
    self.networks = networks
  }

  /// Runs all of them on pictures.
  /// - Parameters:
  ///   - inputs: All views of the first picture, all of the second, and so on.
  ///   - labels: The index of each picture's class.
  package func compare(_ inputs: [Float], labels: [Int]) throws(Failure) {
    var reference: [PictureViews: [Int]] = [:]
    for (precision, network) in networks {
      var results: [Float] = []
      try network.predict(inputs).withUnsafeBufferPointer { reading.append($0, to: &results) }
      for views in Self.compared {
        let answers = answers(results, views)
        if precision == .f32 { reference[views] = answers }
        var count = counts[views]?[precision] ?? Count()
        for (index, label) in labels.enumerated() {
          count.found += answers[index] == label ? 1 : 0
          count.agreeing += answers[index] == reference[views]?[index] ? 1 : 0
        }
        counts[views, default: [:]][precision] = count
      }
    }
    pictures += labels.count
  }

  /// The class of each picture's greatest probability, averaged over some of its views.
  private func answers(_ results: [Float], _ views: PictureViews) -> [Int] {
    let classes = reading.classCount
    let step = Self.views.count * classes
    var rows: [Float] = []
    for start in stride(from: 0, to: results.count, by: step) {
      rows += results[start..<(start + views.count * classes)]
    }
    views.average(&rows, classes: classes)
    return stride(from: 0, to: rows.count, by: classes).map { start in
      (0..<classes).max { rows[start + $0] < rows[start + $1] } ?? 0
    }
  }

  /// The fractions found, for each of the views; none if no picture was compared.
  package func accuracies() throws(Failure) -> [PictureViews: Calibration.Accuracy] {
    let total = Double(pictures)
    let hadIntegerDotProduct = try ProcessorAbilities.here().hasIntegerDotProduct
    return counts.mapValues { counts in
      Calibration.Accuracy(
        pictures: pictures, found: counts.mapValues { Double($0.found) / total },
        agreement: counts.filter { $0.key != .f32 }.mapValues { Double($0.agreeing) / total },
        hadIntegerDotProduct: hadIntegerDotProduct)
    }
  }
}
