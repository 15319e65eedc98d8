import FrameStream
import SystemIO

/// Says what is hidden in each frame of a stream: its faces, and those that were seen before or will be seen after it.
///
/// Frames go in by ``observe(_:at:in:isCut:)`` and wait until the frames of the next ``hold`` seconds are known, and
/// longer while a person is missing who may come back; then ``settle(into:)`` gives the oldest one's boxes. A face is known
/// again by its number, or if it has none by its place.
package final class HidingPlan {
  /// Seconds for which a face is hidden before its first and after its last sighting.
  package let hold: Double
  /// For how many seconds a person may be missing and come back under the same number: frames wait that long for it.
  package var longestGap = 0.0
  /// How many frames between two sightings of a person had left before the second one came, with nothing hidden for the
  /// person.
  package private(set) var bareFrames = 0

  private var known: [KnownFace] = []
  private var next: [KnownFace] = []
  private var lost = LostPeople()
  private var waiting = SlidingWindow<PlannedFrame>()
  /// Memory to use again.
  private var spare: [PlannedFrame] = []
  /// Boxes of the frames that wait.
  private var boxCount = 0
  /// The number of the next frame, and of the first one after the last cut.
  private var frameCount = 0
  private var sceneStart = 0
  /// The first frame that waits for a person who may come back; none if there is nobody.
  private var awaiting = Int.max
  /// Frames before this one are counted in ``bareFrames`` already.
  private var counted = 0
  private var lastTime = -Double.infinity
  private var isEnded = false
  private var isContinued: [Bool] = []
  private var index = FaceIndex()

  /// Seconds by which the times of frames may be rounded.
  private static let rounding = 1e-6
  /// How far a face may come in a second, in sizes of its box.
  static let speed = 1.0
  /// By how much a box is grown that the detector did not find in its frame.
  static let uncertainty = 0.1

  /// Faces that are looked for in the next frame; the time for it grows with their number.
  static let mostCompared = 4096
  /// Boxes of all frames that wait; frames that would have more are hidden as a whole.
  static let mostBoxes = 1 << 20

  /// A plan that has seen nothing; `hold` is finite and not negative.
  package init(hold: Double) { self.hold = hold }

  /// How many frames wait.
  package var waitingCount: Int { waiting.count }

  /// The number of the oldest frame that waits; of the frame that is observed if none does.
  private var oldest: Int { frameCount - waitingCount }

  /// About how many bytes the plan keeps for the frames that wait.
  package var memory: Int { boxCount * MemoryLayout<HiddenBox>.stride }

  /// Takes in the next frame's faces.
  /// - Parameters:
  ///   - time: seconds; a step back counts as none.
  ///   - bounds: the picture; nil if nobody knows its size. What was seen in one of another size is scaled.
  ///   - isCut: whether nothing before this frame shows the same scene, as with pictures of a folder.
  package func observe(
    _ faces: [SightedFace], at time: Double, in bounds: PixelRectangle? = nil, isCut: Bool = false
  ) {
    let time = max(time, lastTime)
    lastTime = time
    isEnded = false
    if isCut { beginScene() }
    var frame = spare.popLast() ?? PlannedFrame()
    frame.removeAll()
    (frame.time, frame.bounds) = (time, bounds)
    frame.faces.append(contentsOf: faces)
    for face in faces {
      frame.boxes.append(HiddenBox(face.box, growth: face.isSighted ? 0 : Self.uncertainty))
      if !face.isSighted { frame.bridgesGap = true }
    }
    next.removeAll(keepingCapacity: true)
    isContinued.removeAll(keepingCapacity: true)
    for face in faces {
      isContinued.append(false)
      next.append(
        KnownFace(face: face, time: time, frame: frameCount, lastHidden: frameCount, bounds: bounds))
    }
    index.take(faces)
    continueKnown(into: &frame)
    for (index, face) in faces.enumerated() where !isContinued[index] {
      if let earlier = lost.remove(face.id) {
        bridge(earlier, face, in: bounds)
      } else {
        hideEarlier(face, bounds)
      }
    }
    swap(&known, &next)
    boxCount += frame.boxes.count
    waiting.append(frame)
    frameCount += 1
  }

  /// Finds the faces that are known in the frame, and holds those that are not there.
  private func continueKnown(into frame: inout PlannedFrame) {
    awaiting = .max
    for (number, earlier) in known.enumerated() {
      var earlier = earlier
      if earlier.bounds != frame.bounds {
        earlier.face.box = earlier.box(in: frame.bounds)
        earlier.bounds = frame.bounds
      }
      // Those beyond are held, which hides more, not less.
      let isCompared = number < Self.mostCompared
      if isCompared, let index = index.position(of: earlier.face) {
        isContinued[index] = true
        if earlier.frame < frameCount - 1 { bridge(earlier, frame.faces[index], in: frame.bounds) }
        continue
      }
      let missing = frame.time - earlier.time
      let isHeld = missing <= hold + Self.rounding
      let isAwaited = earlier.face.id != nil && missing <= longestGap + Self.rounding
      if isHeld {
        frame.boxes.append(held(earlier.face.box, for: missing))
        frame.heldCount += 1
        earlier.lastHidden = frameCount
      }
      if isAwaited { awaiting = min(awaiting, earlier.frame + 1) }
      if isHeld || isAwaited {
        next.append(earlier)
      } else if let id = earlier.face.id {
        lost.insert(earlier, id: id)
      }
    }
  }

  private func held(_ box: PixelRectangle, for seconds: Double) -> HiddenBox {
    HiddenBox(box, growth: Self.uncertainty + seconds * Self.speed)
  }

  /// Hides a face in the frames that wait and are shortly before its first sighting.
  private func hideEarlier(_ face: SightedFace, _ bounds: PixelRectangle?) {
    forEachWaiting(from: sceneStart) { index in
      let before = lastTime - waiting[index].time
      guard before <= hold + Self.rounding else { return false }
      add(held(face.box.scaled(from: bounds, to: waiting[index].bounds), for: before), to: index)
      waiting[index].heldCount += 1
      return true
    }
  }

  /// Hides a face in the frames that wait between two of its sightings.
  private func bridge(_ earlier: KnownFace, _ face: SightedFace, in bounds: PixelRectangle?) {
    forEachWaiting(from: max(earlier.frame + 1, sceneStart)) { index in
      // It was somewhere between the two places.
      let own = waiting[index].bounds
      let area = earlier.box(in: own).union(face.box.scaled(from: bounds, to: own))
      add(HiddenBox(area, growth: Self.uncertainty), to: index)
      waiting[index].bridgesGap = true
      return true
    }
    let bare = max(earlier.lastHidden + 1, counted)
    if bare < oldest {
      bareFrames += oldest - bare
      counted = oldest
    }
  }

  /// Calls `body` with the places of the frames that wait, the last one first, down to a number or until it says false.
  private func forEachWaiting(from number: Int, _ body: (Int) -> Bool) {
    var index = waiting.count - 1
    let last = max(0, number - oldest)
    while index >= last, body(index) { index -= 1 }
  }

  private func add(_ box: HiddenBox, to index: Int) {
    guard boxCount < Self.mostBoxes else {
      waiting[index].isWhole = true
      return
    }
    waiting[index].boxes.append(box)
    boxCount += 1
  }

  /// Whether the oldest frame that waits knows the frames of the next ``hold`` seconds.
  package var knowsHold: Bool {
    guard let oldest = waiting.first else { return false }
    return isEnded || hold == 0 || lastTime - oldest.time >= hold - Self.rounding
  }

  /// True if the oldest frame that waits knows all that may matter to it.
  package var canSettle: Bool { knowsHold && (isEnded || oldest < awaiting) }

  /// Moves the oldest frame that waits into `frame`, whose memory is used again, whether it knows enough or not.
  package func settle(into frame: inout PlannedFrame) {
    swap(&frame, &waiting[0])
    boxCount -= frame.boxes.count
    // Moved, since a second owner would make the next use copy.
    var used = PlannedFrame()
    swap(&used, &waiting[0])
    spare.append(used)
    waiting.removeFirst()
  }

  /// Nothing more comes of this stream; the next one knows nothing about it.
  package func endStream() {
    isEnded = true
    beginScene()
    lastTime = -.infinity
  }

  /// Nothing that was seen before is seen again.
  private func beginScene() {
    known.removeAll(keepingCapacity: true)
    lost.removeAll()
    sceneStart = frameCount
    awaiting = .max
  }
}
