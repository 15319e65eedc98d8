import ExpressionNet
import NetworkEngine
import NetworkModel
import PictureData
import SystemIO
import TrainingReports

/// Runs a network on all pictures of a set.
package struct Evaluator: Sendable {
  private let pictures: EvaluationPictures
  private let threads: Int
  /// Views that the network is given at once.
  private static let batch = 64

  /// - Parameters:
  ///   - set: Its classes are the network's outputs.
  ///   - preparation: How pictures become the network's input.
  /// - Throws: ``Failure`` (`badInput`) if the pictures are smaller than that.
  package init(
    _ set: PictureSet, preparation: InputPreparation, views: PictureViews = .single, threads: Int = 0
  ) throws(Failure) {
    pictures = try preparation.pictures(set, views)
    self.threads = threads
  }

  /// - Parameters:
  ///   - precision: The numbers to compute with.
  ///   - calibration: The ranges that int8 needs.
  ///   - isStopped: Asked after each batch.
  /// - Returns: The probabilities that the network's outputs mean, averaged over several views; nil if it was stopped.
  /// - Throws: ``Failure`` if the network does not fit the set, or cannot be run.
  package func predictions(
    of graph: ModelGraph, precision: Precision = .f32, calibration: Calibration? = nil,
    isStopped: () -> Bool = { false }
  ) throws(Failure) -> Predictions? {
    let set = pictures.pictures
    let count = OutputReading(graph).classCount
    guard count == set.classes.count else {
      throw Failure(
        .badInput, step: "evaluation",
        cause: "the network is for \(count) classes, and the pictures have \(set.classes.count)")
    }
    guard
      let outputs = try probabilities(
        of: graph, precision: precision, calibration: calibration, isStopped: isStopped)
    else { return nil }
    return try Predictions(
      classes: set.classes, names: (0..<set.count).map { set.name($0) },
      labels: (0..<set.count).map { set.label($0) },
      probabilities: pictures.average(outputs))
  }

  /// The probabilities for each view of each picture, a row for each, whatever the pictures' classes are; nil if it was
  /// stopped.
  func probabilities(
    of graph: ModelGraph, precision: Precision = .f32, calibration: Calibration? = nil,
    isStopped: () -> Bool = { false }
  ) throws(Failure) -> [Float]? {
    let set = pictures.pictures
    let network = try Network(graph, threads: threads, precision: precision, calibration: calibration)
    let reading = OutputReading(graph)
    guard network.inputCount == pictures.inputCount else {
      throw Failure(
        .badInput, step: "evaluation",
        cause: "the network takes \(network.inputCount) values, and a picture has \(pictures.inputCount)")
    }
    let views = pictures.views.count
    let portion = max(Self.batch / views, 1)
    var outputs: [Float] = []
    outputs.reserveCapacity(set.count * views * reading.classCount)
    var first = 0
    while first < set.count {
      if isStopped() { return nil }
      let range = first..<min(first + portion, set.count)
      var failure: Failure?
      try network.predict(batch: range.count * views) { input in
        do throws(Failure) { try pictures.write(range, to: input) } catch { failure = error }
      } read: {
        reading.append($0, to: &outputs)
      }
      if let failure { throw failure }
      first = range.upperBound
    }
    return outputs
  }
}
