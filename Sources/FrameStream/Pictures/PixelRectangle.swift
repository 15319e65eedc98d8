/// A rectangle of whole pixels, origin top left; it contains columns `x ..< maxX` and rows `y ..< maxY`.
///
/// It may reach outside a picture, and any numbers are allowed: sums that overflow stop at the largest integer.
public struct PixelRectangle: Sendable, Hashable {
  /// The first column.
  public var x: Int
  /// The first row.
  public var y: Int
  /// The number of columns.
  public var width: Int
  /// The number of rows.
  public var height: Int

  /// The rectangle whose first pixel is (`x`, `y`).
  @inlinable
  public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// The first column to the right of the rectangle.
  @inlinable
  public var maxX: Int { Self.sum(x, width) }
  /// The first row below the rectangle.
  @inlinable
  public var maxY: Int { Self.sum(y, height) }

  @inlinable
  static func sum(_ start: Int, _ length: Int) -> Int {
    let (sum, overflow) = start.addingReportingOverflow(length)
    return overflow ? (length > 0 ? .max : .min) : sum
  }

  /// True if the rectangle contains no pixel.
  @inlinable
  public var isEmpty: Bool { width <= 0 || height <= 0 }

  /// The number of pixels, as a floating-point number because any integers are allowed; 0 if ``isEmpty``.
  public var area: Double { isEmpty ? 0 : Double(width) * Double(height) }

  /// The pixels that are in both rectangles; nil if there are none.
  public func intersection(_ other: PixelRectangle) -> PixelRectangle? {
    let left = max(x, other.x)
    let top = max(y, other.y)
    let right = min(maxX, other.maxX)
    let bottom = min(maxY, other.maxY)
    guard right > left, bottom > top else { return nil }
    return PixelRectangle(x: left, y: top, width: right - left, height: bottom - top)
  }

  /// The smallest rectangle that contains both, which must be of a size that can be counted.
  package func union(_ other: PixelRectangle) -> PixelRectangle {
    let left = min(x, other.x)
    let top = min(y, other.y)
    return PixelRectangle(
      x: left, y: top, width: max(maxX, other.maxX) - left, height: max(maxY, other.maxY) - top)
  }

  /// The area of the intersection divided by the area of the union, 0 to 1.
  public func overlap(_ other: PixelRectangle) -> Double {
    guard let shared = intersection(other)?.area else { return 0 }
    return shared / (area + other.area - shared)
  }

  /// The rectangle with its left and right sides moved outward by `dx`, top and bottom by `dy` pixels. The
  /// sums must not overflow.
  package func expanded(horizontally dx: Int, vertically dy: Int) -> PixelRectangle {
    PixelRectangle(x: x - dx, y: y - dy, width: width + 2 * dx, height: height + 2 * dy)
  }
}
