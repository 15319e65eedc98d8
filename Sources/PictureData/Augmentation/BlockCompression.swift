import Glibc

/// The loss of JPEG in a gray picture: 8x8 blocks whose cosine transform is rounded to multiples of a table's numbers
/// (ITU-T T.81, annex K.1, the table for luminance; the scale of libjpeg's quality from 1 to 100).
struct BlockCompression {
  /// What the coefficients are rounded to multiples of, row by row.
  private let steps: [Float]

  init(quality: Float) {
    let scale = quality < 50 ? 5000 / max(quality, 1) : 200 - 2 * min(quality, 100)
    steps = Self.luminance.map { min(max((($0 * scale + 50) / 100).rounded(.down), 1), 255) }
  }

  /// Changes a picture in place, into whole numbers from 0 to 255. Pixels outside it are those of its edge.
  /// - Parameters:
  ///   - left: How many columns of the first block lie left of the picture, 0 to 7.
  ///   - top: How many of its rows lie above.
  func apply(to picture: UnsafeMutablePointer<Float>, width: Int, height: Int, left: Int, top: Int) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 128) { memory in
      let (block, room) = (memory.baseAddress!, memory.baseAddress! + 64)
      Self.cosines.withUnsafeBufferPointer { cosines in
        steps.withUnsafeBufferPointer { steps in
          for y in stride(from: -top, to: height, by: 8) {
            for x in stride(from: -left, to: width, by: 8) {
              for row in 0..<8 {
                let line = picture + min(max(y + row, 0), height - 1) * width
                for column in 0..<8 {
                  block[row * 8 + column] = line[min(max(x + column, 0), width - 1)] - 128
                }
              }
              Self.multiply(cosines.baseAddress!, false, block, into: room)
              Self.multiply(cosines.baseAddress!, false, room, into: block)
              for place in 0..<64 { block[place] = (block[place] / steps[place]).rounded() * steps[place] }
              Self.multiply(cosines.baseAddress!, true, block, into: room)
              Self.multiply(cosines.baseAddress!, true, room, into: block)
              for row in max(0, -y)..<min(8, height - y) {
                let line = picture + (y + row) * width + x
                for column in max(0, -x)..<min(8, width - x) {
                  line[column] = CaptureDraw.stored(block[row * 8 + column] + 128)
                }
              }
            }
          }
        }
      }
    }
  }

  /// Multiplies a block's columns by the cosines (or by their transpose), and turns the result on its side: twice does
  /// rows and columns.
  private static func multiply(
    _ cosines: UnsafePointer<Float>, _ isInverse: Bool, _ block: UnsafePointer<Float>,
    into result: UnsafeMutablePointer<Float>
  ) {
    let (across, along) = isInverse ? (1, 8) : (8, 1)
    for column in 0..<8 {
      for row in 0..<8 {
        var sum: Float = 0
        for k in 0..<8 { sum += cosines[row * across + k * along] * block[k * 8 + column] }
        result[column * 8 + row] = sum
      }
    }
  }

  /// The orthonormal cosine transform of eight values: row u, column x is c(u) ÷ 2 · cos((2x + 1)uπ ÷ 16).
  private static let cosines: [Float] = (0..<64).map { place in
    let (u, x) = (Double(place / 8), Double(place % 8))
    return Float((u == 0 ? 0.5.squareRoot() : 1) / 2 * cos((2 * x + 1) * u * .pi / 16))
  }

  private static let luminance: [Float] = [
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17,
    22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78,
    87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
  ]
}
