import FrameStream

/// How RGB becomes the samples of a wire format, and back: ITU-R BT.601, BT.709 or BT.2020, limited or full range.
struct ColorMatrix: Hashable {
  /// Which samples a pixel has.
  enum Samples: Hashable {
    case luma
    case lumaChroma
    case rgb
  }

  let samples: Samples
  /// The weight of red and blue in luma.
  let redWeight: Double
  let blueWeight: Double
  let isFullRange: Bool

  /// - Parameter colorSpace: FFmpeg's name; ``LumaWeights`` says what it means when it is unknown.
  init(layout: PictureLayout, range: ColorRange, colorSpace: String?) {
    samples =
      switch layout.format {
      case .gray: .luma
      case .rgb24: .rgb
      case .yuv420p, .yuv422p, .yuv444p, .nv12, .yuv420p10le: .lumaChroma
      }
    isFullRange = range == .pc
    let weights = LumaWeights(of: layout, range: range, colorSpace: colorSpace)
    (redWeight, blueWeight) = (weights.red, weights.blue)
  }

  private var lumaOffset: Double { isFullRange ? 0 : 16 }
  private var lumaScale: Double { isFullRange ? 1 : 219.0 / 255 }
  private var chromaScale: Double { isFullRange ? 1 : 224.0 / 255 }

  /// Samples of a premultiplied pixel, themselves premultiplied; `alpha` and channels 0 to 255. The map is
  /// linear, so offsets are weighed by alpha and nothing is divided.
  func encode(red: Double, green: Double, blue: Double, alpha: Double) -> (Double, Double, Double) {
    if samples == .rgb { return (red, green, blue) }
    let luma = redWeight * red + (1 - redWeight - blueWeight) * green + blueWeight * blue
    let cb = (blue - luma) / (2 * (1 - blueWeight))
    let cr = (red - luma) / (2 * (1 - redWeight))
    let opacity = alpha / 255
    return (
      lumaOffset * opacity + lumaScale * luma, 128 * opacity + chromaScale * cb,
      128 * opacity + chromaScale * cr
    )
  }

  /// RGB, 0 to 255 but not clamped, of a pixel's luma and chroma.
  func decode(luma: Double, cb: Double, cr: Double) -> (red: Double, green: Double, blue: Double) {
    let y = (luma - lumaOffset) / lumaScale
    let blueDifference = (cb - 128) / chromaScale * 2 * (1 - blueWeight)
    let redDifference = (cr - 128) / chromaScale * 2 * (1 - redWeight)
    let green =
      y - (redWeight * redDifference + blueWeight * blueDifference) / (1 - redWeight - blueWeight)
    return (y + redDifference, green, y + blueDifference)
  }
}
