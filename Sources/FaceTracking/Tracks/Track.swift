import SystemIO

/// One person while he or she is followed.
final class Track {
  /// One frame in which the detector found the face.
  struct Sighting {
    /// The frame's number since the stream began.
    let frame: Int
    /// What was known of the motion then, this sighting included.
    let motion: BoxMotion
  }

  /// The number that faces carry; nil until one has left.
  var id: Int?
  /// The sightings that frames still waiting need, oldest first, and one before them.
  private(set) var sightings = SlidingWindow<Sighting>()
  /// How many there were in all.
  private(set) var sightingCount = 0
  /// How many frames had been searched before the first sighting.
  let searchedBefore: Int
  /// The motion at the time of the newest frame.
  var motion: BoxMotion
  /// What the classifier said at ``sightings``.
  private var labels: LabelHistory
  /// The motions of ``sightings`` with what was known when they were calculated.
  private var smoothed = SlidingWindow<BoxMotion>()
  private var smoothedTime = -Double.infinity
  /// What the face looks like, over its sightings; nil without pixels.
  private(set) var appearance: FaceAppearance?
  /// The frame in which the face was first seen.
  let firstFrame: Int
  /// When the face was last seen.
  private(set) var lastTime: Double
  /// The frame in which the face was last seen.
  private(set) var lastFrame: Int
  /// True if a frame was searched since then, and the face was not in it.
  var isMissing = false
  /// True if nothing continues the track any more.
  var isOver = false
  /// The frame that was settled last with this face in it.
  var shownFrame = -1
  /// The frame of the sighting that begins a gap of which a frame was settled without the face; such a gap stays open.
  var openGap: Int?

  init(
    _ face: ObservedFace, frame: Int, time: Double, searchedBefore: Int, _ model: MotionModel,
    _ labels: LabelHistory
  ) {
    self.searchedBefore = searchedBefore
    self.labels = labels
    motion = BoxMotion(face.box, at: time, model)
    appearance = face.appearance
    lastTime = time
    firstFrame = frame
    lastFrame = frame
    add(face, frame)
  }

  /// Adds a sighting at the time of ``motion``.
  func see(_ face: ObservedFace, frame: Int, _ model: MotionModel) {
    motion.update(face.box, model)
    if let seen = face.appearance { appearance = appearance.map { $0.mixed(with: seen) } ?? seen }
    add(face, frame)
  }

  private func add(_ face: ObservedFace, _ frame: Int) {
    labels.add(face.probabilities, at: motion.time)
    sightings.append(Sighting(frame: frame, motion: motion))
    sightingCount += 1
    lastTime = motion.time
    lastFrame = frame
    isMissing = false
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

  /// Forgets the sightings before the last one not after `frame`; returns how many.
  func forget(before frame: Int) -> Int {
    guard let index = sighting(notAfter: frame), index > 0 else { return 0 }
    sightings.removeFirst(index)
    smoothed.removeFirst(min(index, smoothed.count))
    labels.removeFirst(index)
    return index
  }

  // MARK: With what came later

  /// The box of a sighting without its jitter.
  func steadyBox(_ index: Int, _ model: MotionModel) -> TrackedBox {
    smooth(from: index, model)
    return smoothed[index].box
  }

  /// The box in a frame in which the face was not seen: between two sightings what both say; nil after the last.
  func box(after index: Int, at time: Double, _ model: MotionModel) -> TrackedBox? {
    guard index + 1 < sightings.count else { return nil }
    smooth(from: index, model)
    var motion = sightings[index].motion
    motion.predict(to: time, model)
    return motion.smoothed(by: smoothed[index + 1], model).box
  }

  /// The label at a time after a sighting and not after the next one.
  func label(after index: Int, at time: Double) -> SmoothedLabel? { labels.label(after: index, at: time) }

  /// Calculates the smoothed motions, if that of a sighting does not know enough: one pass back.
  private func smooth(from index: Int, _ model: MotionModel) {
    let isWhole = smoothed.count == sightings.count
    let isFar =
      index + 1 < smoothed.count && smoothedTime - sightings[index].motion.time >= MotionModel.horizon
    guard !isWhole, !isFar, let newest = sightings.last?.motion else { return }
    smoothedTime = newest.time
    smoothed.removeAll()
    smoothed.append(repeating: newest, count: sightings.count)
    for index in stride(from: sightings.count - 2, through: 0, by: -1) {
      smoothed[index] = sightings[index].motion.smoothed(by: smoothed[index + 1], model)
    }
  }
}
