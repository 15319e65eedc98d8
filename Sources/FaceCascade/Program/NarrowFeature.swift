import CCascade

/// An upright Haar feature with whole weights, taken apart for sums in 16 bits.
///
/// Every rectangle's sum is a combination of four corners of the integral image, so a feature is a small matrix of
/// coefficients at the crossings of some rows and columns. Those of OpenCV's cascades are products of a row and a
/// column, which saves reads.
struct NarrowFeature {
  /// The product of (1,-1) or (1,-2,1) with (1,-2,1) or (1,-3,3,-1), if it is one and its values fit 16 bits.
  var product: Product?
  /// Cells of the grid and their weights.
  var boxes: [Box]

  struct Product {
    /// Kind 0, 1 or 2 of `ck_narrow_node`.
    var kind: Int32
    /// The shorter factor goes over rows.
    var shortIsRows: Bool
    var rows: [Int]
    var columns: [Int]
    /// True if the value is the negative of the product.
    var isNegative: Bool
  }

  struct Box {
    var x: Int
    var y: Int
    var width: Int
    var height: Int
    var weight: Int
  }

  /// Pixels of the largest rectangle whose sum fits 16 bits.
  static let largestBox = 65535 / 255

  /// Nil if a weight is not whole, or sums may be too large for floats to hold exactly.
  init?(_ feature: Cascade.HaarFeature) {
    guard !feature.tilted else { return nil }
    var rectangles: [Box] = []
    var total = 0
    for r in feature.rectangles where r.weight != 0 && r.width > 0 && r.height > 0 {
      guard let weight = Int(exactly: r.weight), abs(weight) <= 1000, r.width * r.height <= 40000,
        abs(weight) * r.width * r.height * 255 < 1 << 24
      else { return nil }
      // The reference adds the rectangles' sums as floats, one to the other: all of them together have to be whole.
      total += abs(weight) * r.width * r.height * 255
      guard total < 1 << 24 else { return nil }
      rectangles.append(Box(x: r.x, y: r.y, width: r.width, height: r.height, weight: weight))
    }
    let rows = Set(rectangles.flatMap { [$0.y, $0.y + $0.height] }).sorted()
    let columns = Set(rectangles.flatMap { [$0.x, $0.x + $0.width] }).sorted()
    boxes = []
    var (positive, negative) = (0, 0)
    for (top, bottom) in zip(rows, rows.dropFirst()) {
      for (left, right) in zip(columns, columns.dropFirst()) {
        let covering = rectangles.filter {
          $0.x <= left && right <= $0.x + $0.width && $0.y <= top && bottom <= $0.y + $0.height
        }
        let weight = covering.reduce(0) { $0 + $1.weight }
        guard weight != 0 else { continue }
        Self.split(
          Box(x: left, y: top, width: right - left, height: bottom - top, weight: weight), into: &boxes)
        let most = weight * (right - left) * (bottom - top) * 255
        if most > 0 { positive += most } else { negative += most }
      }
    }
    guard positive < 1 << 24, negative > -1 << 24 else { return nil }
    if positive <= 32767, negative >= -32768 { product = Self.product(rectangles, rows, columns) }
  }

  private static func split(_ box: Box, into boxes: inout [Box]) {
    guard box.width * box.height > largestBox else {
      boxes.append(box)
      return
    }
    var (first, second) = (box, box)
    if box.width > box.height {
      first.width = box.width / 2
      second.x += first.width
      second.width -= first.width
    } else {
      first.height = box.height / 2
      second.y += first.height
      second.height -= first.height
    }
    split(first, into: &boxes)
    split(second, into: &boxes)
  }

  private static func product(_ rectangles: [Box], _ rows: [Int], _ columns: [Int]) -> Product? {
    var matrix = [[Int]](repeating: [Int](repeating: 0, count: columns.count), count: rows.count)
    for r in rectangles {
      let (top, bottom) = (rows.firstIndex(of: r.y)!, rows.firstIndex(of: r.y + r.height)!)
      let (left, right) = (columns.firstIndex(of: r.x)!, columns.firstIndex(of: r.x + r.width)!)
      matrix[top][left] += r.weight
      matrix[top][right] -= r.weight
      matrix[bottom][left] -= r.weight
      matrix[bottom][right] += r.weight
    }
    let usedRows = rows.indices.filter { row in matrix[row].contains { $0 != 0 } }
    let usedColumns = columns.indices.filter { column in matrix.contains { $0[column] != 0 } }
    let factors: [(kind: Int32, short: [Int], long: [Int])] = [
      (0, [1, -1], [1, -2, 1]), (1, [1, -1], [1, -3, 3, -1]), (2, [1, -2, 1], [1, -2, 1]),
    ]
    for (kind, short, long) in factors {
      for shortIsRows in [true, false] {
        let (a, b) = shortIsRows ? (short, long) : (long, short)
        guard a.count == usedRows.count, b.count == usedColumns.count else { continue }
        for sign in [1, -1] {
          let isProduct = usedRows.indices.allSatisfy { i in
            usedColumns.indices.allSatisfy { j in matrix[usedRows[i]][usedColumns[j]] == sign * a[i] * b[j] }
          }
          if isProduct {
            return Product(
              kind: kind, shortIsRows: shortIsRows, rows: usedRows.map { rows[$0] },
              columns: usedColumns.map { columns[$0] }, isNegative: sign < 0)
          }
        }
      }
    }
    return nil
  }
}
