/// An object that the cascade found, in pixels of the picture, origin top left.
package struct Detection: Sendable, Equatable, Hashable {
  package var x: Int
  package var y: Int
  package var width: Int
  package var height: Int
  /// How many candidates were merged into it; 1 for a raw candidate.
  package var neighbors: Int

  package init(x: Int, y: Int, width: Int, height: Int, neighbors: Int = 1) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
    self.neighbors = neighbors
  }
}
