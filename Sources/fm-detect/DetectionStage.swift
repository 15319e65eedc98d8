import FaceCascade
import FilterTool
import FrameStream
import SystemIO

/// Adds `faces` to every frame.
final class DetectionStage: Stage {
  private let cascades: [CascadeOptions.Loaded]
  private let nested: [CascadeOptions.Loaded]
  private let search: SearchOptions
  private let overlaps: DetectorSet.Overlaps
  private let threads: Int
  /// Called with what the person who runs the tool should know.
  var onWarning: ((String) -> Void)?
  private var hasWarnedOfShape = false
  private let gray = GrayPicture()
  private var detectors: DetectorSet?
  private var objects: [DetectorSet.Object] = []
  private var threadsInFrame = 1
  /// What ``detectors`` were made with; limits of size may follow the picture's height.
  private var preparedOptions: DetectionOptions?
  private var framesSinceSearch = 0
  private var searchedSize = (0, 0)
  private var faces = FaceList()
  /// The same faces for the frames after, that are not searched.
  private var held = FaceList()

  init(
    _ cascades: [CascadeOptions.Loaded], _ search: SearchOptions, nested: [CascadeOptions.Loaded],
    overlaps: DetectorSet.Overlaps = .merge, threads: Int
  ) {
    self.cascades = cascades
    self.search = search
    self.nested = nested
    self.overlaps = overlaps
    self.threads = threads
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

  func begin(_ header: StreamHeader) throws(Failure) -> StreamHeader {
    // One picture is shared among the threads; a video's frames go to a thread each, which costs less.
    threadsInFrame = search.isSequential || header.video?.frames == 1 ? threads : 1
    detectors = nil
    framesSinceSearch = 0
    warnOfShape(header)
    return header
  }

  /// The rectangles are those of the pictures as stored: a face that is squeezed is found less often.
  private func warnOfShape(_ header: StreamHeader) {
    guard !hasWarnedOfShape, let video = header.video, let ratio = video.sampleAspectRatio,
      case let shape = video.pixelShape, abs(shape - 1) > 0.02
    else { return }
    hasWarnedOfShape = true
    let percent = Int((100 * min(shape, 1 / shape)).rounded())
    let side = shape > 1 ? "width" : "height"
    let source = header.source.flatMap { $0.isEmpty ? nil : $0 } ?? "the video"
    onWarning?(
      "\(source): its pixels are \(ratio.numerator):\(ratio.denominator), so faces are searched squeezed to \(percent) % of their \(side); fm-decode --square makes pixels square"
    )
  }

  func conclude(_ tally: FaceTally, inputName: String) {
    if let remark = tally.noFace { onWarning?("\(inputName): \(remark)") }
  }

  func makeWorkerCopy() throws(Failure) -> (any Stage)? {
    guard !search.isSequential, threadsInFrame == 1 else { return nil }
    return DetectionStage(cascades, search, nested: nested, overlaps: overlaps, threads: threads)
  }

  func process(_ frame: Record) throws(Failure) {
    let size = (frame.layout?.width ?? 0, frame.layout?.height ?? 0)
    // Faces of a picture of another size are at other positions.
    if framesSinceSearch > 0, framesSinceSearch < search.every, size == searchedSize {
      framesSinceSearch += 1
      frame.line.setFaces(held)
      return
    }
    guard let picture = gray.plane(of: frame) else {
      throw Failure(
        .badInput, step: "no pixels to search",
        cause: "the frame has no payload (was --no-pixels used before this tool?)")
    }
    try detectorSet(height: picture.height).detect(picture, into: &objects)
    fill(&faces, areHeld: false)
    frame.line.setFaces(faces)
    framesSinceSearch = 1
    searchedSize = size
    if search.isSequential { fill(&held, areHeld: true) }
  }

  private func detectorSet(height: Int) throws(Failure) -> DetectorSet {
    let options = search.options(height: height)
    if let detectors, preparedOptions == options { return detectors }
    func members(_ loaded: [CascadeOptions.Loaded], _ options: DetectionOptions) throws(Failure)
      -> [DetectorSet.Member]
    {
      var members: [DetectorSet.Member] = []
      for cascade in loaded {
        let detector = try CascadeDetector(cascade.cascade, options: options, threads: threadsInFrame)
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

  private func fill(_ faces: inout FaceList, areHeld: Bool) {
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
