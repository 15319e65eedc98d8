import FrameStream

/// A gray picture in memory: 8 bits a pixel in full range, rows from the top without padding.
package struct GrayPixels: Sendable, Equatable {
  /// Columns of pixels, at least 1.
  package let width: Int
  /// Rows of pixels, at least 1.
  package let height: Int
  /// `width` · `height` values.
  package let values: [UInt8]

  /// A picture of these pixels, whose number must be `width` · `height`.
  package init(width: Int, height: Int, values: [UInt8]) {
    precondition(width > 0 && height > 0 && values.count == width * height, "pixels of another size")
    self.width = width
    self.height = height
    self.values = values
  }

  /// Runs `body` with a view of the pixels.
  package func withPlane<Result, Problem: Error>(
    _ body: (PlaneView) throws(Problem) -> Result
  ) throws(Problem) -> Result {
    try values.withUnsafeBufferPointer { (pixels) throws(Problem) in
      try body(PlaneView(pixels.baseAddress!, width: width, height: height, stride: width))
    }
  }

  /// The mean and the standard deviation of the pixels.
  package var statistics: (mean: Float, deviation: Float) {
    var sum = 0
    var squares = 0
    for pixel in values {
      sum += Int(pixel)
      squares += Int(pixel) * Int(pixel)
    }
    let mean = Double(sum) / Double(values.count)
    let variance = max(Double(squares) / Double(values.count) - mean * mean, 0)
    return (Float(mean), Float(variance.squareRoot()))
  }

  /// Half the size, each pixel the mean of four; a last odd column or row is dropped. Nil for a side of one pixel.
  package var halved: GrayPixels? {
    guard width > 1, height > 1 else { return nil }
    let (columns, rows) = (width / 2, height / 2)
    let half = [UInt8](unsafeUninitializedCapacity: columns * rows) { output, count in
      values.withUnsafeBufferPointer { pixels in
        for y in 0..<rows {
          let first = pixels.baseAddress! + 2 * y * width
          let second = first + width
          let to = output.baseAddress! + y * columns
          for x in 0..<columns {
            let upper = UInt16(first[2 &* x]) &+ UInt16(first[2 &* x &+ 1])
            let lower = UInt16(second[2 &* x]) &+ UInt16(second[2 &* x &+ 1])
            to[x] = UInt8(truncatingIfNeeded: (upper &+ lower &+ 2) >> 2)
          }
        }
      }
      count = columns * rows
    }
    return GrayPixels(width: columns, height: rows, values: half)
  }

  /// The part at (`x`, `y`) of this size, which must be inside.
  package func part(x: Int, y: Int, width columns: Int, height rows: Int) -> GrayPixels {
    precondition(x >= 0 && y >= 0 && columns > 0 && rows > 0 && x + columns <= width && y + rows <= height)
    var part: [UInt8] = []
    part.reserveCapacity(columns * rows)
    for row in y..<(y + rows) { part += values[(row * width + x)..<(row * width + x + columns)] }
    return GrayPixels(width: columns, height: rows, values: part)
  }
}
