import FrameStream

extension PixelRectangle {
  /// The part of a picture to cut out for a face in this box, so that its pixels become square ones: the rectangle with
  /// the same center and, as displayed, the same area, in the shape of the network's input.
  ///
  /// A cascade searches pictures as they are stored. In one whose pixels are wide, a face looks narrow, and the box
  /// around it, a square of stored pixels, is displayed as a wide rectangle.
  /// - Parameters:
  ///   - shape: Width of a pixel divided by its height. With 1, the box stays as it is.
  ///   - aspect: The input's width divided by its height.
  package func displayed(withPixels shape: Double, as aspect: Double) -> PixelRectangle {
    guard shape != 1, shape > 0, aspect > 0 else { return self }
    let area = Double(width) * Double(height) * shape
    let down = (area / aspect).squareRoot()
    let across = down * aspect / shape
    let size = (width: max(1, Int(across.rounded())), height: max(1, Int(down.rounded())))
    let left = Double(x) + (Double(width) - Double(size.width)) / 2
    let top = Double(y) + (Double(height) - Double(size.height)) / 2
    return PixelRectangle(
      x: Int(left.rounded()), y: Int(top.rounded()), width: size.width, height: size.height)
  }
}
