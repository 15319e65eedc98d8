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
    _ set: PictureSet, preparation: InputPreparation, views: EvaluationViews = .single, threads: Int = 0
  ) throws(Failure) {
    pictures = try preparation.pictures(set, views)
    self.threads = threads
  }

  /// - Parameters:
  ///   - precision: The numbers to compute with.
  ///   - calibration: The ranges that int8 needs.
  ///   - isStopped: Asked after each batch.
  /// - Returns: The network's outputs, averaged over several views; nil if it was stopped.
  /// - Throws: ``Failure`` if the network does not fit the set, or cannot be run.
  package func predictions(
    of graph: ModelGraph, precision: Precision = .f32, calibration: Calibration? = nil,
    isStopped: () -> Bool = { false }
  ) throws(Failure) -> Predictions? {
    let set = pictures.pictures
    let network = try Network(graph, threads: threads, precision: precision, calibration: calibration)
    let classes = set.classes.count
    guard network.outputCount == classes, network.inputCount == pictures.inputCount else {
      throw Failure(
        .badInput, step: "evaluation",
        cause: "the network has \(network.outputCount) outputs, and the pictures have \(classes) classes")
    }
    let views = pictures.views.count
    let portion = max(Self.batch / views, 1)
    var outputs: [Float] = []
    outputs.reserveCapacity(set.count * views * classes)
    var first = 0
    while first < set.count {
      if isStopped() { return nil }
      let range = first..<min(first + portion, set.count)
      var failure: Failure?
      let answers = try network.predict(batch: range.count * views) { input in
        do throws(Failure) { try pictures.write(range, to: input) } catch { failure = error }
      } read: {
        Array($0)
      }
      if let failure { throw failure }
      outputs += answers
      first = range.upperBound
    }
    return try Predictions(
      classes: set.classes, names: (0..<set.count).map { set.name($0) },
      labels: (0..<set.count).map { set.label($0) },
      probabilities: pictures.average(outputs))
  }
}
