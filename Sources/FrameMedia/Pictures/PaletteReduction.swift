import CFFmpeg

/// Brings an RGB picture to at most 256 colors, those that suit it best: median cut (Heckbert 1982) over a histogram of
/// five bits a color, in which each color of the palette is the mean of the pixels that it replaces.
final class PaletteReduction {
  /// Pixels of one cell of the histogram.
  private struct Cell {
    var count = 0
    var red = 0
    var green = 0
    var blue = 0
  }

  private static let bits = 5
  private static let cellCount = 1 << (3 * bits)
  private var cells = [Cell](repeating: Cell(), count: cellCount)
  /// The numbers of the cells that have pixels; boxes are parts of this list.
  private var used: [Int] = []
  /// The palette's entry for each cell.
  private var entries = [UInt8](repeating: 0, count: cellCount)

  /// Fills `target` (PAL8) with the picture in `source` (RGB24) of the same size.
  func reduce(_ source: UnsafePointer<AVFrame>, into target: UnsafeMutablePointer<AVFrame>) {
    guard let pixels = source.pointee.plane(0), let indices = target.pointee.plane(0),
      let palette = target.pointee.plane(1)
    else { return }
    let (width, height) = (Int(source.pointee.width), Int(source.pointee.height))
    let (stride, indexStride) = (source.pointee.rowStride(0), target.pointee.rowStride(0))
    count(pixels, width, height, stride)
    palette.withMemoryRebound(to: UInt32.self, capacity: 256) { choose($0) }
    entries.withUnsafeBufferPointer { entries in
      for y in 0..<height {
        let row = pixels + y * stride
        let into = indices + y * indexStride
        for x in 0..<width { into[x] = entries[PaletteReduction.cell(row + 3 * x)] }
      }
    }
  }

  private static func cell(_ pixel: UnsafePointer<UInt8>) -> Int {
    let drop = 8 - bits
    return (Int(pixel[0]) >> drop) << (2 * bits) | (Int(pixel[1]) >> drop) << bits | Int(pixel[2]) >> drop
  }

  private func count(_ pixels: UnsafePointer<UInt8>, _ width: Int, _ height: Int, _ stride: Int) {
    cells.withUnsafeMutableBufferPointer { cells in
      for number in used { cells[number] = Cell() }
      used.removeAll(keepingCapacity: true)
      for y in 0..<height {
        let row = pixels + y * stride
        for x in 0..<width {
          let pixel = row + 3 * x
          let number = PaletteReduction.cell(pixel)
          if cells[number].count == 0 { used.append(number) }
          cells[number].count += 1
          cells[number].red += Int(pixel[0])
          cells[number].green += Int(pixel[1])
          cells[number].blue += Int(pixel[2])
        }
      }
    }
    used.sort()
  }

  /// A part of the list of cells, with the color that differs most in it.
  private struct Box {
    var range: Range<Int>
    var pixelCount: Int
    /// 0 to 2: blue, green, red.
    var widest: Int
    var spread: Int

    /// Larger for boxes that should be cut first.
    var urgency: Int { spread * pixelCount }
  }

  private func choose(_ palette: UnsafeMutablePointer<UInt32>) {
    var boxes = [box(used.indices)]
    while boxes.count < 256 {
      guard let index = boxes.indices.max(by: { boxes[$0].urgency < boxes[$1].urgency }),
        boxes[index].spread > 0
      else { break }
      let (low, high) = cut(boxes[index])
      boxes[index] = box(low)
      boxes.append(box(high))
    }
    for entry in 0..<256 { palette[entry] = 0xff00_0000 }
    for (entry, box) in boxes.enumerated() {
      var sum = Cell()
      for number in used[box.range] {
        let cell = cells[number]
        sum.count += cell.count
        sum.red += cell.red
        sum.green += cell.green
        sum.blue += cell.blue
        entries[number] = UInt8(entry)
      }
      guard sum.count > 0 else { continue }
      func mean(_ total: Int) -> UInt32 { UInt32((total + sum.count / 2) / sum.count) }
      palette[entry] = 0xff00_0000 | mean(sum.red) << 16 | mean(sum.green) << 8 | mean(sum.blue)
    }
  }

  private static func level(_ number: Int, _ color: Int) -> Int {
    number >> (color * bits) & ((1 << bits) - 1)
  }

  private func box(_ range: Range<Int>) -> Box {
    var (low, high) = ([31, 31, 31], [0, 0, 0])
    var pixelCount = 0
    for number in used[range] {
      pixelCount += cells[number].count
      for color in 0..<3 {
        let level = PaletteReduction.level(number, color)
        low[color] = min(low[color], level)
        high[color] = max(high[color], level)
      }
    }
    let widest = (0..<3).max { high[$0] - low[$0] < high[$1] - low[$1] } ?? 0
    return Box(
      range: range, pixelCount: pixelCount, widest: widest, spread: max(high[widest] - low[widest], 0))
  }

  /// Cuts a box at the median of its widest color, so that both parts have cells.
  private func cut(_ box: Box) -> (Range<Int>, Range<Int>) {
    used[box.range].sort {
      let (a, b) = (PaletteReduction.level($0, box.widest), PaletteReduction.level($1, box.widest))
      return a == b ? $0 < $1 : a < b
    }
    var seen = 0
    var middle = box.range.lowerBound
    while middle < box.range.upperBound - 1, seen + cells[used[middle]].count <= box.pixelCount / 2 {
      seen += cells[used[middle]].count
      middle += 1
    }
    middle = max(middle, box.range.lowerBound + 1)
    return (box.range.lowerBound..<middle, middle..<box.range.upperBound)
  }
}
