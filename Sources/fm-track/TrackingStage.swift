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
    /// Whether what faces look like is compared.
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
  /// Whether a tracker of this kind wrote the numbers that are there.
  private var isTracked = false
  private var hasWarnedOfNumbers = false
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

  func begin(_ header: StreamHeader, line: RecordLine) throws(Failure) -> StreamHeader {
    isTracked = line.history.contains { $0.name == "fm-track" }
    hasWarnedOfNumbers = false
    self.header = header
    tracker.options = options(header.isLive)
    tracker.options.isSteady = output.isSteady
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
    let picture = gray.plane(of: frame)
    var scene = picture == nil ? SceneChange.unknown : .none
    if let layout = frame.layout, (layout.width, layout.height) != size {
      if size != (0, 0) { scene = .cut }
      size = (layout.width, layout.height)
      cuts = SceneCuts()
    }
    if let picture, case let change = cuts.look(picture, at: time), change != .none { scene = change }
    warnOfNumbers(records)
    observed.removeAll(keepingCapacity: true)
    for record in records where !record.isFilled || record.isHeld {
      var face = ObservedFace(box: TrackedBox(record.box), score: record.score, isHeld: record.isHeld)
      if output.usesAppearance, let picture, !record.isHeld {
        face.appearance = try describer.describe(picture, frame.colorRange(in: header.video), record.box)
      }
      face.probabilities = try classes.probabilities(of: record)
      observed.append(face)
    }
    tracker.observe(observed, at: time, scene: scene)
  }

  /// Numbers that are there are replaced: those of a run before this one in silence, others not.
  private func warnOfNumbers(_ records: [FaceRecord]) {
    guard !isTracked, !hasWarnedOfNumbers, records.contains(where: { $0.id != nil }) else { return }
    hasWarnedOfNumbers = true
    onWarning?("its faces have numbers (\"id\") that are not from fm-track: they are replaced")
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

  var waitingMemory: Int { tracker.memory }

  func isCutShort(_ frames: Int) {
    onWarning?(
      "the frames that wait have reached the limit on memory: the tool looks ahead no farther than \(frames) frames"
    )
  }
}
