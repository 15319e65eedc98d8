import FrameStream

/// Finds places for the labels of one frame: beside the box, where the picture, earlier labels and other faces leave
/// room.
struct LabelPlacement {
  let picture: PixelRectangle
  private var taken: [PixelRectangle] = []
  private var faces: [PixelRectangle] = []

  /// More labels than this are placed without regard to each other: nobody can read them, and the time for
  /// each grows with their number.
  static let mostCompared = 64
  /// The same for faces.
  static let mostFaces = 256

  init(picture: PixelRectangle) {
    self.picture = picture
    taken.reserveCapacity(LabelPlacement.mostCompared)
  }

  mutating func removeAll() {
    taken.removeAll(keepingCapacity: true)
    faces.removeAll(keepingCapacity: true)
  }

  /// Takes in the box of one of the frame's faces, which labels of others do not cover.
  mutating func add(face: PixelRectangle) { if faces.count < Self.mostFaces { faces.append(face) } }

  /// A place for a label, and how many pixels of labels and of other faces it would cover.
  struct Place {
    let rectangle: PixelRectangle
    var labels = 0
    var faces = 0

    var isFree: Bool { labels == 0 && faces == 0 }
  }

  /// Where a label goes for an outline that covers `outline`, and takes the place; nil if it is larger than the picture.
  mutating func place(width: Int, height: Int, at outline: PixelRectangle) -> PixelRectangle? {
    guard let best = best(width: width, height: height, at: outline) else { return nil }
    take(best)
    return best.rectangle
  }

  /// Keeps later labels off a place.
  mutating func take(_ place: Place) {
    if taken.count < LabelPlacement.mostCompared { taken.append(place.rectangle) }
  }

  /// The best place for the label of an outline that covers `outline`; nil if the label is larger than the picture.
  ///
  /// The first choice is above the outline, pushed into the picture where it would stick out, so that a label
  /// moves smoothly as its face does; the others (below it, above or below the label in the way, beside it) come into
  /// play only when labels would cover each other or another face.
  /// - Parameters:
  ///   - box: the label's own face; nil if it is none of those added.
  ///   - mayCoverOwn: whether the upper corners of the own face are places, too.
  func best(
    width: Int, height: Int, at outline: PixelRectangle, of box: PixelRectangle? = nil,
    mayCoverOwn: Bool = false
  ) -> Place? {
    guard width <= picture.width, height <= picture.height else { return nil }
    var best: Place?
    var blocker = outline
    for choice in 0..<(mayCoverOwn ? 10 : 8) {
      let x =
        switch choice {
        case 1, 3, 9: outline.maxX - width
        case 6: outline.maxX
        case 7: outline.x - width
        default: outline.x
        }
      let y =
        switch choice {
        case 0, 1: outline.y - height
        case 2, 3: outline.maxY
        case 4: blocker.y - height
        case 5: blocker.maxY
        default: outline.y
        }
      var place = Place(
        rectangle: PixelRectangle(
          x: min(max(x, picture.x), picture.maxX - width), y: min(max(y, picture.y), picture.maxY - height),
          width: width, height: height))
      // Pushed into the picture, what was meant to lie beside a face lies on it.
      if choice == 6 || choice == 7, place.rectangle.x != x { continue }
      for other in taken {
        guard let common = place.rectangle.intersection(other) else { continue }
        place.labels += common.width * common.height
        if choice == 0 { blocker = other }
      }
      for face in faces where face != box {
        guard let common = place.rectangle.intersection(face) else { continue }
        place.faces += common.width * common.height
      }
      if best.map({ (place.faces, place.labels) < ($0.faces, $0.labels) }) ?? true { best = place }
      if place.isFree { break }
    }
    return best
  }
}
