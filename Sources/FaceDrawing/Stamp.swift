import Drawing
import FrameStream

/// A small drawing ready to be laid on a picture: coverage and premultiplied samples in the picture's own
/// color coding, one of each a pixel. Chroma is at full resolution, because which pixels share a chroma
/// sample depends on where the stamp is put.
final class Stamp {
  let width: Int
  let height: Int
  /// Coverage, 0 to 255; `width * height`, rows packed.
  let alpha: UnsafeMutablePointer<UInt8>
  /// Y, U, V; R, G, B; or Y alone: as `alpha`.
  let samples: [UnsafeMutablePointer<UInt8>]
  private let storage: UnsafeMutablePointer<UInt8>

  /// Memory it takes, in bytes.
  var byteCount: Int { width * height * (samples.count + 1) }

  init(_ canvas: CairoCanvas, matrix: ColorMatrix) {
    width = canvas.width
    height = canvas.height
    let count = width * height
    let planes = matrix.samples == .luma ? 1 : 3
    let storage = UnsafeMutablePointer<UInt8>.allocate(capacity: count * (planes + 1))
    let alpha = storage
    let samples = (1...planes).map { storage + count * $0 }
    let width = width
    canvas.withRows { y, pixels in
      for x in 0..<width {
        let pixel = pixels[x]
        let opacity = pixel >> 24
        let (first, second, third) = matrix.encode(
          red: Double(pixel >> 16 & 0xFF), green: Double(pixel >> 8 & 0xFF), blue: Double(pixel & 0xFF),
          alpha: Double(opacity))
        let index = y * width + x
        alpha[index] = UInt8(opacity)
        samples[0][index] = Stamp.byte(first)
        if planes == 3 {
          samples[1][index] = Stamp.byte(second)
          samples[2][index] = Stamp.byte(third)
        }
      }
    }
    self.storage = storage
    self.alpha = alpha
    self.samples = samples
  }

  deinit {
    storage.deallocate()
  }

  static func byte(_ value: Double) -> UInt8 {
    UInt8(min(max(value.rounded(), 0), 255))
  }
}
