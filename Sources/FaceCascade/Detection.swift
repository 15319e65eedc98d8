/// An object that the cascade found, in pixels of the picture, origin top left.
public struct Detection: Sendable, Equatable, Hashable {
  public var x: Int
  public var y: Int
  public var width: Int
  public var height: Int
  /// How many candidates were merged into it; 1 for a raw candidate.
  public var neighbors: Int

  public init(x: Int, y: Int, width: Int, height: Int, neighbors: Int = 1) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
    self.neighbors = neighbors
  }
}
