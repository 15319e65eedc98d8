/// Follows people through the frames of a stream.
///
/// Frames go in by ``observe(_:at:isCut:)`` and wait until what comes after them is known as far as the options say;
/// then ``settle()`` gives the oldest one's numbers, filled faces and smoothed labels, which are final.
///
/// A track is a Kalman filter of the box (``MotionModel``). Faces continue tracks by the assignment of least cost
/// (``TrackAssociation``). A track ends when its face was missing for too long, or at a cut. Times are seconds from
/// the stream, so a variable frame rate and dropped frames are right.
package final class FaceTracker {
  /// A frame that waits.
  private struct WaitingFrame {
    let number: Int
    let time: Double
    /// The track of each face; nil for none.
    let tracks: [Track?]
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
  /// Those that have ended, but are in frames that wait.
  private var ended: [Track] = []
  private var waiting: [WaitingFrame] = []
  /// How many of ``waiting`` have left.
  private var settledCount = 0
  private var frameCount = 0
  private var searchedCount = 0
  private var lastID = 0
  /// The boxes and tracks of the frame searched last, for frames that hold its faces.
  private var searched: [(box: TrackedBox, track: Track?)] = []
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
  ///   - isCut: whether the frame begins another scene.
  package func observe(_ faces: [ObservedFace], at time: Double, isCut: Bool = false) {
    isEnded = false
    let isBack = waiting.last.map { time < $0.time } ?? false
    if isCut || isBack { endAll() }
    let number = frameCount
    frameCount += 1
    var trackOfFace: [Track?]
    if !faces.isEmpty, faces.allSatisfy(\.isHeld) {
      // A tracker before this one may have corrected the copied boxes.
      var free = searched
      trackOfFace = faces.map { face in
        guard
          let best = free.indices.max(by: { free[$0].box.overlap(face.box) < free[$1].box.overlap(face.box) }
          ),
          free[best].box.overlap(face.box) > 0
        else { return nil }
        return free.remove(at: best).track
      }
    } else {
      trackOfFace = follow(faces, number, at: time)
      searched = zip(faces, trackOfFace).map { ($0.box, $1) }
    }
    waiting.append(WaitingFrame(number: number, time: time, tracks: trackOfFace, isHeld: faces.map(\.isHeld)))
  }

  /// Continues tracks with the faces of a searched frame, and begins others.
  private func follow(_ faces: [ObservedFace], _ number: Int, at time: Double) -> [Track?] {
    searchedCount += 1
    // A frame's time has a rounding error of its time base.
    let limit = options.maximumGap + 1e-6
    if tracks.contains(where: { time - $0.lastTime > limit }) {
      ended += tracks.filter { time - $0.lastTime > limit }
      tracks.removeAll { time - $0.lastTime > limit }
    }
    for track in tracks { track.motion.predict(to: time, model) }
    func isSure(_ face: ObservedFace) -> Bool { face.score.map { $0 >= options.beginningScore } ?? true }
    association.match(tracks, faces, at: time, isSure: isSure)
    var found: [Track?] = []
    for (index, face) in faces.enumerated() {
      let matched = association.trackOfFace[index]
      if matched >= 0 {
        tracks[matched].see(face, frame: number, model, chain)
        found.append(tracks[matched])
      } else if isSure(face), !face.isHeld, !isDoubtful(face) || !covers(face, faces) {
        let track = Track(
          face, frame: number, time: time, searchedBefore: searchedCount - 1, model, chain)
        tracks.append(track)
        found.append(track)
      } else {
        found.append(nil)
      }
    }
    return found
  }

  /// True if the detector is only just sure.
  private func isDoubtful(_ face: ObservedFace) -> Bool { face.score.map { $0 < 0.8 } ?? false }

  /// True if a face that continues a track covers much of `face`.
  private func covers(_ face: ObservedFace, _ faces: [ObservedFace]) -> Bool {
    faces.indices.contains { association.trackOfFace[$0] >= 0 && faces[$0].box.overlap(face.box) > 0.05 }
  }

  /// Ends all tracks: what comes is another scene.
  private func endAll() {
    ended += tracks
    tracks.removeAll(keepingCapacity: true)
    searched.removeAll(keepingCapacity: true)
  }

  /// The stream has ended: all frames that wait may be settled. Tracks do not go on in a stream that follows, numbers
  /// do.
  package func endStream() {
    endAll()
    isEnded = true
  }

  // MARK: Frames out

  /// How many frames wait.
  package var waitingCount: Int { waiting.count - settledCount }

  /// How many frames and sightings are kept, for tests.
  var memory: Int { waiting.count + (tracks + ended).reduce(0) { $0 + $1.sightings.count } }

  /// True if the oldest frame that waits has waited long enough.
  package var canSettle: Bool {
    guard waitingCount > 0, let newest = waiting.last else { return false }
    let oldest = waiting[settledCount]
    return isEnded || newest.time - oldest.time >= options.lag - 1e-6 || newest.time < oldest.time
  }

  /// What tracking says of the oldest frame that waits, by all that is known now; there must be one.
  package func settle() -> TrackedFrame {
    precondition(waitingCount > 0, "no frame waits")
    let frame = waiting[settledCount]
    var result = TrackedFrame()
    var present = Set<ObjectIdentifier>()
    for (track, isHeld) in zip(frame.tracks, frame.isHeld) {
      guard let track, isReal(track) else {
        result.faces.append(TrackedFrame.Face())
        continue
      }
      present.insert(ObjectIdentifier(track))
      result.faces.append(face(of: track, in: frame, isHeld: isHeld))
    }
    fill(&result, frame, except: present)
    settledCount += 1
    forget(before: frame)
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
    track.smooth(model, chain)
    if isHeld { face.corrected = track.box(after: index, at: frame.time, model) }
    face.steady = face.corrected ?? track.smoothed[index].motion.box
    face.label = track.label(after: index, at: frame.time, options.smoothing, chain)
    return face
  }

  /// Adds the faces of tracks that were seen before and after the frame, but not in it.
  private func fill(
    _ result: inout TrackedFrame, _ frame: WaitingFrame, except present: Set<ObjectIdentifier>
  ) {
    for list in [ended, tracks] {
      for track in list where !present.contains(ObjectIdentifier(track)) {
        guard let id = track.id, let index = track.sighting(notAfter: frame.number),
          index + 1 < track.sightings.count
        else { continue }
        track.smooth(model, chain)
        guard let box = track.box(after: index, at: frame.time, model) else { continue }
        let label = track.label(after: index, at: frame.time, options.smoothing, chain)
        result.filled.append(TrackedFrame.Filled(id: id, box: box, label: label))
      }
    }
    result.filled.sort { $0.id < $1.id }
  }

  /// Forgets what no frame that waits needs.
  private func forget(before frame: WaitingFrame) {
    for track in tracks { track.forget(before: frame.number) }
    for track in ended { track.forget(before: frame.number) }
    ended.removeAll { ($0.sightings.last?.frame ?? 0) <= frame.number }
    if settledCount > 64, settledCount * 2 > waiting.count {
      waiting.removeFirst(settledCount)
      settledCount = 0
    }
  }
}
