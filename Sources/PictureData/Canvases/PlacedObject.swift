/// An object on a canvas, as a network is to learn it.
///
/// Its box is that of the ellipse in the crop's rectangle after rotation: a square crop has the same box at every angle, and
/// one of another shape lies down as it rotates. Stretching, shear and masks do not change the box.
package struct PlacedObject: Sendable, Equatable {
  /// What the network's answer at this place counts for.
  package enum Role: Sendable, Equatable {
    /// It is to be found.
    case object
    /// Neither finding nor missing it counts: it is a little too small or too large, too faint, or mostly outside the
    /// canvas, or a place of a background that was to be left out.
    case ignored
    /// It is so large that a coarser level finds it: at this level it is no object.
    case large
  }

  /// The left edge of the box in pixels of the canvas: pixel 0 reaches from 0 to 1. It may lie outside.
  package var x: Float
  /// The upper edge.
  package var y: Float
  /// Columns, not rounded.
  package var width: Float
  /// Rows, not rounded.
  package var height: Float
  /// What it counts for.
  package var role: Role
  /// Which of the crops it shows; nil for a place of a background.
  package var crop: Int?

  /// A box with a role.
  package init(x: Float, y: Float, width: Float, height: Float, role: Role, crop: Int? = nil) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
    self.role = role
    self.crop = crop
  }

  /// The size by which canvases count: the side of a square of the same area, in pixels.
  package var size: Float { (width * height).squareRoot() }
  /// The middle in pixels from the canvas's left edge.
  package var centerX: Float { x + width / 2 }
  /// The middle in pixels from the canvas's upper edge.
  package var centerY: Float { y + height / 2 }

  /// Which part of the box is on a canvas of this side, 0 to 1.
  package func visibleShare(on side: Int) -> Float {
    let across = min(x + width, Float(side)) - max(x, 0)
    let down = min(y + height, Float(side)) - max(y, 0)
    return width * height > 0 ? max(across, 0) * max(down, 0) / (width * height) : 0
  }
}
