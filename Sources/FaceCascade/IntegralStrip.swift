/// Integral images of some rows of a level: any rectangle's sum in four reads.
///
/// All sums are modulo 2^32, which is enough because only differences are used; so a strip may begin at any row.
/// Row 0 is zero, and column 0 of the upright ones.
final class IntegralStrip {
  /// Values from one row to the next.
  let stride: Int
  /// Rows of pixels that fit.
  let capacity: Int
  /// Sums of pixels above and left.
  let sum: UnsafeMutablePointer<Int32>
  /// Sums of squared pixels above and left.
  let squares: UnsafeMutablePointer<Int32>
  /// Sums of pixels in the upward cone of 45 degrees; nil if not wanted.
  let tilted: UnsafeMutablePointer<Int32>?

  init(width: Int, rows: Int, hasTilted: Bool) {
    stride = width + 1
    capacity = rows
    let count = stride * (rows + 1)
    sum = .allocate(capacity: count)
    squares = .allocate(capacity: count)
    tilted = hasTilted ? .allocate(capacity: count) : nil
    sum.initialize(repeating: 0, count: count)
    squares.initialize(repeating: 0, count: count)
    tilted?.initialize(repeating: 0, count: count)
  }

  deinit {
    sum.deallocate()
    squares.deallocate()
    tilted?.deallocate()
  }

  /// Adds the pixels of row `y` of the strip; rows come in order from 0. `previous` is the row before.
  func add(row y: Int, _ pixels: UnsafePointer<UInt8>, previous: UnsafePointer<UInt8>?, width: Int) {
    let above = sum + y * stride
    let below = above + stride
    let squaresAbove = squares + y * stride
    let squaresBelow = squaresAbove + stride
    var total: Int32 = 0
    var totalOfSquares: Int32 = 0
    for x in 0..<width {
      let pixel = Int32(pixels[x])
      total &+= pixel
      totalOfSquares &+= pixel &* pixel
      below[x + 1] = above[x + 1] &+ total
      squaresBelow[x + 1] = squaresAbove[x + 1] &+ totalOfSquares
    }
    if let tilted { addTilted(tilted + y * stride, pixels, previous, width) }
  }

  /// The cone over (x, y) is that over its two upper neighbours, less what they share, and two pixels; at the
  /// picture's sides a cone that has left it is the one of the next column, a row above.
  private func addTilted(
    _ above: UnsafeMutablePointer<Int32>, _ pixels: UnsafePointer<UInt8>, _ previous: UnsafePointer<UInt8>?,
    _ width: Int
  ) {
    let below = above + stride
    guard let previous else {
      below[0] = 0
      for x in 1...width { below[x] = Int32(pixels[x - 1]) }
      return
    }
    let top = above - stride
    below[0] = above[1]
    for x in 1...width {
      let right = x < width ? above[x + 1] : top[width]
      below[x] = above[x - 1] &+ right &- top[x] &+ Int32(pixels[x - 1]) &+ Int32(previous[x - 1])
    }
  }
}
