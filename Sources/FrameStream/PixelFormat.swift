import SystemIO

/// How a picture's samples lie in a frame's payload; the raw value is the name on the wire.
///
/// Planes are packed: no padding between rows or planes (fm-stream(5)).
public enum PixelFormat: String, Sendable, CaseIterable {
  case gray
  case yuv420p
  case yuv422p
  case yuv444p
  case nv12
  case rgb24
  /// Ten bits a sample, each in two bytes, the lower first.
  case yuv420p10le

  /// True if the first plane is the grey picture itself, a byte a pixel.
  public var hasGrayPlane: Bool { self != .rgb24 && self != .yuv420p10le }

  /// True for luma and chroma.
  public var isYUV: Bool { self != .gray && self != .rgb24 }

  /// Significant bits of a sample.
  public var bitDepth: Int { self == .yuv420p10le ? 10 : 8 }
}

/// Where one plane lies in a packed picture.
public struct PlaneLayout: Sendable, Equatable {
  /// Bytes from the picture's first byte.
  public let offset: Int
  /// Bytes in a row.
  public let width: Int
  /// Rows.
  public let height: Int
}

/// Geometry of a packed picture: its format and size, and with them where each plane lies.
public struct PictureLayout: Sendable, Equatable {
  public let format: PixelFormat
  /// Pixels in a row.
  public let width: Int
  /// Rows of pixels.
  public let height: Int
  /// The planes in order: Y, U, V; Y, UV; or the only one.
  public let planes: [PlaneLayout]
  /// The size of the whole picture in bytes.
  public let byteCount: Int

  /// - Throws: ``Failure`` if a side is not positive or the picture would be larger than
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

  /// Plane `index` of a picture that begins at `base`.
  public func plane(_ index: Int, at base: UnsafePointer<UInt8>) -> PlaneView {
    let plane = planes[index]
    return PlaneView(base + plane.offset, width: plane.width, height: plane.height, stride: plane.width)
  }

  /// Plane `index` of a picture that begins at `base`, to be written.
  public func plane(_ index: Int, at base: UnsafeMutablePointer<UInt8>) -> MutablePlaneView {
    let plane = planes[index]
    return MutablePlaneView(
      base + plane.offset, width: plane.width, height: plane.height, stride: plane.width)
  }
}

/// Limits of the format, checked before anything is allocated (fm-stream(5)).
public enum StreamLimits {
  /// The longest JSON line, in bytes, without its newline.
  public static let line = 1 << 20
  /// The largest payload of one record, in bytes.
  public static let payload = 256 << 20
  /// The deepest nesting of arrays and objects in a line.
  public static let depth = 64
}
