import FaceTracking
import FilterTool
import FrameStream
import SystemIO

/// Adds `id` and `smoothed` to every face, and the faces that the detector missed.
final class TrackingStage: LookaheadStage {
  /// What the stage writes, beside numbers.
  struct Output {
    /// Whether missing faces are put in.
    var fills = true
    /// Whether boxes without jitter are written.
    var isSteady = false
    /// Whether pixels are looked at.
    var usesAppearance = true
  }

  private let output: Output
  private let options: (_ isLive: Bool) -> TrackingOptions
  private let tracker: FaceTracker
  private let gray = GrayPicture()
  private let describer = FaceAppearance.Describer()
  private var cuts = SceneCuts()
  private var header = StreamHeader()
  private var classes = StreamClasses()
  private var size = (width: 0, height: 0)
  private var observed: [ObservedFace] = []
  private var written = FaceList()
  /// Called with messages for the person who runs the tool.
  var onWarning: ((String) -> Void)?

  /// - Parameter options: how to track, by whether the stream is live.
  init(_ output: Output, options: @escaping (_ isLive: Bool) -> TrackingOptions) {
    self.output = output
    self.options = options
    tracker = FaceTracker(options(false))
  }

  var historyDetails: [(key: String, value: JSONValue)] {
    let lag = tracker.options.lag
    return [("lag", lag.isFinite ? JSONValue(writing: lag) : .string("inf"))]
  }

  func begin(_ header: StreamHeader) throws(Failure) -> StreamHeader {
    self.header = header
    tracker.options = options(header.isLive)
    cuts = SceneCuts()
    classes = StreamClasses()
    size = (0, 0)
    return header
  }

  // MARK: Frames in

  func receive(_ frame: Record) throws(Failure) {
    guard let records = try frame.faces() else {
      throw Failure(
        .badInput, step: "no faces to follow",
        cause: "the frame has no key \"faces\" (run fm-detect first)")
    }
    let time = Double(frame.presentationTime) * header.timeBase.value
    var isCut = false
    if let layout = frame.layout, (layout.width, layout.height) != size {
      isCut = size != (0, 0)
      size = (layout.width, layout.height)
      cuts = SceneCuts()
    }
    let picture = output.usesAppearance ? gray.plane(of: frame) : nil
    if let picture, cuts.isCut(picture) { isCut = true }
    observed.removeAll(keepingCapacity: true)
    for record in records where !record.isFilled || record.isHeld {
      var face = ObservedFace(box: TrackedBox(record.box), score: record.score, isHeld: record.isHeld)
      if let picture, !record.isHeld {
        face.appearance = try describer.describe(picture, frame.colorRange(in: header.video), record.box)
      }
      face.probabilities = classes.probabilities(of: record)
      observed.append(face)
    }
    tracker.observe(observed, at: time, isCut: isCut)
  }

  // MARK: Frames out

  var mayRelease: Bool { tracker.canSettle }

  func release(_ frame: Record) throws(Failure) {
    let tracked = tracker.settle()
    let records = (try frame.faces() ?? []).filter { !$0.isFilled || $0.isHeld }
    written.removeAll()
    for (record, face) in zip(records, tracked.faces) {
      var fields = FaceFields.Tracking()
      fields.id = face.id
      if output.isSteady { fields.steadyBox = face.steady?.rectangle }
      if output.fills, let corrected = face.corrected {
        fields.correctedBox = corrected.rectangle
        fields.isFilled = true
      }
      fields.smoothed = face.label.map { classes.classification($0) }
      var all = FaceFields()
      all.tracking = fields
      written.append(record, all)
    }
    if output.fills {
      for face in tracked.filled {
        var fields = FaceFields.Tracking()
        fields.id = face.id
        fields.isFilled = true
        fields.smoothed = face.label.map { classes.classification($0) }
        var all = FaceFields()
        all.tracking = fields
        written.append(face.box.rectangle, all)
      }
    }
    frame.line.setFaces(written)
  }

  func endStream() { tracker.endStream() }

  func isCutShort(_ frames: Int) {
    onWarning?(
      "the frames that wait have reached the limit on memory: the tool looks ahead no farther than \(frames) frames"
    )
  }
}
