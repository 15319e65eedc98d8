/// A sighting with all that is known by now.
struct SmoothedSighting {
  /// The motion, later sightings included.
  let motion: BoxMotion
  /// What later sightings say of the label.
  let outlook: LabelOutlook
}

extension Track {
  /// Brings ``smoothed`` up to date: one pass back over the sightings.
  func smooth(_ model: MotionModel, _ chain: LabelChain) {
    guard smoothed.count != sightings.count, let newest = sightings.last else { return }
    var outlook = LabelOutlook()
    var motion = newest.motion
    var backward = [SmoothedSighting(motion: motion, outlook: outlook)]
    for (earlier, later) in zip(sightings.dropLast(), sightings.dropFirst()).reversed() {
      outlook = LabelOutlook(later.motion.time - earlier.motion.time, before: later.label, outlook, chain)
      motion = earlier.motion.smoothed(by: motion, model)
      backward.append(SmoothedSighting(motion: motion, outlook: outlook))
    }
    smoothed = backward.reversed()
  }

  /// The box in a frame in which the face was not seen: between two sightings what both say; nil after the last.
  func box(after index: Int, at time: Double, _ model: MotionModel) -> TrackedBox? {
    guard index + 1 < sightings.count else { return nil }
    var motion = sightings[index].motion
    motion.predict(to: time, model)
    return motion.smoothed(by: smoothed[index + 1].motion, model).box
  }

  /// The label `seconds` after a sighting.
  func label(
    after index: Int, at time: Double, _ smoothing: LabelSmoothing, _ chain: LabelChain
  ) -> SmoothedLabel? {
    let sighting = sightings[index]
    let seconds = max(0, time - sighting.motion.time)
    var outlook = smoothed[index].outlook
    if seconds > 0, index + 1 < sightings.count {
      let next = sightings[index + 1]
      outlook = LabelOutlook(next.motion.time - time, before: next.label, smoothed[index + 1].outlook, chain)
    }
    return SmoothedLabel(smoothing, sighting.label, seconds: seconds, outlook, chain)
  }
}
