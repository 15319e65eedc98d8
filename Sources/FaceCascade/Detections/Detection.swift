import FrameStream

/// An object that the cascade found.
package struct Detection: Sendable, Equatable, Hashable {
  /// Where it is, in pixels of the picture.
  package var box: PixelRectangle
  /// How many candidates were merged into it; 1 for a raw candidate.
  package var neighbors: Int

  /// A detection with this box, in pixels of the picture.
  package init(_ box: PixelRectangle, neighbors: Int = 1) {
    self.box = box
    self.neighbors = neighbors
  }
}
