import FrameStream

/// Says what is hidden in each frame of a stream: its faces, and those that were seen shortly before or will be seen
/// shortly after it.
///
/// Frames go in by ``observe(_:at:isCut:)`` and wait until the frames of the next ``hold`` seconds are known; then
/// ``settle(into:)`` gives the oldest one's boxes. A face is known again by its number, or if it has none by its place.
package final class HidingPlan {
  /// Seconds for which a face is hidden before its first and after its last sighting.
  package let hold: Double
  /// A face that was seen in an earlier frame and may be in the next.
  private struct KnownFace {
    var face: SightedFace
    var time: Double
    /// The frame that had it last.
    var frame: Int
  }

  private var known: [KnownFace] = []
  private var next: [KnownFace] = []
  private var waiting: [PlannedFrame] = []
  private var first = 0
  /// Memory to use again.
  private var spare: [PlannedFrame] = []
  /// The number of the next frame, and of the first one after the last cut.
  private var frameCount = 0
  private var sceneStart = 0
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

  /// A plan that has seen nothing; `hold` is finite and not negative.
  package init(hold: Double) { self.hold = hold }

  /// How many frames wait.
  package var waitingCount: Int { waiting.count - first }

  /// Takes in the next frame's faces.
  /// - Parameters:
  ///   - time: seconds; a step back counts as none.
  ///   - isCut: whether nothing before this frame shows the same scene, as with pictures of a folder.
  package func observe(_ faces: [SightedFace], at time: Double, isCut: Bool = false) {
    let time = max(time, lastTime)
    lastTime = time
    isEnded = false
    if isCut {
      known.removeAll(keepingCapacity: true)
      sceneStart = frameCount
    }
    var frame = spare.popLast() ?? PlannedFrame()
    frame.removeAll()
    frame.time = time
    frame.faces.append(contentsOf: faces)
    for face in faces {
      frame.boxes.append(HiddenBox(face.box, growth: face.isSighted ? 0 : Self.uncertainty))
      if !face.isSighted { frame.bridgesGap = true }
    }
    next.removeAll(keepingCapacity: true)
    isContinued.removeAll(keepingCapacity: true)
    for face in faces {
      isContinued.append(false)
      next.append(KnownFace(face: face, time: time, frame: frameCount))
    }
    index.take(faces)
    continueKnown(into: &frame, at: time)
    for (index, face) in faces.enumerated() where !isContinued[index] {
      hideEarlier(face, at: time, from: nil)
    }
    swap(&known, &next)
    waiting.append(frame)
    frameCount += 1
  }

  /// Finds the faces that are known in the frame, and holds those that are not there.
  private func continueKnown(into frame: inout PlannedFrame, at time: Double) {
    for (number, earlier) in known.enumerated() {
      // Those beyond are held, which hides more, not less.
      let isCompared = number < Self.mostCompared
      if isCompared, let index = index.position(of: earlier.face) {
        isContinued[index] = true
        if earlier.frame < frameCount - 1 {
          hideEarlier(frame.faces[index], at: time, from: earlier)
        }
      } else if time - earlier.time <= hold + Self.rounding {
        frame.boxes.append(held(earlier.face, for: time - earlier.time))
        frame.heldCount += 1
        next.append(earlier)
      }
    }
  }

  private func held(_ face: SightedFace, for seconds: Double) -> HiddenBox {
    HiddenBox(face.box, growth: Self.uncertainty + seconds * Self.speed)
  }

  /// Hides a face in frames that wait and did not have it.
  /// - Parameter earlier: where it was seen before; nil if this is its first sighting.
  private func hideEarlier(_ face: SightedFace, at time: Double, from earlier: KnownFace?) {
    let start = max(earlier.map { $0.frame + 1 } ?? sceneStart, sceneStart)
    // The last that waits has the number before this frame's.
    var index = waiting.count - 1
    var number = frameCount - 1
    while index >= first, number >= start, time - waiting[index].time <= hold + Self.rounding {
      if let earlier {
        // It was somewhere between the two places.
        waiting[index].boxes.append(
          HiddenBox(earlier.face.box.union(face.box), growth: Self.uncertainty))
        waiting[index].bridgesGap = true
      } else {
        waiting[index].boxes.append(held(face, for: time - waiting[index].time))
        waiting[index].heldCount += 1
      }
      index -= 1
      number -= 1
    }
  }

  /// True if the oldest frame that waits knows all that may matter to it.
  package var canSettle: Bool {
    guard first < waiting.count else { return false }
    return isEnded || hold == 0 || lastTime - waiting[first].time >= hold - Self.rounding
  }

  /// Moves the oldest frame that waits into `frame`, whose memory is used again, whether it knows enough or not.
  package func settle(into frame: inout PlannedFrame) {
    swap(&frame, &waiting[first])
    spare.append(waiting[first])
    first += 1
    if first > 64, first * 2 > waiting.count {
      waiting.removeFirst(first)
      first = 0
    }
  }

  /// Nothing more comes of this stream; the next one knows nothing about it.
  package func endStream() {
    isEnded = true
    known.removeAll(keepingCapacity: true)
    sceneStart = frameCount
    lastTime = -.infinity
  }
}
