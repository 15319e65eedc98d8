import FrameStream

@testable import FaceDrawing

/// A packed picture for tests, and what is drawn on it.
struct Picture {
  var bytes: [UInt8]
  let layout: PictureLayout

  /// A picture of noise, the same for the same seed.
  init(_ format: PixelFormat, _ width: Int, _ height: Int, seed: UInt64 = 1) throws {
    layout = try PictureLayout(format, width: width, height: height)
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    bytes = (0..<layout.byteCount).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 56)
    }
  }

  /// A picture of one sample value for luma (or red, green and blue) and one for chroma.
  init(_ format: PixelFormat, _ width: Int, _ height: Int, luma: UInt8, chroma: UInt8 = 128) throws {
    layout = try PictureLayout(format, width: width, height: height)
    bytes = Array(repeating: luma, count: layout.planes[0].width * layout.planes[0].height)
    bytes += Array(repeating: chroma, count: layout.byteCount - bytes.count)
  }

  @discardableResult
  mutating func draw(_ marks: [FaceMark], with annotator: FaceAnnotator) -> PixelRectangle? {
    let layout = layout
    return bytes.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.flatMap { annotator.draw(marks, layout: layout, base: $0) }
    }
  }

  /// The picture as RGB, converted without the library's own code.
  func rgb(isFullRange: Bool = false, kr: Double = 0.299, kb: Double = 0.114) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(layout.width * layout.height * 3)
    func sample(_ plane: Int, _ x: Int, _ y: Int) -> Double {
      Double(bytes[layout.planes[plane].offset + y * layout.planes[plane].width + x])
    }
    for y in 0..<layout.height {
      for x in 0..<layout.width {
        var luma = 0.0
        var cb = 128.0
        var cr = 128.0
        switch layout.format {
        case .rgb24:
          for channel in 0..<3 { result.append(UInt8(sample(0, 3 * x + channel, y))) }
          continue
        case .gray: luma = sample(0, x, y)
        case .nv12:
          (luma, cb, cr) = (sample(0, x, y), sample(1, x / 2 * 2, y / 2), sample(1, x / 2 * 2 + 1, y / 2))
        case .yuv420p: (luma, cb, cr) = (sample(0, x, y), sample(1, x / 2, y / 2), sample(2, x / 2, y / 2))
        case .yuv422p: (luma, cb, cr) = (sample(0, x, y), sample(1, x / 2, y), sample(2, x / 2, y))
        case .yuv444p: (luma, cb, cr) = (sample(0, x, y), sample(1, x, y), sample(2, x, y))
        case .yuv420p10le:
          func deep(_ plane: Int, _ x: Int, _ y: Int) -> Double {
            (sample(plane, 2 * x, y) + 256 * sample(plane, 2 * x + 1, y)) / 4
          }
          (luma, cb, cr) = (deep(0, x, y), deep(1, x / 2, y / 2), deep(2, x / 2, y / 2))
        }
        let value = isFullRange ? luma : (luma - 16) * 255 / 219
        let scale = isFullRange ? 1 : 255.0 / 224
        let red = value + 2 * (1 - kr) * (cr - 128) * scale
        let blue = value + 2 * (1 - kb) * (cb - 128) * scale
        let green = (value - kr * red - kb * blue) / (1 - kr - kb)
        for channel in [red, green, blue] { result.append(UInt8(min(max(channel.rounded(), 0), 255))) }
      }
    }
    return result
  }
}

extension PixelFormat {
  /// Those that are drawn on as they are.
  static let eightBit = allCases.filter { $0.bitDepth == 8 }
}
