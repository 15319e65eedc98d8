/// A rectangle in pixels of a picture.
package struct ObjectBox: Sendable, Equatable {
  /// The left edge.
  package var x: Double
  /// The upper edge.
  package var y: Double
  /// Columns.
  package var width: Double
  /// Rows.
  package var height: Double

  /// A rectangle.
  package init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// The side of a square of the same area.
  package var size: Double { max(width * height, 0).squareRoot() }

  /// Intersection over union.
  package func overlap(_ other: ObjectBox) -> Double {
    let across = min(x + width, other.x + other.width) - max(x, other.x)
    let down = min(y + height, other.y + other.height) - max(y, other.y)
    guard across > 0, down > 0 else { return 0 }
    return across * down / (width * height + other.width * other.height - across * down)
  }

  /// Whether the other's middle is in it.
  package func holdsMiddle(of other: ObjectBox) -> Bool {
    let (middleX, middleY) = (other.x + other.width / 2, other.y + other.height / 2)
    return (x...(x + max(width, 0))).contains(middleX) && (y...(y + max(height, 0))).contains(middleY)
  }
}
