import CCascade

/// Where the cell of a pixel lies, from a window's first cell on.
struct CellLayout: Equatable {
  /// Bytes of a cell.
  var bytes: Int
  /// Cells of a row.
  var stride: Int
  /// 2 if the cells of odd columns lie half a stride behind those of even ones.
  var step: Int
  /// Bytes from an upright sum to that of 45 degrees.
  var tilted: Int

  func offset(_ x: Int, _ y: Int, tilted isTilted: Bool = false) -> Int32 {
    let column = step == 2 ? x % 2 * (stride / 2) + x / 2 : x
    return Int32((y * stride + column) * bytes + (isTilted ? tilted : 0))
  }

  /// The same for the squares, which have cells of 4 bytes.
  var ofSquares: CellLayout { CellLayout(bytes: 4, stride: stride, step: step, tilted: 0) }

  /// A row that a level of `width` pixels fits in, with room for what vectors write beyond.
  static func stride(width: Int, bytes: Int, step: Int) -> Int {
    // Steps of 64, so that pictures of similar sizes share their tables.
    let stride = step == 2 ? 2 * ((width / 2 + 48 + 31) / 32 * 32) : (width + 64 + 63) / 64 * 64
    // Rows a multiple of 4096 bytes apart would compete for the same lines of the first cache.
    let apart = stride * bytes % 4096
    return apart < 128 || apart > 3968 ? stride + 128 : stride
  }

  /// The transposed cells of ``CK_LANES`` windows: a window's next cell is the lanes' number of cells away.
  static func patch(_ cascade: Cascade, bytes: Int) -> CellLayout {
    let (across, down) = (cascade.windowWidth + 1, cascade.windowHeight + 1)
    let cell = bytes * CK_LANES
    return CellLayout(bytes: cell, stride: across, step: 1, tilted: across * down * cell)
  }
}

extension CellLayout {
  /// The corners of an upright rectangle: top left, top right, bottom left, bottom right.
  func corners(_ x: Int, _ y: Int, _ width: Int, _ height: Int) -> [Int32] {
    [offset(x, y), offset(x + width, y), offset(x, y + height), offset(x + width, y + height)]
  }

  /// The corners of a rectangle of a Haar feature.
  func corners(_ r: Cascade.HaarRectangle, tilted isTilted: Bool) -> [Int32] {
    guard isTilted else { return corners(r.x, r.y, r.width, r.height) }
    return [
      offset(r.x, r.y, tilted: true), offset(r.x - r.height, r.y + r.height, tilted: true),
      offset(r.x + r.width, r.y + r.width, tilted: true),
      offset(r.x + r.width - r.height, r.y + r.width + r.height, tilted: true),
    ]
  }

  /// The corners of three by three blocks, rows first.
  func corners(_ feature: Cascade.LBPFeature) -> [Int32] {
    (0..<16).map { offset(feature.x + $0 % 4 * feature.width, feature.y + $0 / 4 * feature.height) }
  }
}
