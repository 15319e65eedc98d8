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

  /// For a place of the level: the first of two source places, and the weight of the second, of 256.
  private static func places(from source: Int, to target: Int) -> [(first: Int, weight: Int)] {
    // From the sizes, not from the level's factor.
    let scale = 1.0 / (Double(target) / Double(source))
    return (0..<target).map { index in
      let place = scale * (Double(index) + 0.5) - 0.5
      let whole = place.rounded(.down)
      let position = Int(whole)
      if position < 0 { return (0, 0) }
      if position >= source - 1 { return (source - 1, 0) }
      return (position, rounded((place - whole) * 256))
    }
  }

  init(pictureWidth: Int, pictureHeight: Int, level: PyramidLevel) {
    let rows = Self.places(from: pictureHeight, to: level.height)
    rowFirst = FixedTable(rows.map { Int32($0.first) })
    rowSecond = FixedTable(rows.map { Int32($0.weight == 0 ? $0.first : $0.first + 1) })
    rowWeight = FixedTable(rows.map { UInt16($0.weight) })
    var columns = Self.places(from: pictureWidth, to: level.width)
    while columns.count % 16 != 0 { columns.append((columns.last!.first, 0)) }
    columnFirst = FixedTable(columns.map { Int32($0.first) })
    columnWeights = FixedTable(columns.map { UInt32(256 - $0.weight) | UInt32($0.weight) << 16 })
    columnShuffle = Self.shuffle(columns.map(\.first)).map { FixedTable($0) }
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

  /// Where in the 16 bytes from a group's first place on the pairs of its four places lie; nil if one does not fit.
  private static func shuffle(_ places: [Int]) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4 * places.count)
    for group in stride(from: 0, to: places.count, by: 4) {
      for place in places[group..<group + 4] {
        let byte = 2 * (place - places[group])
        guard byte <= 12 else { return nil }
        bytes += [UInt8(byte), UInt8(byte + 1), UInt8(byte + 2), UInt8(byte + 3)]
      }
    }
    return bytes
  }
}
