/// One person while he or she is followed.
final class Track {
  /// One frame in which the detector found the face.
  struct Sighting {
    /// The frame's number since the stream began.
    let frame: Int
    /// The face's index in it.
    let face: Int
    /// What was known of the motion then, this sighting included.
    let motion: BoxMotion
    /// What the classifier said, and what was said before it.
    let label: LabelEvidence
  }

  /// A number by which tracks begun earlier come first.
  let order: Int
  /// The number that faces carry; nil until one has left.
  var id: Int?
  /// The sightings that frames still waiting need, oldest first, and one before them.
  private(set) var sightings: [Sighting] = []
  /// How many there were in all.
  private(set) var sightingCount = 0
  /// How many frames had been searched before the first sighting.
  var searchedBefore = 0
  /// The first frame.
  let firstFrame: Int
  /// The motion at the time of the newest frame.
  var motion: BoxMotion
  /// The motion and the labels of ``sightings`` with all that is known by now; empty if not calculated since the
  /// newest sighting.
  var smoothed: [SmoothedSighting] = []
  /// What the face looks like, over its sightings; nil without pixels.
  private(set) var appearance: FaceAppearance?

  init(order: Int, _ face: ObservedFace, index: Int, frame: Int, time: Double, _ model: MotionModel) {
    self.order = order
    firstFrame = frame
    motion = BoxMotion(face.box, at: time, model)
    appearance = face.appearance
    add(face, index: index, frame: frame)
  }

  /// When the face was last seen.
  var lastTime: Double { sightings.last?.motion.time ?? motion.time }

  /// Adds a sighting at the time of ``motion``.
  func see(_ face: ObservedFace, index: Int, frame: Int, _ model: MotionModel) {
    motion.update(face.box, model)
    if let seen = face.appearance { appearance = appearance.map { $0.mixed(with: seen) } ?? seen }
    add(face, index: index, frame: frame)
  }

  private func add(_ face: ObservedFace, index: Int, frame: Int) {
    let label = LabelEvidence(face.probabilities, at: motion.time, after: sightings.last?.label)
    sightings.append(Sighting(frame: frame, face: index, motion: motion, label: label))
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
