/// A rectangle of bytes in memory that another object owns: `height` rows of `width` bytes, `stride` bytes apart.
///
/// Like an `UnsafeBufferPointer`, a view is valid only as long as its memory. Bounds are checked when a view is made and
/// by `row(_:)`, not by each access within a row.
public struct PlaneView: @unchecked Sendable {
  /// The first byte of the first row.
  public let base: UnsafePointer<UInt8>
  /// Bytes in a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// Bytes from the start of one row to the start of the next; at least `width`.
  public let stride: Int

  /// A view of the rows that begin at `base`; `stride` must be at least `width`.
  public init(_ base: UnsafePointer<UInt8>, width: Int, height: Int, stride: Int) {
    precondition(width >= 0 && height >= 0 && stride >= width, "a plane's rows may not overlap")
    self.base = base
    self.width = width
    self.height = height
    self.stride = stride
  }

  /// Row `y`, `width` bytes.
  @inlinable
  public func row(_ y: Int) -> UnsafeBufferPointer<UInt8> {
    precondition(y >= 0 && y < height, "row outside the plane")
    return UnsafeBufferPointer(start: base + y &* stride, count: width)
  }

  /// The byte at (`x`, `y`).
  @inlinable
  public subscript(x: Int, y: Int) -> UInt8 {
    precondition(x >= 0 && x < width && y >= 0 && y < height, "byte outside the plane")
    return base[y &* stride &+ x]
  }

  /// The rectangle of all its bytes: in planes of one byte per pixel, of all pixels.
  public var bounds: PixelRectangle { PixelRectangle(x: 0, y: 0, width: width, height: height) }

  /// The bytes of this plane in `rectangle`, which must be inside.
  public func part(_ rectangle: PixelRectangle) -> PlaneView {
    let (x, y) = (rectangle.x, rectangle.y)
    let (width, height) = (rectangle.width, rectangle.height)
    precondition(x >= 0 && y >= 0 && width >= 0 && height >= 0)
    precondition(rectangle.maxX <= self.width && rectangle.maxY <= self.height, "part outside the plane")
    return PlaneView(base + y * stride + x, width: width, height: height, stride: stride)
  }
}

/// A rectangle of bytes in writable memory; see ``PlaneView``.
public struct MutablePlaneView: @unchecked Sendable {
  /// The first byte of the first row.
  public let base: UnsafeMutablePointer<UInt8>
  /// Bytes in a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// Bytes from the start of one row to the start of the next; at least `width`.
  public let stride: Int

  /// A view of the rows that begin at `base`; `stride` must be at least `width`.
  public init(_ base: UnsafeMutablePointer<UInt8>, width: Int, height: Int, stride: Int) {
    precondition(width >= 0 && height >= 0 && stride >= width, "a plane's rows may not overlap")
    self.base = base
    self.width = width
    self.height = height
    self.stride = stride
  }

  /// Row `y`, `width` bytes.
  @inlinable
  public func row(_ y: Int) -> UnsafeMutableBufferPointer<UInt8> {
    precondition(y >= 0 && y < height, "row outside the plane")
    return UnsafeMutableBufferPointer(start: base + y &* stride, count: width)
  }

  /// The byte at (`x`, `y`).
  @inlinable
  public subscript(x: Int, y: Int) -> UInt8 {
    get {
      precondition(x >= 0 && x < width && y >= 0 && y < height, "byte outside the plane")
      return base[y &* stride &+ x]
    }
    nonmutating set {
      precondition(x >= 0 && x < width && y >= 0 && y < height, "byte outside the plane")
      base[y &* stride &+ x] = newValue
    }
  }

  /// The same memory as a view for reading.
  public var readOnly: PlaneView { PlaneView(base, width: width, height: height, stride: stride) }
}
