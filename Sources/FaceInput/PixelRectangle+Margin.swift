import FrameStream
import SystemIO

extension PixelRectangle {
  /// Numbers beyond this are refused: no picture has them, and sums of them cannot overflow.
  static let limit = 1 << 24

  /// The same for a box that was grown by the largest margin.
  static let enlargedLimit = limit << 6

  /// - Throws: ``Failure`` (`badInput`) if the box is empty or a number is beyond `limit`.
  func check(limit: Int = Self.limit) throws(Failure) {
    let range = -limit...limit
    guard width > 0, height > 0, width <= limit, height <= limit, range.contains(x),
      range.contains(y)
    else {
      throw Failure(
        .badInput, step: "cropping a face",
        cause: "box [\(x),\(y),\(width),\(height)] is empty or out of range")
    }
  }

  /// The box grown by `margin` of its own size on every side.
  /// - Throws: ``Failure`` (`badInput`) if the box is empty or beyond ``limit``.
  package func enlarged(by margin: Double) throws(Failure) -> PixelRectangle {
    try check()
    guard margin != 0 else { return self }
    let across = Int((Double(width) * margin).rounded())
    let down = Int((Double(height) * margin).rounded())
    return PixelRectangle(
      x: x - across, y: y - down, width: max(width + 2 * across, 1), height: max(height + 2 * down, 1))
  }
}
