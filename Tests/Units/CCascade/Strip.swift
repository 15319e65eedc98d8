import CCascade

/// Integral images of a strip in memory of its own.
final class Strip {
  var strip = ck_strip()
  let sum: UnsafeMutableRawPointer
  let squares: UnsafeMutablePointer<UInt32>
  let rows: Int

  init(width: Int, rows: Int, step: Int, cellBytes: Int) {
    let stride = 2 * ((width / 2 + 64 + 15) / 16 * 16)
    let count = stride * (rows + 1) + 256
    self.rows = rows
    sum = .allocate(byteCount: count * 4, alignment: 64)
    sum.initializeMemory(as: UInt8.self, repeating: 0, count: count * 4)
    squares = .allocate(capacity: count)
    squares.initialize(repeating: 0, count: count)
    strip.stride = Int32(stride)
    strip.step = Int32(step)
    strip.rows = Int32(rows)
    strip.cell_bytes = Int32(cellBytes)
    strip.sum = sum.assumingMemoryBound(to: UInt8.self)
    strip.squares = squares
  }

  deinit {
    sum.deallocate()
    squares.deallocate()
  }

  private func index(_ x: Int, _ y: Int) -> Int {
    let stride = Int(strip.stride)
    return y * stride + (strip.step == 2 ? x % 2 * (stride / 2) + x / 2 : x)
  }

  /// The sum of the pixels left of and above (x, y), as far as the cells hold it.
  func sum(_ x: Int, _ y: Int) -> UInt32 {
    let index = index(x, y)
    return strip.cell_bytes == 2
      ? UInt32(sum.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self))
      : sum.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
  }

  func squares(_ x: Int, _ y: Int) -> UInt32 { squares[index(x, y)] }
}
