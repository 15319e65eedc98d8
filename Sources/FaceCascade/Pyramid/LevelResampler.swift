import CCascade

/// The tables for shrinking a picture to one level as OpenCV's INTER_LINEAR_EXACT does.
///
/// Weights are multiples of 1/256 in both directions and nothing is rounded in between.
final class LevelResampler {
  private(set) var tables = ck_resampler()
  private let rowFirst: FixedTable<Int32>
  private let rowSecond: FixedTable<Int32>
  private let rowWeight: FixedTable<UInt16>
  private let columnFirst: FixedTable<Int32>
  private let columnWeights: FixedTable<UInt32>
  private let columnShuffle: FixedTable<UInt8>?

  /// For each position of the level: the first of two source positions, and the weight of the second, of 256.
  private static func positions(from source: Int, to target: Int) -> [(first: Int, weight: Int)] {
    // From the sizes, not from the level's factor.
    let scale = 1.0 / (Double(target) / Double(source))
    return (0..<target).map { index in
      let position = scale * (Double(index) + 0.5) - 0.5
      let whole = position.rounded(.down)
      let first = Int(whole)
      if first < 0 { return (0, 0) }
      if first >= source - 1 { return (source - 1, 0) }
      return (first, rounded((position - whole) * 256))
    }
  }

  init(pictureWidth: Int, pictureHeight: Int, level: PyramidLevel) {
    let rows = Self.positions(from: pictureHeight, to: level.height)
    rowFirst = FixedTable(rows.map { Int32($0.first) })
    rowSecond = FixedTable(rows.map { Int32($0.weight == 0 ? $0.first : $0.first + 1) })
    rowWeight = FixedTable(rows.map { UInt16($0.weight) })
    var columns = Self.positions(from: pictureWidth, to: level.width)
    while columns.count % 16 != 0 { columns.append((columns.last!.first, 0)) }
    columnFirst = FixedTable(columns.map { Int32($0.first) })
    columnWeights = FixedTable(columns.map { UInt32(256 - $0.weight) | UInt32($0.weight) << 16 })
    columnShuffle = Self.shuffle(columns.map(\.first), of: pictureWidth).map { FixedTable($0) }
    tables.picture_width = Int32(pictureWidth)
    tables.width = Int32(level.width)
    tables.height = Int32(level.height)
    tables.is_copy = pictureWidth == level.width && pictureHeight == level.height ? 1 : 0
    tables.row_first = UnsafePointer(rowFirst.base)
    tables.row_second = UnsafePointer(rowSecond.base)
    tables.row_weight = UnsafePointer(rowWeight.base)
    tables.column_first = UnsafePointer(columnFirst.base)
    tables.column_weights = UnsafePointer(columnWeights.base)
    tables.column_shuffle = columnShuffle.map { UnsafePointer($0.base) }
  }

  /// Where in the 16 pixels from a group's first position on, or the row's last 16, the pairs of its four positions are,
  /// each pixel before a place that means 0; nil if one does not fit. The last pixel is its own neighbor.
  private static func shuffle(_ positions: [Int], of width: Int) -> [UInt8]? {
    guard width >= 16 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4 * positions.count)
    for group in stride(from: 0, to: positions.count, by: 4) {
      for position in positions[group..<group + 4] {
        let start = min(positions[group], width - 16)
        let (place, next) = (position - start, min(position + 1, width - 1) - start)
        guard next <= 15 else { return nil }
        bytes += [UInt8(place), 0x80, UInt8(next), 0x80]
      }
    }
    return bytes
  }
}
