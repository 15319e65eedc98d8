/// A rectangle of bytes in memory that somebody else owns: `height` rows of `width` bytes, `stride` apart.
///
/// The one place where libraries do pointer arithmetic on pictures. It is valid only as long as the memory it
/// was made from, like an `UnsafeBufferPointer`; bounds are checked when a view is made and by `row(_:)`, not
/// by each access within a row.
public struct PlaneView: @unchecked Sendable {
  public let base: UnsafePointer<UInt8>
  /// Bytes in a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// Bytes from one row's start to the next one's; at least `width`.
  public let stride: Int

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

  /// The part of this plane that begins at (`x`, `y`); it must lie inside.
  public func part(x: Int, y: Int, width: Int, height: Int) -> PlaneView {
    precondition(x >= 0 && y >= 0 && width >= 0 && height >= 0)
    precondition(x + width <= self.width && y + height <= self.height, "part outside the plane")
    return PlaneView(base + y * stride + x, width: width, height: height, stride: stride)
  }
}

/// A rectangle of bytes in memory that may be written; see ``PlaneView``.
public struct MutablePlaneView: @unchecked Sendable {
  public let base: UnsafeMutablePointer<UInt8>
  public let width: Int
  public let height: Int
  public let stride: Int

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

  /// The same memory, to be read only.
  public var readOnly: PlaneView { PlaneView(base, width: width, height: height, stride: stride) }
}
