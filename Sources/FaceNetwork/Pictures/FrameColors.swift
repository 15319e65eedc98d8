import FrameStream

/// How a frame's samples are to be read as colors.
package struct FrameColors: Sendable, Hashable {
  /// The range of luma and chroma.
  package var range: ColorRange
  /// FFmpeg's name of the matrix; nil where unknown.
  package var space: String?
  /// FFmpeg's name of the position of chroma samples; nil where unknown.
  package var chromaLocation: String?

  /// Colors with everything known about them.
  package init(range: ColorRange, space: String? = nil, chromaLocation: String? = nil) {
    self.range = range
    self.space = space
    self.chromaLocation = chromaLocation
  }

  /// How far chroma samples lie to the left of and above the centers of the pixels that share them, in chroma samples.
  func chromaShift(columns: Int, rows: Int) -> (x: Double, y: Double) {
    let isLeft = ["left", "topleft", "bottomleft"].contains(chromaLocation)
    let isTop = ["top", "topleft"].contains(chromaLocation)
    let isBottom = ["bottom", "bottomleft"].contains(chromaLocation)
    return (
      columns == 2 && isLeft ? 0.25 : 0, rows == 2 ? (isTop ? 0.25 : isBottom ? -0.25 : 0) : 0
    )
  }
}

/// The linear map from luma and chroma to red, green and blue, 0 to 255.
struct ColorConversion: Sendable {
  let (lumaOffset, lumaScale): (Float, Float)
  /// What (Cr - 128) and (Cb - 128) are multiplied by.
  let (redFromCr, greenFromCr, greenFromCb, blueFromCb): (Float, Float, Float, Float)

  init(_ layout: PictureLayout, _ colors: FrameColors) {
    let weights = LumaWeights(of: layout, range: colors.range, colorSpace: colors.space)
    let isFull = colors.range == .pc
    (lumaOffset, lumaScale) = isFull ? (0, 1) : (16, 255 / 219)
    let chroma: Double = isFull ? 1 : 255 / 224
    let (red, blue) = (2 * (1 - weights.red) * chroma, 2 * (1 - weights.blue) * chroma)
    redFromCr = Float(red)
    greenFromCr = Float(-red * weights.red / weights.green)
    greenFromCb = Float(-blue * weights.blue / weights.green)
    blueFromCb = Float(blue)
  }
}
