import FaceNetwork
import FrameStream
import NetworkEngine
import NetworkModel
import SystemIO

/// Measures on pictures what a detector needs to compute with 8-bit integers, and what that changes of what it finds.
package struct DetectorQuantization {
  /// What the caller does while pictures are read.
  package struct Watch {
    /// Called with a picture that is skipped.
    package var onWarning: (String) -> Void
    /// Called after each picture with how many of how many are done.
    package var onProgress: (Int, Int) -> Void
    /// Asked after each picture.
    package var isStopped: () -> Bool

    /// What to call.
    package init(
      onWarning: @escaping (String) -> Void, onProgress: @escaping (Int, Int) -> Void,
      isStopped: @escaping () -> Bool
    ) {
      self.onWarning = onWarning
      self.onProgress = onProgress
      self.isStopped = isStopped
    }
  }

  private let model: DetectionModel
  private let options: NetworkDetector.Options
  private let threads: Int
  private let watch: Watch

  /// - Parameter options: how pictures are searched, and shown to the network.
  package init(_ model: DetectionModel, _ options: NetworkDetector.Options, threads: Int, _ watch: Watch) {
    self.model = model
    self.options = options
    self.threads = threads
    self.watch = watch
  }

  /// The ranges of the layers' results over pictures, each shown to the network as fm-detect shows it.
  /// - Parameter paths: picture files; those that cannot be decoded are skipped.
  /// - Returns: nil if it was stopped.
  /// - Throws: ``Failure`` if no picture could be decoded, or the network cannot run.
  package func ranges(_ paths: [String]) throws(Failure) -> NetworkModel.Calibration? {
    let survey = RangeSurvey()
    // Pictures often have the same size: the last networks are kept.
    var kept: [(shape: [Int], calibrator: Calibrator)] = []
    let count = try forEach(paths) { (picture) throws(Failure) in
      let inputs = try model.inputs(picture.layout, picture.colors, maximumSide: options.maximumSide)
      for (input, graph) in inputs {
        let values = picture.bytes.withUnsafeBufferPointer { input.values($0.baseAddress!, of: graph) }
        if let index = kept.firstIndex(where: { $0.shape == graph.inputShape }) {
          try kept[index].calibrator.observe(values)
          continue
        }
        if kept.count == Self.networkLimit { kept.removeFirst() }
        let calibrator = try Calibrator(graph, threads: threads, into: survey)
        kept.append((graph.inputShape, calibrator))
        try calibrator.observe(values)
      }
    }
    guard let count else { return nil }
    var result = survey.calibration
    result.pictures = count
    return result
  }

  private static let networkLimit = 8

  /// What the detector finds in each precision, compared with f32.
  /// - Returns: nil if it was stopped.
  /// - Throws: ``Failure`` if no picture could be decoded, or the network cannot run.
  package func agreement(
    _ paths: [String], _ precisions: [Precision], _ calibration: NetworkModel.Calibration
  ) throws(Failure) -> DetectionAgreement? {
    let detectors = ([.f32] + precisions.filter { $0 != .f32 }).map { precision in
      NetworkDetector(model, options, threads: threads, precision: precision, calibration: calibration)
    }
    var comparisons = precisions.map { ($0, DetectionComparison()) }
    var objects = 0
    let count = try forEach(paths) { (picture) throws(Failure) in
      var found: [[NetworkDetector.Face]] = []
      for detector in detectors {
        var faces: [NetworkDetector.Face] = []
        try picture.bytes.withUnsafeBufferPointer { (bytes) throws(Failure) in
          try detector.detect(bytes.baseAddress!, picture.layout, picture.colors, into: &faces)
        }
        found.append(faces)
      }
      objects += found[0].count
      for index in comparisons.indices { comparisons[index].1.add(found[index + 1], to: found[0]) }
    }
    guard let count else { return nil }
    return DetectionAgreement(
      pictures: count, objects: objects,
      differences: Dictionary(uniqueKeysWithValues: comparisons.map { ($0.0, $0.1.difference) }),
      hadIntegerDotProduct: try ProcessorAbilities.here().hasIntegerDotProduct)
  }

  /// - Returns: how many pictures were decoded; nil if it was stopped.
  private func forEach(_ paths: [String], _ body: (StoredPicture) throws(Failure) -> Void) throws(Failure)
    -> Int?
  {
    var count = 0
    for (index, path) in paths.enumerated() {
      if watch.isStopped() { return nil }
      let picture: StoredPicture
      do throws(Failure) {
        picture = try StoredPicture(path: path)
      } catch {
        watch.onWarning("\(error); the picture is skipped")
        continue
      }
      do throws(Failure) { try body(picture) } catch { throw error.within(path) }
      count += 1
      watch.onProgress(index + 1, paths.count)
    }
    guard count > 0 else {
      throw Failure(.badInput, step: "reading pictures", cause: "none of \(paths.count) could be decoded")
    }
    return count
  }
}
