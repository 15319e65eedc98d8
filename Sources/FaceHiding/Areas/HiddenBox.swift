import FrameStream

/// A face's box that is hidden in one frame.
package struct HiddenBox: Sendable, Equatable {
  /// The box in pixels; it may lie partly or wholly outside the picture.
  package var box: PixelRectangle
  /// The fraction of the box by which each side moves outward, besides the style's margin: where the face is, is less
  /// certain the longer ago it was seen.
  package var growth: Double

  /// A box, as it was seen unless it is grown.
  package init(_ box: PixelRectangle, growth: Double = 0) {
    self.box = box
    self.growth = growth
  }

  /// The box with a margin and its growth around it.
  func area(margin: Double) -> PixelRectangle {
    // Far beyond any picture, and small enough to be added.
    let limit = 1e9
    func bounded(_ value: Double) -> Int { Int(min(max(value, -limit), limit)) }
    let extra = margin + growth
    let (dx, dy) = (Double(box.width) * extra, Double(box.height) * extra)
    let left = bounded((Double(box.x) - dx).rounded(.down))
    let top = bounded((Double(box.y) - dy).rounded(.down))
    return PixelRectangle(
      x: left, y: top, width: bounded((Double(box.maxX) + dx).rounded(.up)) - left,
      height: bounded((Double(box.maxY) + dy).rounded(.up)) - top)
  }
}
