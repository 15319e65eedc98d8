import FrameStream
import SystemIO

/// A face that was seen in an earlier frame and may be in the next.
struct KnownFace {
  var face: SightedFace
  /// When it was seen last, in seconds.
  var time: Double
  /// The frame that had it last.
  var frame: Int
  /// The last frame in which it is hidden, seen or not.
  var lastHidden: Int
  /// The picture that its box is in; nil if nobody knows its size.
  var bounds: PixelRectangle?

  /// Its box in another picture of the same scene.
  func box(in other: PixelRectangle?) -> PixelRectangle { face.box.scaled(from: bounds, to: other) }
}

/// The people who have been missing for so long that no frame waits for them, the last ones at most.
struct LostPeople {
  private var faces: [Int: KnownFace] = [:]
  private var order = SlidingWindow<(id: Int, frame: Int)>()

  /// People who are remembered.
  static let most = 1 << 16

  /// Remembers a person; others who have been missing for longest are forgotten.
  mutating func insert(_ face: KnownFace, id: Int) {
    faces[id] = face
    order.append((id, face.frame))
    while faces.count > Self.most, let oldest = order.first {
      order.removeFirst()
      if faces[oldest.id]?.frame == oldest.frame { faces[oldest.id] = nil }
    }
  }

  /// The person with a number, who is no longer missing; nil if nobody like that is remembered.
  mutating func remove(_ id: Int?) -> KnownFace? {
    guard !faces.isEmpty, let id else { return nil }
    return faces.removeValue(forKey: id)
  }

  /// Forgets all.
  mutating func removeAll() {
    faces.removeAll(keepingCapacity: true)
    order.removeAll()
  }
}

extension PixelRectangle {
  /// The same part of a picture of another size, its sides moved outward to whole pixels.
  func scaled(from: PixelRectangle?, to: PixelRectangle?) -> PixelRectangle {
    guard let from, let to, from != to, !from.isEmpty else { return self }
    // Far beyond any picture, and small enough to be added.
    func place(_ value: Int, _ old: Int, _ new: Int, _ rule: FloatingPointRoundingRule) -> Int {
      Int(min(max((Double(value) * Double(new) / Double(old)).rounded(rule), -1e9), 1e9))
    }
    let left = place(x, from.width, to.width, .down)
    let top = place(y, from.height, to.height, .down)
    return PixelRectangle(
      x: left, y: top, width: max(1, place(maxX, from.width, to.width, .up) - left),
      height: max(1, place(maxY, from.height, to.height, .up) - top))
  }
}
