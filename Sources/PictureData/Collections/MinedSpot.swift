/// A place of a background that a network took for an object.
package struct MinedSpot: Sendable, Equatable {
  /// Which of the backgrounds.
  package var background: Int
  /// The middle in pixels of the background as it is stored.
  package var x: Float
  /// The same, downwards.
  package var y: Float
  /// The size that the network gave it, in pixels of the background, more than 0.
  package var side: Float

  /// A place of a background.
  package init(background: Int, x: Float, y: Float, side: Float) {
    self.background = background
    self.x = x
    self.y = y
    self.side = side
  }
}
