import FaceCascade
import FilterTool
import FrameStream
import SystemIO

/// Finds faces with cascades.
final class CascadeFinder: FaceFinder {
  private let cascades: [CascadeOptions.Loaded]
  private let nested: [CascadeOptions.Loaded]
  private let search: SearchOptions
  private let overlaps: DetectorSet.Overlaps
  private var threads = 1
  private let gray = GrayPicture()
  private let last = LastPicture()
  private var detectors: DetectorSet?
  /// What ``detectors`` were made with; limits of size may follow the picture's height.
  private var preparedOptions: DetectionOptions?
  private var objects: [DetectorSet.Object] = []

  init(
    _ cascades: [CascadeOptions.Loaded], _ search: SearchOptions, nested: [CascadeOptions.Loaded],
    overlaps: DetectorSet.Overlaps
  ) {
    self.cascades = cascades
    self.search = search
    self.nested = nested
    self.overlaps = overlaps
  }

  func makeCopy() -> any FaceFinder {
    CascadeFinder(cascades, search, nested: nested, overlaps: overlaps)
  }

  var historyDetails: [(key: String, value: JSONValue)] {
    details("cascade", cascades) + (nested.isEmpty ? [] : details("nested", nested))
  }

  /// The names of cascades, and the SHA-256 of each file in their order.
  private func details(_ key: String, _ cascades: [CascadeOptions.Loaded]) -> [(
    key: String, value: JSONValue
  )] {
    [
      (key, .string(cascades.map(\.name).joined(separator: ","))),
      (key + "_sha256", .array(cascades.map { .string($0.cascade.sha256) })),
    ]
  }

  func begin(_ video: VideoDescription?, threads: Int) {
    self.threads = threads
    detectors = nil
    last.forget()
  }

  func search(_ frame: Record) throws(Failure) {
    guard let picture = gray.plane(of: frame) else { throw .noPixels("to search") }
    let shape = LastPicture.Shape(
      width: picture.width, height: picture.height, format: .gray, range: .pc)
    let bytes = UnsafeRawBufferPointer(start: picture.base, count: picture.stride * picture.height)
    if last.equals(bytes, shape) { return }
    last.forget()
    try detectorSet(height: picture.height).detect(picture, into: &objects)
    last.remember(bytes, shape)
  }

  private func detectorSet(height: Int) throws(Failure) -> DetectorSet {
    let options = search.options(height: height)
    if let detectors, preparedOptions == options { return detectors }
    func members(_ loaded: [CascadeOptions.Loaded], _ options: DetectionOptions) throws(Failure)
      -> [DetectorSet.Member]
    {
      var members: [DetectorSet.Member] = []
      for cascade in loaded {
        let detector = try CascadeDetector(cascade.cascade, options: options, threads: threads)
        members.append(DetectorSet.Member(name: cascade.name, detector: detector))
      }
      return members
    }
    // Parts are smaller than faces: the limits on size are the face's.
    let partOptions = DetectionOptions(scaleFactor: search.scaleFactor, minNeighbors: search.minNeighbors)
    let set = DetectorSet(
      try members(cascades, options), nested: try members(nested, partOptions), overlaps: overlaps,
      region: search.region?.region)
    detectors = set
    preparedOptions = options
    return set
  }

  func write(to faces: inout FaceList, areHeld: Bool) {
    faces.removeAll()
    for object in objects {
      var fields = FaceFields()
      fields.neighbors = object.detection.neighbors
      if cascades.count > 1 { fields.cascade = object.cascade }
      if !nested.isEmpty {
        fields.parts = object.parts.map { part in
          FaceFields.Part(
            box: part.detection.box, neighbors: part.detection.neighbors, cascade: part.cascade)
        }
      }
      if areHeld { fields.isHeld = true }
      faces.append(object.detection.box, fields)
    }
  }
}
