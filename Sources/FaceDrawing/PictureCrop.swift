import Drawing
import FrameStream

/// A packed picture of any wire format, read as RGB. Outside it, its edges are repeated.
struct PictureCrop {
  let layout: PictureLayout
  let base: UnsafePointer<UInt8>
  let matrix: ColorMatrix

  /// A part of the picture for Cairo. A part much larger than `largestSide` is first reduced by a whole
  /// factor, each pixel the mean of a square, so that memory is bounded by the result and not by the picture.
  func canvas(of area: PixelRectangle, largestSide: Int) -> CairoCanvas? {
    let factor = max(1, max(area.width, area.height) / max(1, largestSide))
    let width = max(1, area.width / factor)
    let height = max(1, area.height / factor)
    guard let canvas = CairoCanvas(width: width, height: height) else { return nil }
    canvas.withRows { y, pixels in
      for x in 0..<width {
        let square = PixelRectangle(
          x: area.x + x * factor, y: area.y + y * factor, width: factor, height: factor)
        pixels[x] = mean(of: square.intersection(area) ?? area)
      }
    }
    return canvas
  }

  /// The mean color of some pixels as an opaque Cairo pixel.
  private func mean(of square: PixelRectangle) -> UInt32 {
    var sums = (0, 0, 0)
    for y in square.y..<square.maxY {
      let row = min(max(y, 0), layout.height - 1)
      for x in square.x..<square.maxX {
        let (first, second, third) = samples(min(max(x, 0), layout.width - 1), row)
        sums.0 += first
        sums.1 += second
        sums.2 += third
      }
    }
    // The color matrix is linear, so the mean is taken before it.
    let count = Double(square.width * square.height)
    let (first, second, third) = (Double(sums.0) / count, Double(sums.1) / count, Double(sums.2) / count)
    let (red, green, blue) =
      matrix.samples == .rgb
      ? (first, second, third) : matrix.decode(luma: first, cb: second, cr: third)
    return 0xFF00_0000 | UInt32(Stamp.byte(red)) << 16 | UInt32(Stamp.byte(green)) << 8
      | UInt32(Stamp.byte(blue))
  }

  /// Luma and chroma, or red, green and blue, of one pixel.
  private func samples(_ x: Int, _ y: Int) -> (Int, Int, Int) {
    func sample(_ plane: Int, _ x: Int, _ y: Int) -> Int {
      Int(base[layout.planes[plane].offset + y * layout.planes[plane].width + x])
    }
    switch layout.format {
    case .gray: return (sample(0, x, y), 128, 128)
    case .rgb24: return (sample(0, 3 * x, y), sample(0, 3 * x + 1, y), sample(0, 3 * x + 2, y))
    case .yuv444p: return (sample(0, x, y), sample(1, x, y), sample(2, x, y))
    case .yuv422p: return (sample(0, x, y), sample(1, x / 2, y), sample(2, x / 2, y))
    case .yuv420p: return (sample(0, x, y), sample(1, x / 2, y / 2), sample(2, x / 2, y / 2))
    case .nv12:
      let pair = x & ~1
      return (sample(0, x, y), sample(1, pair, y / 2), sample(1, pair + 1, y / 2))
    case .yuv420p10le:
      // The upper eight bits of each: the matrix is for those.
      func deep(_ plane: Int, _ x: Int, _ y: Int) -> Int {
        min((sample(plane, 2 * x, y) | sample(plane, 2 * x + 1, y) << 8) >> 2, 255)
      }
      return (deep(0, x, y), deep(1, x / 2, y / 2), deep(2, x / 2, y / 2))
    }
  }
}
