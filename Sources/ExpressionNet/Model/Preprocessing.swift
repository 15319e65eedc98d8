/// How a face becomes a network's input.
public struct Preprocessing: Sendable, Equatable {
  /// An input value is pixel·scale + offset, the pixel 0…255.
  public var scale: Float = 1
  public var offset: Float = 0
  /// How much a face's box grows on every side, as a fraction of the box.
  public var margin: Double = 0

  public init(scale: Float = 1, offset: Float = 0, margin: Double = 0) {
    self.scale = scale
    self.offset = offset
    self.margin = margin
  }
}
