import SystemIO

/// The position of one plane in a packed picture.
public struct PlaneLayout: Sendable, Equatable {
  /// Bytes from the picture's first byte to the plane's.
  public let offset: Int
  /// Bytes in a row.
  public let width: Int
  /// Rows.
  public let height: Int
}

/// Geometry of a packed picture: its format and size, and the position of each plane that follows from them.
public struct PictureLayout: Sendable, Equatable {
  /// The arrangement of samples.
  public let format: PixelFormat
  /// Pixels in a row.
  public let width: Int
  /// Rows of pixels.
  public let height: Int
  /// The planes in order: Y, U, V; Y, UV; or the only one.
  public let planes: [PlaneLayout]
  /// The size of the whole picture in bytes.
  public let byteCount: Int

  /// The layout of pictures of `width` times `height` pixels.
  /// - Throws: `Failure` (`badInput`) if a side is not positive or the picture would be larger than
  ///   ``StreamLimits/payload``.
  public init(_ format: PixelFormat, width: Int, height: Int) throws(Failure) {
    guard width > 0, height > 0, width <= StreamLimits.payload, height <= StreamLimits.payload / width
    else {
      throw Failure(
        .badInput, step: "picture size", cause: "\(width)x\(height) is not between 1x1 and the size limit")
    }
    let halfWidth = (width + 1) / 2
    let halfHeight = (height + 1) / 2
    let shapes: [(width: Int, height: Int)] =
      switch format {
      case .gray: [(width, height)]
      case .yuv420p: [(width, height), (halfWidth, halfHeight), (halfWidth, halfHeight)]
      case .yuv422p: [(width, height), (halfWidth, height), (halfWidth, height)]
      case .yuv444p: [(width, height), (width, height), (width, height)]
      case .nv12: [(width, height), (halfWidth * 2, halfHeight)]
      case .rgb24: [(width * 3, height)]
      case .yuv420p10le: [(width * 2, height), (halfWidth * 2, halfHeight), (halfWidth * 2, halfHeight)]
      }
    var planes: [PlaneLayout] = []
    var offset = 0
    for shape in shapes {
      planes.append(PlaneLayout(offset: offset, width: shape.width, height: shape.height))
      offset += shape.width * shape.height
    }
    guard offset <= StreamLimits.payload else {
      throw Failure(
        .badInput, step: "picture size",
        cause:
          "\(width)x\(height) \(format.rawValue) needs \(offset) bytes, more than \(StreamLimits.payload)")
    }
    self.format = format
    self.width = width
    self.height = height
    self.planes = planes
    byteCount = offset
  }

  /// The rectangle of all the picture's pixels.
  public var bounds: PixelRectangle { PixelRectangle(x: 0, y: 0, width: width, height: height) }

  /// Plane `index` of a picture that begins at `base`.
  public func plane(_ index: Int, at base: UnsafePointer<UInt8>) -> PlaneView {
    let plane = planes[index]
    return PlaneView(base + plane.offset, width: plane.width, height: plane.height, stride: plane.width)
  }

  /// Plane `index` of a picture that begins at `base`, for writing.
  public func plane(_ index: Int, at base: UnsafeMutablePointer<UInt8>) -> MutablePlaneView {
    let plane = planes[index]
    return MutablePlaneView(
      base + plane.offset, width: plane.width, height: plane.height, stride: plane.width)
  }
}
