import FrameStream

/// How the square that a classifier sees follows from a detector's box.
///
/// Classifiers of expressions are trained with the boxes of cascades: squares that leave some room around the face. A
/// network's box is tighter and higher than wide; cropped as it is, it would be squeezed into the square input.
package struct CropRule: Sendable, Equatable {
  /// The square's side, in square roots of the box's area.
  package var side: Double
  /// How far the square's center lies below the box's, in heights of the box.
  package var drop: Double

  /// For a box that is as tight as YuNet's.
  package static let tightBox = CropRule(side: 1.05, drop: 0.1)

  /// A square of this size and position relative to a box.
  package init(side: Double, drop: Double) {
    self.side = side
    self.drop = drop
  }

  /// The square for a box, in the same whole pixels; it may reach outside the picture.
  package func crop(of box: PixelRectangle) -> PixelRectangle {
    guard !box.isEmpty else { return box }
    let side = max(1, (self.side * box.area.squareRoot()).rounded())
    let left = Double(box.x) + (Double(box.width) - side) / 2
    let top = Double(box.y) + Double(box.height) * (0.5 + drop) - side / 2
    let limit = 1e15
    func whole(_ value: Double) -> Int { Int(min(max(value, -limit), limit).rounded()) }
    return PixelRectangle(x: whole(left), y: whole(top), width: whole(side), height: whole(side))
  }
}
