/// A detected object: its box in pixels of the picture, origin top left, and its support.
package struct Detection: Sendable, Equatable, Hashable {
  /// The left edge in pixels.
  package var x: Int
  /// The top edge in pixels.
  package var y: Int
  /// The width in pixels.
  package var width: Int
  /// The height in pixels.
  package var height: Int
  /// The number of raw detections merged into it; 1 for a raw detection.
  package var neighbors: Int

  /// A detection with this box, in pixels.
  package init(x: Int, y: Int, width: Int, height: Int, neighbors: Int = 1) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
    self.neighbors = neighbors
  }
}
