import FaceCascade
import FaceNetwork
import FrameStream
import NetworkModel
import SystemIO
import TrainingReports

/// What finds objects in pictures: a network or a cascade. For one thread.
package protocol ObjectFinder: AnyObject {
  /// Samples of a pixel that it sees: 1 or 3.
  var channels: Int { get }
  /// The objects in a picture, with scores of which a greater one is surer.
  /// - Throws: ``Failure`` if it cannot be searched.
  func find(in picture: PackedPicture) throws(Failure) -> [(box: ObjectBox, score: Double)]
}

/// Finds objects with a detection network.
package final class NetworkObjectFinder: ObjectFinder {
  private let detector: NetworkDetector
  private var faces: [NetworkDetector.Face] = []
  package let channels: Int

  /// - Parameters:
  ///   - maximumSide: A longer picture is searched smaller; 0 is no limit.
  ///   - calibration: The ranges for int8.
  package init(
    _ model: DetectionModel, minimumScore: Float, maximumSide: Int, threads: Int, precision: Precision = .f32,
    calibration: NetworkModel.Calibration? = nil
  ) {
    var options = NetworkDetector.Options()
    options.minimumScore = minimumScore
    options.maximumSide = maximumSide
    detector = NetworkDetector(
      model, options, threads: threads, precision: precision, calibration: calibration)
    channels = model.family.encoding.channels == .gray ? 1 : 3
  }

  package func find(in picture: PackedPicture) throws(Failure) -> [(box: ObjectBox, score: Double)] {
    let layout = try picture.layout()
    try picture.bytes.withUnsafeBufferPointer { (bytes) throws(Failure) in
      try detector.detect(bytes.baseAddress!, layout, FrameColors(range: .pc), into: &faces)
    }
    return faces.map { (ObjectBox($0.box), Double($0.score)) }
  }
}

/// Finds objects with a cascade; the score is how many raw detections were merged.
package final class CascadeObjectFinder: ObjectFinder {
  private let detector: CascadeDetector
  package let channels = 1

  /// - Throws: ``Failure`` for options that make no sense.
  package init(_ cascade: Cascade, minNeighbors: Int, threads: Int) throws(Failure) {
    detector = try CascadeDetector(
      cascade, options: DetectionOptions(minNeighbors: minNeighbors), threads: threads)
  }

  package func find(in picture: PackedPicture) throws(Failure) -> [(box: ObjectBox, score: Double)] {
    let found = try picture.bytes.withUnsafeBufferPointer { (bytes) throws(Failure) in
      try detector.detect(
        PlaneView(
          bytes.baseAddress!, width: picture.width, height: picture.height, stride: picture.width))
    }
    return found.map { (ObjectBox($0.box), Double($0.neighbors)) }
  }
}
