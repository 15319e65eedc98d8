import FrameStream

/// Finds a face of an earlier frame among those of a frame: by its number, or if it has none by its place. Memory is used
/// again for the next frame.
struct FaceIndex {
  private var faces: [SightedFace] = []
  private var positions: [Int: Int] = [:]
  /// The faces by the left edge of their boxes.
  private var order: [Int] = []
  private var largestWidth = 0

  /// The overlap by which a face without a number is known again.
  static let sameFace = 0.2

  /// Takes the faces of a frame.
  mutating func take(_ faces: [SightedFace]) {
    self.faces.removeAll(keepingCapacity: true)
    self.faces.append(contentsOf: faces)
    positions.removeAll(keepingCapacity: true)
    order.removeAll(keepingCapacity: true)
    largestWidth = 0
    for (position, face) in faces.enumerated() {
      if let id = face.id, positions[id] == nil { positions[id] = position }
      order.append(position)
      largestWidth = max(largestWidth, face.box.width)
    }
    order.sort { (faces[$0].box.x, $0) < (faces[$1].box.x, $1) }
  }

  /// The position of the face that `known` is; nil if it is not there.
  func position(of known: SightedFace) -> Int? {
    if let id = known.id { return positions[id] }
    var (low, high) = (0, order.count)
    while low < high {
      let middle = (low + high) / 2
      if faces[order[middle]].box.x <= known.box.x - largestWidth { low = middle + 1 } else { high = middle }
    }
    while low < order.count, faces[order[low]].box.x < known.box.maxX {
      if faces[order[low]].box.overlap(known.box) >= Self.sameFace { return order[low] }
      low += 1
    }
    return nil
  }
}
