import SystemIO

/// Follows people through the frames of a stream.
///
/// Frames go in by ``observe(_:at:isCut:)`` and wait until what comes after them is known as far as the options say;
/// then ``settle()`` gives the oldest one's numbers, filled faces and smoothed labels, which are final.
///
/// A track is a Kalman filter of the box (``MotionModel``). Faces continue tracks by the assignment of least cost
/// (``TrackAssociation``). A track ends when its face was missing for too long, by a frame that was searched, or at a
/// cut. Times are seconds from the stream, so a variable frame rate and dropped frames are right.
package final class FaceTracker {
  /// A frame that waits.
  private struct WaitingFrame {
    let number: Int
    let time: Double
    /// The track of each face; nil for none.
    let tracks: [Track?]
    let boxes: [TrackedBox]
    /// Whether each face's box was copied from an earlier frame.
    let isHeld: [Bool]
  }

  /// How it tracks; a change counts from the next frame on.
  package var options: TrackingOptions
  private let model = MotionModel()
  private let chain = LabelChain()
  private var association: TrackAssociation
  /// Those that may be continued, the eldest first.
  private var tracks: [Track] = []
  /// Those before a cut, while it may still be a flash, and since when.
  private var suspended: [Track] = []
  private var suspendedTime = 0.0
  /// Those whose first sighting is in a frame that waits, the eldest first.
  private var coming = SlidingWindow<Track>()
  /// Those that the frame settled last lies within, or after while they may be continued.
  private var present: [Track] = []
  private var waiting = SlidingWindow<WaitingFrame>()
  private var lastTime: Double?
  private var sightingsKept = 0
  private var facesWaiting = 0
  private var classCount = 0
  private var frameCount = 0
  private var searchedCount = 0
  private var lastSearched = -1
  private var lastID = 0
  /// The faces of the frame searched last.
  private var held = HeldFaces()
  private var isEnded = false

  /// A tracker that has seen nothing.
  package init(_ options: TrackingOptions) {
    self.options = options
    association = TrackAssociation(model)
  }

  // MARK: Frames in

  /// Takes in the next frame.
  /// - Parameters:
  ///   - time: seconds; a step back ends all tracks, as a cut does.
  ///   - scene: what the frame shows beside the one before it.
  package func observe(_ faces: [ObservedFace], at time: Double, scene: SceneChange = .unknown) {
    isEnded = false
    if let lastTime, time < lastTime { endAll() }
    lastTime = time
    if !suspended.isEmpty, time - suspendedTime > SceneChange.longestFlash { Self.end(&suspended) }
    switch scene {
    case .none, .unknown: break
    case .cut: suspend(at: time)
    case .flashOver: resume()
    }
    let number = frameCount
    frameCount += 1
    for face in faces { classCount = max(classCount, face.probabilities.count) }
    var found = [Track?](repeating: nil, count: faces.count)
    let isCopy = !faces.isEmpty && faces.allSatisfy(\.isHeld)
    if !isCopy { follow(faces, number, at: time, scene, into: &found) }
    held.match(faces, into: &found) { $0.lastFrame != number }
    if !isCopy {
      markMissing(found, number)
      held.set(faces, found)
    }
    waiting.append(
      WaitingFrame(
        number: number, time: time, tracks: found, boxes: faces.map(\.box), isHeld: faces.map(\.isHeld)))
    facesWaiting += faces.count
  }

  /// Continues tracks with the faces of a searched frame, and begins others.
  private func follow(
    _ faces: [ObservedFace], _ number: Int, at time: Double, _ scene: SceneChange, into found: inout [Track?]
  ) {
    searchedCount += 1
    // A frame's time has a rounding error of its time base.
    let limit = options.maximumGap + 1e-6
    func isLost(_ track: Track) -> Bool { track.isMissing && time - track.lastTime > limit }
    if tracks.contains(where: isLost) {
      for track in tracks where isLost(track) { track.isOver = true }
      tracks.removeAll(where: \.isOver)
    }
    for track in tracks { track.motion.predict(to: time, model) }
    func isSure(_ face: ObservedFace) -> Bool { face.score.map { $0 >= options.beginningScore } ?? true }
    association.match(tracks, faces, at: time, isSure: isSure)
    if scene == .unknown, isCut(faces, lastSearched, isSure) {
      endAll()
      association.match(tracks, faces, at: time, isSure: isSure)
    }
    lastSearched = number
    for (index, face) in faces.enumerated() where !face.isHeld {
      let matched = association.trackOfFace[index]
      if matched >= 0 {
        tracks[matched].see(face, frame: number, model)
        found[index] = tracks[matched]
      } else if isSure(face), !isDoubtful(face) || !covers(face, faces) {
        let track = Track(
          face, frame: number, time: time, searchedBefore: searchedCount - 1, model,
          LabelHistory(options.smoothing, chain))
        tracks.append(track)
        coming.append(track)
        found[index] = track
      } else {
        continue
      }
      sightingsKept += 1
    }
  }

  /// True if the boxes alone look like a cut: of the faces that were there just now at most a third go on, and as many
  /// new ones are there at once.
  private func isCut(_ faces: [ObservedFace], _ last: Int, _ isSure: (ObservedFace) -> Bool) -> Bool {
    let count = tracks.count { $0.lastFrame == last }
    guard count >= 2 else { return false }
    var (going, new) = (0, 0)
    for (index, face) in faces.enumerated() where !face.isHeld {
      let track = association.trackOfFace[index]
      if track < 0 { new += isSure(face) ? 1 : 0 } else if tracks[track].lastFrame == last { going += 1 }
    }
    return going * 3 <= count && new >= 2 && new * 3 >= count * 2
  }

  /// Marks the tracks that have no face in a searched frame, not even a copied one.
  private func markMissing(_ found: [Track?], _ number: Int) {
    for track in tracks where track.lastFrame != number { track.isMissing = true }
    for track in found { if let track, track.lastFrame != number { track.isMissing = false } }
  }

  /// True if the detector is only just sure.
  private func isDoubtful(_ face: ObservedFace) -> Bool { face.score.map { $0 < 0.8 } ?? false }

  /// True if a face that continues a track covers much of `face`.
  private func covers(_ face: ObservedFace, _ faces: [ObservedFace]) -> Bool {
    faces.indices.contains { association.trackOfFace[$0] >= 0 && faces[$0].box.overlap(face.box) > 0.05 }
  }

  /// Ends all tracks: what comes has nothing to do with them.
  private func endAll() {
    Self.end(&tracks)
    Self.end(&suspended)
    held.removeAll()
  }

  private static func end(_ list: inout [Track]) {
    for track in list { track.isOver = true }
    list.removeAll(keepingCapacity: true)
  }

  /// Another scene begins; what was before it waits for a moment, because a flash looks the same.
  private func suspend(at time: Double) {
    if suspended.isEmpty {
      suspendedTime = time
      swap(&suspended, &tracks)
    }
    Self.end(&tracks)
    held.removeAll()
  }

  /// It was a flash: the tracks from before it go on, those that began in it end.
  private func resume() {
    guard !suspended.isEmpty else { return }
    Self.end(&tracks)
    swap(&suspended, &tracks)
    held.removeAll()
  }

  /// The stream has ended: all frames that wait may be settled. Tracks do not go on in a stream that follows, numbers
  /// do.
  package func endStream() {
    endAll()
    lastTime = nil
    classCount = 0
    isEnded = true
  }

  // MARK: Frames out

  /// How many frames wait.
  package var waitingCount: Int { waiting.count }

  /// How many frames and sightings are kept, for tests.
  var keptCount: (frames: Int, sightings: Int) { (waiting.count, sightingsKept) }

  /// About how many bytes are kept for the frames that wait; constant time.
  package var memory: Int {
    let frame = MemoryLayout<WaitingFrame>.stride + 3 * 32
    let face = MemoryLayout<Track?>.stride + MemoryLayout<TrackedBox>.stride + MemoryLayout<Bool>.stride
    let sighting =
      MemoryLayout<Track.Sighting>.stride + MemoryLayout<BoxMotion>.stride
      + LabelHistory.bytesPerSighting(options.smoothing, classCount: classCount)
    return waiting.count * frame + facesWaiting * face + sightingsKept * sighting
  }

  /// True if the oldest frame that waits has waited long enough.
  package var canSettle: Bool {
    guard !waiting.isEmpty, let newest = waiting.last else { return false }
    let oldest = waiting[0]
    return isEnded || newest.time - oldest.time >= options.lag - 1e-6 || newest.time < oldest.time
  }

  /// What tracking says of the oldest frame that waits, by all that is known now; there must be one.
  package func settle() -> TrackedFrame {
    precondition(!waiting.isEmpty, "no frame waits")
    let frame = waiting[0]
    while !coming.isEmpty, coming[0].firstFrame <= frame.number {
      present.append(coming[0])
      coming.removeFirst(1)
    }
    var result = TrackedFrame()
    result.faces.reserveCapacity(frame.tracks.count)
    for (track, isHeld) in zip(frame.tracks, frame.isHeld) {
      guard let track, isReal(track) else {
        result.faces.append(TrackedFrame.Face())
        continue
      }
      track.shownFrame = frame.number
      result.faces.append(face(of: track, in: frame, isHeld: isHeld))
    }
    fill(&result, frame)
    forget(frame)
    return result
  }

  /// True if the face was seen often enough by what is known now.
  private func isReal(_ track: Track) -> Bool {
    if track.id != nil { return true }
    if options.lag <= 0 { return track.sightingCount >= options.liveMinimumLength }
    // In the few pictures of a slow or short stream nothing can be seen more often than there are pictures.
    return track.sightingCount >= min(options.minimumLength, searchedCount - track.searchedBefore)
  }

  private func number(_ track: Track) -> Int {
    if let id = track.id { return id }
    lastID += 1
    track.id = lastID
    return lastID
  }

  private func face(of track: Track, in frame: WaitingFrame, isHeld: Bool) -> TrackedFrame.Face {
    var face = TrackedFrame.Face()
    face.id = number(track)
    guard let index = track.sighting(notAfter: frame.number) else { return face }
    if isHeld { face.corrected = track.box(after: index, at: frame.time, model) }
    if options.isSteady { face.steady = face.corrected ?? track.steadyBox(index, model) }
    face.label = track.label(after: index, at: frame.time)
    return face
  }

  /// Adds the faces of tracks that were seen before and after the frame, but not in it; one that is there without a
  /// number, as in a flash, gets the number instead. A gap is filled wholly or not at all: one whose end was not known
  /// when its first frame left stays open.
  private func fill(_ result: inout TrackedFrame, _ frame: WaitingFrame) {
    for track in present where track.shownFrame != frame.number {
      guard let index = track.sighting(notAfter: frame.number) else { continue }
      let begin = track.sightings[index].frame
      // A sighting in this frame that is no number's face yet begins no gap.
      guard begin != frame.number else { continue }
      guard track.openGap != begin, let id = track.id,
        let box = track.box(after: index, at: frame.time, model)
      else {
        track.openGap = begin
        continue
      }
      let label = track.label(after: index, at: frame.time)
      if let there = result.faces.indices.first(where: {
        result.faces[$0].id == nil && frame.boxes[$0].overlap(box) > 0.5
      }) {
        result.faces[there].id = id
        result.faces[there].label = label
        if options.isSteady { result.faces[there].steady = box }
        if frame.isHeld[there] { result.faces[there].corrected = box }
      } else {
        result.filled.append(TrackedFrame.Filled(id: id, box: box, label: label))
      }
    }
    result.filled.sort { $0.id < $1.id }
  }

  /// Forgets what no frame that waits needs.
  private func forget(_ frame: WaitingFrame) {
    waiting.removeFirst(1)
    facesWaiting -= frame.tracks.count
    for track in present { sightingsKept -= track.forget(before: frame.number) }
    present.removeAll { track in
      guard track.isOver, track.lastFrame <= frame.number else { return false }
      sightingsKept -= track.sightings.count
      return true
    }
  }
}
