import FrameStream

/// Finds places for the labels of one frame: above the box, or where the picture and earlier labels leave room.
struct LabelPlacement {
  let picture: PixelRectangle
  private var taken: [PixelRectangle] = []

  /// More labels than this are placed without regard to each other: nobody can read them, and the time for
  /// each grows with their number.
  static let mostCompared = 64

  init(picture: PixelRectangle) {
    self.picture = picture
    taken.reserveCapacity(LabelPlacement.mostCompared)
  }

  mutating func removeAll() {
    taken.removeAll(keepingCapacity: true)
  }

  /// Where a label goes for an outline that covers `outline`; nil if it is larger than the picture.
  ///
  /// The first choice is above the outline, pushed into the picture where it would stick out, so that a label
  /// moves smoothly as its face does; the others (below it, above or below the label in the way) come into play only when
  /// labels would cover each other.
  mutating func place(width: Int, height: Int, at outline: PixelRectangle) -> PixelRectangle? {
    guard width <= picture.width, height <= picture.height else { return nil }
    var best: PixelRectangle?
    var leastCovered = Int.max
    var blocker = outline
    for choice in 0..<6 where leastCovered > 0 {
      let x = choice == 1 || choice == 3 ? outline.maxX - width : outline.x
      let y =
        switch choice {
        case 0, 1: outline.y - height
        case 2, 3: outline.maxY
        case 4: blocker.y - height
        default: blocker.maxY
        }
      let place = PixelRectangle(
        x: min(max(x, picture.x), picture.maxX - width), y: min(max(y, picture.y), picture.maxY - height),
        width: width, height: height)
      var covered = 0
      for other in taken {
        guard let common = place.intersection(other) else { continue }
        covered += common.width * common.height
        if choice == 0 { blocker = other }
      }
      if covered < leastCovered {
        leastCovered = covered
        best = place
      }
    }
    if let best, taken.count < LabelPlacement.mostCompared { taken.append(best) }
    return best
  }
}
