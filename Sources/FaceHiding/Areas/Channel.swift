import FrameStream

/// The samples of one kind in a packed picture: luma, a color difference, or one of red, green and blue.
struct Channel {
  /// Where the first one is, in samples from the picture's first.
  let offset: Int
  /// Samples from one row to the next.
  let stride: Int
  /// Samples from one to its neighbor on the right.
  let step: Int
  /// How many pixels share a sample, as a power of two, across and down.
  let shiftX: Int
  let shiftY: Int
  /// The sample of black.
  let black: Int

  /// The channels of pictures of one layout; none is left out.
  static func all(of layout: PictureLayout, _ range: ColorRange) -> [Channel] {
    let sampleSize = layout.format.bitDepth > 8 ? 2 : 1
    let scale = layout.format.bitDepth - 8
    let luma = (range == .tv ? 16 : 0) << scale
    let neutral = 128 << scale
    let (shiftX, shiftY): (Int, Int) =
      switch layout.format {
      case .yuv420p, .nv12, .yuv420p10le: (1, 1)
      case .yuv422p: (1, 0)
      case .gray, .yuv444p, .rgb24: (0, 0)
      }
    func channel(_ plane: Int, first: Int = 0, step: Int = 1, isChroma: Bool, black: Int) -> Channel {
      Channel(
        offset: layout.planes[plane].offset / sampleSize + first,
        stride: layout.planes[plane].width / sampleSize,
        step: step, shiftX: isChroma ? shiftX : 0, shiftY: isChroma ? shiftY : 0, black: black)
    }
    switch layout.format {
    case .gray: return [channel(0, isChroma: false, black: luma)]
    case .rgb24: return (0..<3).map { channel(0, first: $0, step: 3, isChroma: false, black: 0) }
    case .yuv420p, .yuv422p, .yuv444p, .yuv420p10le:
      return (0..<3).map { channel($0, isChroma: $0 > 0, black: $0 > 0 ? neutral : luma) }
    case .nv12:
      return [channel(0, isChroma: false, black: luma)]
        + (0..<2).map { channel(1, first: $0, step: 2, isChroma: true, black: neutral) }
    }
  }
}
