/// The grey picture of a frame: its first plane where that is one, else one computed from its colours, or from
/// luma of more bits, whose upper eight are taken.
///
/// The memory for computed pictures is kept from frame to frame.
public final class GrayPicture {
  private let computed = Payload()

  public init() {}

  /// The grey picture of `frame`, valid as long as the frame's payload and this object are left alone; nil if
  /// the frame has no pixels.
  ///
  /// Colours count as in ITU-R BT.601 and OpenCV's `COLOR_RGB2GRAY`: 0.299 R + 0.587 G + 0.114 B.
  public func plane(of frame: Record) -> PlaneView? {
    guard let first = frame.plane(0), let layout = frame.layout else { return nil }
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
  /// Writes the upper eight of each ten-bit sample, a byte each and without gaps; samples beyond ten bits count as
  /// the largest.
  public func reduceToEightBits(into target: UnsafeMutablePointer<UInt8>) {
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

extension Record {
  /// How this frame's luma is to be read, given its stream's header: its own `color_range` if it has one.
  public func colorRange(in video: VideoDescription?) -> ColorRange {
    guard let layout, layout.format != .rgb24 else { return .pc }
    if let own = line["color_range"] {
      if own.equals("pc") { return .pc }
      if own.equals("tv") { return .tv }
    }
    return video?.colorRange ?? (layout.format == .gray ? .pc : .tv)
  }
}
