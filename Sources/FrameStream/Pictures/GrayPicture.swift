/// The grayscale picture of a frame, one byte per pixel: the first plane where that is one, otherwise computed from
/// RGB, or from the upper eight bits of deeper luma.
///
/// Memory for computed pictures is reused from frame to frame.
public final class GrayPicture {
  private let computed = Payload()

  /// An object without memory yet.
  public init() {}

  /// The grayscale picture of the packed picture at `base`, valid until that or this object changes.
  ///
  /// Colors are weighted as in ITU-R BT.601 and OpenCV's `COLOR_RGB2GRAY`: 0.299 R + 0.587 G + 0.114 B.
  public func plane(of layout: PictureLayout, at base: UnsafePointer<UInt8>) -> PlaneView {
    let first = layout.plane(0, at: base)
    if layout.format.hasGrayPlane { return first }
    computed.resize(to: layout.width * layout.height)
    if layout.format == .yuv420p10le {
      first.reduceToEightBits(into: computed.base)
      return PlaneView(
        UnsafePointer(computed.base), width: layout.width, height: layout.height, stride: layout.width)
    }
    for y in 0..<layout.height {
      let source = first.row(y)
      let target = computed.base + y * layout.width
      for x in 0..<layout.width {
        let red = Int32(source[3 * x]) &* 9798
        let green = Int32(source[3 * x + 1]) &* 19235
        let blue = Int32(source[3 * x + 2]) &* 3735
        target[x] = UInt8(truncatingIfNeeded: (red &+ green &+ blue &+ 16384) >> 15)
      }
    }
    return PlaneView(
      UnsafePointer(computed.base), width: layout.width, height: layout.height, stride: layout.width)
  }
}

extension PlaneView {
  /// Writes the upper eight bits of each ten-bit sample, one byte each and without gaps; samples beyond ten bits are
  /// clamped.
  package func reduceToEightBits(into target: UnsafeMutablePointer<UInt8>) {
    let count = width / 2
    for y in 0..<height {
      guard let source = row(y).baseAddress else { continue }
      let into = target + y &* count
      for x in 0..<count {
        let sample = UInt16(source[2 &* x]) | UInt16(source[2 &* x &+ 1]) << 8
        into[x] = UInt8(truncatingIfNeeded: min(sample >> 2, 255))
      }
    }
  }
}
