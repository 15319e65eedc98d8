import FaceHiding
import FilterTool
import FrameStream
import SystemIO

/// Hides faces in frames before another stage gets them.
///
/// Frames wait until those that follow shortly are known, so that a face is hidden before its first sighting, too. A
/// frame whose faces are not known ends the run: it is not passed on.
final class HidingStage: LookaheadStage {
  private let style: HidingStyle
  private let plan: HidingPlan
  private let hider: FaceHider
  private var people: HiddenPeople
  private let findings: FaceFindings?
  /// What the frames are for.
  private let following: any Stage
  private let warn: (String) -> Void
  private var header = StreamHeader()
  private var sighted: [SightedFace] = []
  private var planned = PlannedFrame()
  private var summary = HidingSummary()
  /// The file of the frame before, nil before the first; a folder's pictures are of different scenes.
  private var scene: String??
  /// How many frames waited when memory ran out; nil if it did not.
  private var waitingLimit: Int?

  /// - Parameters:
  ///   - hold: seconds for which a face is hidden before its first and after its last sighting.
  ///   - findings: where the faces are from if not from the stream.
  ///   - warn: called with messages for the person who runs the tool.
  init(
    _ style: HidingStyle, _ people: HiddenPeople, hold: Double, findings: FaceFindings?,
    before following: any Stage, warn: @escaping (String) -> Void
  ) {
    self.style = style
    self.people = people
    self.findings = findings
    self.following = following
    self.warn = warn
    plan = HidingPlan(hold: hold)
    hider = FaceHider(style)
  }

  var entersHistory: Bool { following.entersHistory }
  var keepsPayloads: Bool { true }
  var interruption: Failure? { findings?.interruption }

  func begin(_ header: StreamHeader, line: RecordLine) throws(Failure) -> StreamHeader {
    try findings?.beginStream(header)
    self.header = header
    people.begin(findings?.header ?? header)
    plan.longestGap = (findings?.history ?? line.history).longestGap
    scene = nil
    return try following.begin(header, line: line)
  }

  func receive(_ frame: Record) throws(Failure) {
    try findings?.merge(into: frame)
    guard let faces = try frame.faces() else {
      throw Failure(
        .badInput, step: "cannot hide faces",
        cause: findings == nil
          ? "no detector has seen the frame (run fm-detect first)" : "the findings have no faces of the frame"
      )
    }
    sighted.removeAll(keepingCapacity: true)
    for face in faces where try people.include(face) {
      let box = face.steadyBox.map { face.box.union($0) } ?? face.box
      sighted.append(SightedFace(box, id: face.id, isSighted: !face.isFilled && !face.isHeld))
    }
    let source = frame.source
    let isCut = scene.map { $0 != source } ?? true
    scene = .some(source)
    plan.observe(
      sighted, at: header.timeBase.seconds(frame.presentationTime), in: frame.layout?.bounds, isCut: isCut)
  }

  var mayRelease: Bool { plan.canSettle }
  var waitingMemory: Int { plan.memory }

  func release(_ frame: Record) throws(Failure) {
    let knowsHold = plan.knowsHold
    plan.settle(into: &planned)
    // That a person who is missing longer may come back is no reason to fail: what was shown is counted.
    if let waitingLimit, !knowsHold {
      throw Failure(
        .badInput, step: "cannot hide faces",
        cause: "\(waitingLimit) frames of this size take all memory that may wait, "
          + "but --hide-hold \(plan.hold) looks farther ahead; give a smaller one")
    }
    if let layout = frame.layout, frame.hasPixels {
      summary.add(
        planned,
        hidden: hider.hide(
          planned.boxes, layout: layout, base: frame.payload.base, range: frame.colorRange(in: header.video),
          isWhole: planned.isWhole))
    }
    try following.process(frame)
  }

  func pass(_ record: Record) throws(Failure) { try following.pass(record) }

  func endStream() { plan.endStream() }

  func isCutShort(_ frames: Int) { waitingLimit = frames }

  func conclude(_ tally: FaceTally, inputName: String) {
    following.conclude(tally, inputName: inputName)
  }

  func finish() throws(Failure) {
    try findings?.finish()
    try following.finish()
    warn(summary.text(style))
    for remark in summary.remarks(bareFrames: plan.bareFrames) { warn(remark) }
    if hider.wholePictures > 0 {
      warn("\(hider.wholePictures) frames are hidden as a whole: they have too many faces")
    }
    let unseen = people.unseen
    if !unseen.isEmpty {
      warn("no face has the number \(unseen.map { "\($0)" }.joined(separator: ", "))")
    }
  }
}

extension [HistoryEntry] {
  /// For how long fm-track may have missed a person between two sightings without putting the face in, in seconds; 0 if
  /// it did not run, or puts faces in wherever it finds a person again.
  fileprivate var longestGap: Double {
    guard let entry = last(where: { $0.name == "fm-track" }) else { return 0 }
    let gap = entry["max_gap"]?.double ?? 1
    guard gap.isFinite, gap > 0 else { return 0 }
    let lag = entry["lag"]?.string == "inf" ? .infinity : entry["lag"]?.double ?? 0
    return entry["fill"]?.bool ?? false && lag >= gap ? 0 : gap
  }
}
