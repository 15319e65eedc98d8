/// The faces of the frame searched last and their tracks, for frames that hold them.
struct HeldFaces {
  private var boxes: [TrackedBox] = []
  private var tracks: [Track?] = []
  private var isFree: [Bool] = []

  /// Forgets all.
  mutating func removeAll() {
    boxes.removeAll(keepingCapacity: true)
    tracks.removeAll(keepingCapacity: true)
  }

  /// Remembers a frame's faces.
  mutating func set(_ faces: [ObservedFace], _ tracks: [Track?]) {
    removeAll()
    for face in faces { boxes.append(face.box) }
    self.tracks.append(contentsOf: tracks)
  }

  /// Sets the tracks of those of a frame's faces that are held: that of the same box, or of the box that overlaps most,
  /// because a tracker before this one may have corrected the copy. `isFree` says whether a track has no face in this
  /// frame yet.
  mutating func match(
    _ faces: [ObservedFace], into found: inout [Track?], isFree isTrackFree: (Track) -> Bool
  ) {
    isFree.removeAll(keepingCapacity: true)
    for track in tracks { isFree.append(track.map(isTrackFree) ?? true) }
    // Nearly always the copies are those of the frame searched last, in the same order.
    var next = 0
    var corrected: [Int] = []
    for (index, face) in faces.enumerated() where face.isHeld {
      var same = next
      while same < boxes.count, boxes[same] != face.box { same += 1 }
      guard same < boxes.count, isFree[same] else {
        corrected.append(index)
        continue
      }
      take(same, index, &found)
      next = same + 1
    }
    for index in corrected {
      var best = (overlap: 0.0, entry: -1)
      for entry in boxes.indices where isFree[entry] {
        let overlap = boxes[entry].overlap(faces[index].box)
        if overlap > best.overlap { best = (overlap, entry) }
      }
      if best.entry >= 0 { take(best.entry, index, &found) }
    }
  }

  private mutating func take(_ entry: Int, _ face: Int, _ found: inout [Track?]) {
    isFree[entry] = false
    found[face] = tracks[entry]
  }
}
