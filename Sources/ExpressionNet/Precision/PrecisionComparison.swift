import NetworkEngine
import NetworkModel
import SystemIO

/// Compares what a model answers in several precisions, picture by picture.
package final class PrecisionComparison {
  private let reading: OutputReading
  private let networks: [(precision: Precision, network: Network)]
  private var counts: [Precision: (found: Int, agreeing: Int)] = [:]
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
      counts[precision] = (0, 0)
    }
    self.networks = networks
  }

  /// Runs all of them on pictures that lie one after the other.
  /// - Parameter labels: The index of each picture's class.
  package func compare(_ inputs: [Float], labels: [Int]) throws(Failure) {
    var reference: [Int] = []
    for (precision, network) in networks {
      var results: [Float] = []
      try network.predict(inputs).withUnsafeBufferPointer { reading.append($0, to: &results) }
      let answers = labels.indices.map { index in
        let row = results[(index * reading.classCount)..<((index + 1) * reading.classCount)]
        return (row.indices.max { row[$0] < row[$1] } ?? row.startIndex) - row.startIndex
      }
      if precision == .f32 { reference = answers }
      for index in labels.indices {
        counts[precision]?.found += answers[index] == labels[index] ? 1 : 0
        counts[precision]?.agreeing += answers[index] == reference[index] ? 1 : 0
      }
    }
    pictures += labels.count
  }

  /// The fractions found; nil if no picture was compared.
  package func accuracy() throws(Failure) -> Calibration.Accuracy? {
    guard pictures > 0 else { return nil }
    let total = Double(pictures)
    return Calibration.Accuracy(
      pictures: pictures, found: counts.mapValues { Double($0.found) / total },
      agreement: counts.filter { $0.key != .f32 }.mapValues { Double($0.agreeing) / total },
      hadIntegerDotProduct: try ProcessorAbilities.here().hasIntegerDotProduct)
  }
}
