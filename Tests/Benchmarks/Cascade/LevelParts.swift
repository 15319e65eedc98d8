import CCascade
import FaceCascade
import FrameStream
import SystemIO

/// Resizing and integral images alone, of all levels of a picture, in strips that the second cache holds.
///
/// The tables are the detector's only in what they cost, not bit for bit.
struct LevelParts {
  private let picture: PlaneView
  private let levels: [Tables]

  private final class Tables {
    let level: PyramidLevel
    let rows: [Int32]
    let nextRows: [Int32]
    let rowWeights: [UInt16]
    let columns: [Int32]
    let columnWeights: [UInt32]
    let shuffle: [UInt8]?

    init(_ level: PyramidLevel, _ picture: PlaneView) {
      self.level = level
      let places = Self.places(picture.height, level.height)
      rows = places.map { Int32($0.first) }
      nextRows = places.map { Int32(min($0.first + 1, picture.height - 1)) }
      rowWeights = places.map { UInt16($0.weight) }
      var across = Self.places(picture.width, level.width)
      while across.count % 16 != 0 { across.append((across.last!.first, 0)) }
      columns = across.map { Int32($0.first) }
      columnWeights = across.map { UInt32(256 - $0.weight) | UInt32($0.weight) << 16 }
      var bytes: [UInt8] = []
      var fits = true
      for (index, place) in across.enumerated() {
        let start = min(across[index / 4 * 4].first, picture.width - 16)
        let next = min(place.first + 1, picture.width - 1) - start
        if next > 15 { fits = false }
        bytes += [
          UInt8(truncatingIfNeeded: place.first - start), 0x80, UInt8(truncatingIfNeeded: next), 0x80,
        ]
      }
      shuffle = fits ? bytes : nil
    }

    private static func places(_ source: Int, _ target: Int) -> [(first: Int, weight: Int)] {
      (0..<target).map { index in
        let place = max(0, Double(source) / Double(target) * (Double(index) + 0.5) - 0.5)
        return Int(place) >= source - 1
          ? (source - 1, 0) : (Int(place), Int((place - place.rounded(.down)) * 256))
      }
    }
  }

  init(_ levels: [PyramidLevel], _ picture: PlaneView) {
    self.picture = picture
    self.levels = levels.map { Tables($0, picture) }
  }

  /// The least of some rounds.
  func milliseconds(_ level: SIMDLevel, _ kind: Cascade.FeatureKind) -> (resizing: Double, integral: Double) {
    let code = cp_level(rawValue: UInt32(level.rank))
    let stride = (picture.width + 127) / 64 * 64 + 32
    let rows = max(64, (1 << 20) / (stride * 6))
    var pixels = [UInt8](repeating: 90, count: (picture.width + 128) * rows)
    var sums = [UInt16](repeating: 0, count: stride * (rows + 1) + 256)
    var squares = [UInt32](repeating: 0, count: stride + 256)
    var (resizing, integral) = (Double.infinity, Double.infinity)
    for _ in 0..<9 {
      let first = elapsed { resize(code, &pixels) }
      let second = elapsed { integrate(code, kind, stride, rows, &pixels, &sums, &squares) }
      (resizing, integral) = (min(resizing, first), min(integral, second))
    }
    return (resizing, integral)
  }

  private func resize(_ code: cp_level, _ pixels: inout [UInt8]) {
    for tables in levels {
      tables.rows.withUnsafeBufferPointer { rows in
        tables.nextRows.withUnsafeBufferPointer { nextRows in
          tables.rowWeights.withUnsafeBufferPointer { rowWeights in
            tables.columns.withUnsafeBufferPointer { columns in
              tables.columnWeights.withUnsafeBufferPointer { columnWeights in
                (tables.shuffle ?? []).withUnsafeBufferPointer { shuffle in
                  var resampler = ck_resampler()
                  resampler.picture_width = Int32(picture.width)
                  resampler.width = Int32(tables.level.width)
                  resampler.height = Int32(tables.level.height)
                  resampler.is_copy = tables.level.width == picture.width ? 1 : 0
                  resampler.row_first = rows.baseAddress
                  resampler.row_second = nextRows.baseAddress
                  resampler.row_weight = rowWeights.baseAddress
                  resampler.column_first = columns.baseAddress
                  resampler.column_weights = columnWeights.baseAddress
                  resampler.column_shuffle = tables.shuffle == nil ? nil : shuffle.baseAddress
                  for row in 0..<tables.level.height {
                    ck_resample_row(
                      code, &resampler, picture.base, picture.stride, Int32(row), &pixels)
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  private func integrate(
    _ code: cp_level, _ kind: Cascade.FeatureKind, _ stride: Int, _ rows: Int, _ pixels: inout [UInt8],
    _ sums: inout [UInt16], _ squares: inout [UInt32]
  ) {
    sums.withUnsafeMutableBytes { sums in
      squares.withUnsafeMutableBufferPointer { squares in
        for tables in levels {
          var strip = ck_strip()
          strip.stride = Int32(stride)
          strip.step = Int32(tables.level.step)
          strip.rows = Int32(rows)
          strip.cell_bytes = 2
          strip.sum = sums.bindMemory(to: UInt8.self).baseAddress
          var moving = ck_squares(sums: squares.baseAddress, step: strip.step, odd: strip.stride / 2)
          pixels.withUnsafeBufferPointer { pixels in
            let same = [pixels.baseAddress, pixels.baseAddress]
            for row in 0..<tables.level.height {
              ck_integral_row(code, &strip, Int32(row % rows), pixels.baseAddress, Int32(tables.level.width))
              if kind == .haar, row % tables.level.step == 0 {
                ck_move_squares(code, &moving, same, same, Int32(tables.level.width))
              }
            }
          }
        }
      }
    }
  }
}
