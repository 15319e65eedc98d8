/// One person while he or she is followed.
final class Track {
  /// One frame in which the detector found the face.
  struct Sighting {
    /// The frame's number since the stream began.
    let frame: Int
    /// What was known of the motion then, this sighting included.
    let motion: BoxMotion
    /// What the classifier said, and what was said before it.
    let label: LabelEvidence
  }

  /// The number that faces carry; nil until one has left.
  var id: Int?
  /// The sightings that frames still waiting need, oldest first, and one before them.
  private(set) var sightings: [Sighting] = []
  /// How many there were in all.
  private(set) var sightingCount = 0
  /// How many frames had been searched before the first sighting.
  let searchedBefore: Int
  /// The motion at the time of the newest frame.
  var motion: BoxMotion
  /// The motion and the labels of ``sightings`` with all that is known by now; empty if not calculated since the
  /// newest sighting.
  var smoothed: [SmoothedSighting] = []
  /// What the face looks like, over its sightings; nil without pixels.
  private(set) var appearance: FaceAppearance?

  init(
    _ face: ObservedFace, frame: Int, time: Double, searchedBefore: Int, _ model: MotionModel,
    _ chain: LabelChain
  ) {
    self.searchedBefore = searchedBefore
    motion = BoxMotion(face.box, at: time, model)
    appearance = face.appearance
    add(face, frame, chain)
  }

  /// When the face was last seen.
  var lastTime: Double { sightings.last?.motion.time ?? motion.time }

  /// Adds a sighting at the time of ``motion``.
  func see(_ face: ObservedFace, frame: Int, _ model: MotionModel, _ chain: LabelChain) {
    motion.update(face.box, model)
    if let seen = face.appearance { appearance = appearance.map { $0.mixed(with: seen) } ?? seen }
    add(face, frame, chain)
  }

  private func add(_ face: ObservedFace, _ frame: Int, _ chain: LabelChain) {
    let label = LabelEvidence(face.probabilities, at: motion.time, after: sightings.last?.label, chain)
    sightings.append(Sighting(frame: frame, motion: motion, label: label))
    sightingCount += 1
    smoothed.removeAll(keepingCapacity: true)
  }

  /// The index of the last sighting in `frame` or before it; nil if all are later.
  func sighting(notAfter frame: Int) -> Int? {
    var low = 0
    var high = sightings.count
    while low < high {
      let middle = (low + high) / 2
      if sightings[middle].frame <= frame { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? low - 1 : nil
  }

  /// Forgets the sightings before the last one not after `frame`.
  func forget(before frame: Int) {
    guard let index = sighting(notAfter: frame), index > 0 else { return }
    sightings.removeFirst(index)
    if !smoothed.isEmpty { smoothed.removeFirst(index) }
  }
}
