import FaceNetwork
import FilterTool
import FrameStream
import NetworkEngine
import NetworkModel
import SystemIO

/// Finds faces with a detection network.
final class NetworkFinder: FaceFinder {
  private let model: DetectionModel
  private let search: SearchOptions
  private let network: NetworkOptions
  private let precision: Precision
  /// The ranges for int8; nil in other precisions.
  private let calibration: Calibration?
  private var threads = 1
  private var video: VideoDescription?
  private let last = LastPicture()
  private var detector: NetworkDetector?
  /// What ``detector`` was made with; limits of size may follow the picture's height.
  private var preparedOptions: NetworkDetector.Options?
  private var found: [NetworkDetector.Face] = []

  /// - Throws: ``Failure`` if the network cannot compute in the precision that is wanted.
  init(_ model: DetectionModel, _ search: SearchOptions, _ network: NetworkOptions) throws(Failure) {
    self.model = model
    self.search = search
    self.network = network
    precision = try network.numbers(for: model)
    calibration = precision == .int8 ? try model.calibration() : nil
  }

  private init(copyOf other: NetworkFinder) {
    (model, search, network) = (other.model, other.search, other.network)
    (precision, calibration) = (other.precision, other.calibration)
  }

  func makeCopy() -> any FaceFinder { NetworkFinder(copyOf: self) }

  var historyDetails: [(key: String, value: JSONValue)] {
    let options = network.options(search, height: 0)
    var details: [(key: String, value: JSONValue)] = [
      ("model", .string(model.path)), ("model_sha256", .string(model.sha256 ?? "")),
      ("head", .string(model.family.name)), ("precision", .string(precision.rawValue)),
      ("min_score", JSONValue(writing: options.minimumScore)), ("nms", JSONValue(writing: options.overlap)),
      ("max_side", JSONValue(writing: options.maximumSide)),
    ]
    if let version = try? ProcessorAbilities.libraryVersion() { details.append(("onednn", .string(version))) }
    return details
  }

  func begin(_ video: VideoDescription?, threads: Int) {
    self.video = video
    self.threads = threads
    detector = nil
    last.forget()
  }

  func search(_ frame: Record) throws(Failure) {
    guard frame.hasPixels, let layout = frame.layout else { throw .noPixels("to search") }
    let colors = FrameColors(
      range: frame.colorRange(in: video), space: video?.colorSpace, chromaLocation: video?.chromaLocation)
    let shape = LastPicture.Shape(
      width: layout.width, height: layout.height, format: layout.format, range: colors.range)
    if last.equals(frame.payload.bytes, shape) { return }
    last.forget()
    try detector(height: layout.height).detect(
      UnsafePointer(frame.payload.base), layout, colors, into: &found)
    last.remember(frame.payload.bytes, shape)
  }

  private func detector(height: Int) -> NetworkDetector {
    let options = network.options(search, height: height)
    if let detector, preparedOptions == options { return detector }
    let made = NetworkDetector(
      model, options, threads: threads, precision: precision, calibration: calibration)
    detector = made
    preparedOptions = options
    return made
  }

  func write(to faces: inout FaceList, areHeld: Bool) {
    faces.removeAll()
    for face in found {
      var fields = FaceFields()
      fields.score = face.score
      fields.points = face.points
      if face.crop != face.box { fields.crop = face.crop }
      if areHeld { fields.isHeld = true }
      faces.append(face.box, fields)
    }
  }
}
