import FaceInput
import FrameStream
import NetworkEngine
import NetworkModel
import SystemIO

/// Finds faces in pictures with a detection network.
///
/// It belongs to one thread at a time. Plans and memory are kept for the most recent picture sizes, so that only the first
/// picture of a size allocates.
package final class NetworkDetector {
  /// What is searched for, and how.
  package struct Options: Sendable, Equatable {
    /// Faces need a score greater than this.
    package var minimumScore: Float = 0.6
    /// Candidates whose intersection over union is more than this are the same face.
    package var overlap: Float = 0.3
    /// A picture whose longer side has more pixels is searched smaller; 0 is no limit.
    package var maximumSide = 640
    /// Faces smaller than this in either direction are left out, in pixels of the frame.
    package var minSize = 0
    /// Faces larger than this in either direction are left out; 0 is no limit.
    package var maxSize = 0
    /// The part of the picture that is searched; nil for all.
    package var region: PixelRectangle?

    /// The usual thresholds, at most 640 pixels a side, in the whole picture.
    package init() {}
  }

  /// A face in pixels of the frame.
  package struct Face: Sendable, Equatable {
    /// Its box in whole pixels; it may reach outside the frame.
    package var box: PixelRectangle
    /// How sure the network is, 0 to 1.
    package var score: Float
    /// Eyes, nose and mouth; nil if the network does not give them.
    package var points: FacePoints?
    /// What a classifier should see.
    package var crop: PixelRectangle
  }

  private let model: DetectionModel
  private let options: Options
  private let threads: Int
  private let precision: Precision
  private let calibration: NetworkModel.Calibration?
  /// The most recent geometries; the last one is in use.
  private(set) var prepared: [PreparedSearch] = []
  private var candidates = CandidateList()
  private var suppression = Suppression()

  /// The number of geometries that are kept.
  private static let geometryLimit = 4

  /// - Parameters:
  ///   - threads: the number of threads that work on a picture; 0 is one for each processor.
  ///   - precision: the numbers to compute with.
  ///   - calibration: the ranges for int8.
  package init(
    _ model: DetectionModel, _ options: Options = Options(), threads: Int = 1, precision: Precision = .f32,
    calibration: NetworkModel.Calibration? = nil
  ) {
    self.model = model
    self.options = options
    self.threads = threads
    self.precision = precision
    self.calibration = calibration
  }

  /// Replaces `faces` by those in a picture, the surest first; the array's memory is reused.
  /// - Parameters:
  ///   - base: the packed picture's bytes.
  ///   - colors: how they are to be read.
  /// - Throws: ``Failure`` if the network cannot run on pictures of this size.
  package func detect(
    _ base: UnsafePointer<UInt8>, _ layout: PictureLayout, _ colors: FrameColors, into faces: inout [Face]
  ) throws(Failure) {
    faces.removeAll(keepingCapacity: true)
    guard let region = (options.region ?? layout.bounds).intersection(layout.bounds) else { return }
    let search = try search(PreparedSearch.Geometry(layout: layout, colors: colors, region: region))
    candidates.begin(minimumScore: model.family.candidateFloor(options.minimumScore))
    try search.run(base, into: &candidates)
    suppression.reduce(&candidates, model.family.suppression, overlap: options.overlap)
    for var candidate in suppression.faces {
      if let calibration = model.family.calibration {
        candidate.score = calibration.calibrated(candidate.score)
      }
      guard candidate.score > options.minimumScore else { continue }
      if let face = face(candidate, search) { faces.append(face) }
    }
    // Votes change the order.
    if model.family.suppression == .votes { faces.sort { $0.score > $1.score } }
  }

  /// A candidate as a face of the frame; nil if its size is not wanted.
  private func face(_ candidate: Candidate, _ search: PreparedSearch) -> Face? {
    let region = search.geometry.region
    let (x, y) = (Double(region.x) + Double(candidate.x), Double(region.y) + Double(candidate.y))
    let box = PixelRectangle(
      x: Int(x.rounded()), y: Int(y.rounded()), width: max(1, Int(candidate.width.rounded())),
      height: max(1, Int(candidate.height.rounded())))
    guard min(box.width, box.height) >= options.minSize,
      options.maxSize == 0 || max(box.width, box.height) <= options.maxSize
    else { return nil }
    return Face(
      box: box, score: candidate.score,
      points: candidate.points?.map {
        FacePoints.Point(x: $0.x + Double(region.x), y: $0.y + Double(region.y))
      },
      crop: model.family.crop.crop(of: box))
  }

  /// The plan for a geometry, which becomes the most recent one.
  private func search(_ geometry: PreparedSearch.Geometry) throws(Failure) -> PreparedSearch {
    if let known = prepared.firstIndex(where: { $0.geometry == geometry }) {
      if known != prepared.count - 1 { prepared.append(prepared.remove(at: known)) }
      return prepared[prepared.count - 1]
    }
    if prepared.count == Self.geometryLimit { prepared.removeFirst() }
    let search = try PreparedSearch(
      model, geometry, maximumSide: options.maximumSide, threads: threads, precision: precision,
      calibration: calibration)
    prepared.append(search)
    return search
  }
}
