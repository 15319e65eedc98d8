import FrameStream

/// Lays stamps on a packed picture: out = stamp + picture · (1 − coverage), Porter and Duff's "over"
/// (Compositing Digital Images, 1984). A sample that the stamp does not cover is not written.
///
/// Which stamp pixel lies on which picture pixel is said by a table of columns and one of rows, so that a small
/// stamp of a box can be stretched over any size.
final class StampBlender {
  /// For each picture column of the area being drawn, the stamp's column; likewise for rows.
  private var columns: [Int32] = []
  private var rows: [Int32] = []

  /// Draws `stamp` so that it fills `area`, of which `visible` lies in the picture.
  /// - Parameters:
  ///   - hole: a part of `area` that the stamp leaves uncovered; skipped to save time.
  ///   - column: the stamp's column for each column of the area; likewise `row`. `isStretched` is false if
  ///     each is its own.
  func draw(
    _ stamp: Stamp, over area: PixelRectangle, visible: PixelRectangle, hole: PixelRectangle? = nil,
    layout: PictureLayout, base: UnsafeMutablePointer<UInt8>, isStretched: Bool = true,
    column: (Int) -> Int, row: (Int) -> Int
  ) {
    if columns.count < visible.width { columns = Array(repeating: 0, count: layout.width) }
    if rows.count < visible.height { rows = Array(repeating: 0, count: layout.height) }
    for x in 0..<visible.width { columns[x] = Int32(column(visible.x - area.x + x)) }
    for y in 0..<visible.height { rows[y] = Int32(row(visible.y - area.y + y)) }
    columns.withUnsafeBufferPointer { columns in
      rows.withUnsafeBufferPointer { rows in
        guard let columnBase = columns.baseAddress, let rowBase = rows.baseAddress else { return }
        let work = Work(
          stamp: stamp, visible: visible, hole: hole, columns: columnBase, rows: rowBase, layout: layout,
          base: base, firstColumn: isStretched ? nil : visible.x - area.x)
        switch layout.format {
        case .gray:
          work.blendPixels(plane: 0, step: 1)
        case .rgb24:
          work.blendPixels(plane: 0, step: 3)
        case .yuv420p, .yuv422p, .yuv444p, .nv12:
          work.blendPixels(plane: 0, step: 1)
          work.blendChroma()
        }
      }
    }
  }
}

/// One stamp on one picture.
private struct Work {
  let stamp: Stamp
  let visible: PixelRectangle
  let hole: PixelRectangle?
  let columns: UnsafePointer<Int32>
  let rows: UnsafePointer<Int32>
  let layout: PictureLayout
  let base: UnsafeMutablePointer<UInt8>
  /// The stamp's column at the visible area's left if the columns follow one another; else nil.
  let firstColumn: Int?

  /// Blends samples at full resolution: luma (`step` 1), or red, green and blue side by side (`step` 3).
  func blendPixels(plane index: Int, step: Int) {
    let plane = layout.plane(index, at: base)
    for y in visible.y..<visible.maxY {
      guard let row = plane.row(y).baseAddress else { continue }
      let offset = Int(rows[y - visible.y]) * stamp.width
      forSpans(of: visible, hole: hole, row: y) { range in
        for sample in 0..<step {
          blend(row + sample, step: step, range, stamp.alpha + offset, stamp.samples[sample] + offset)
        }
      }
    }
  }

  @inline(__always)
  private func blend(
    _ row: UnsafeMutablePointer<UInt8>, step: Int, _ range: Range<Int>, _ alpha: UnsafePointer<UInt8>,
    _ samples: UnsafePointer<UInt8>
  ) {
    if step == 1, let firstColumn {
      // Without tables and branches, for the compiler to vectorise; coverage 0 keeps every value.
      let offset = firstColumn &- visible.x
      for x in range { row[x] = over(row[x], samples[x &+ offset], alpha[x &+ offset]) }
      return
    }
    for x in range {
      let column = Int(columns[x &- visible.x])
      let coverage = alpha[column]
      if coverage == 0 { continue }
      let position = x &* step
      row[position] = over(row[position], samples[column], coverage)
    }
  }

  /// One sample under a premultiplied one. Sixteen bits suffice for the rounded division by 255; rounding
  /// of both parts can exceed 255 by one, hence the limit.
  @inline(__always)
  private func over(_ below: UInt8, _ above: UInt8, _ coverage: UInt8) -> UInt8 {
    let product = UInt16(below) &* UInt16(255 &- coverage) &+ 128
    let kept = (product &+ product &>> 8) &>> 8
    return UInt8(truncatingIfNeeded: min(kept &+ UInt16(above), 255))
  }

  /// Blends chroma by the mean over the pixels that share a sample, those outside the stamp counting as
  /// uncovered; at a picture's odd edge only the pixels that exist count.
  func blendChroma() {
    let format = layout.format
    let shiftX = format == .yuv444p ? 0 : 1
    let shiftY = format == .yuv420p || format == .nv12 ? 1 : 0
    let cells = cellsTouched(visible, shiftX, shiftY)
    let holeCells = hole.flatMap { cellsInside($0, shiftX, shiftY) }
    let isInterleaved = format == .nv12
    let first = layout.plane(1, at: base)
    let second = isInterleaved ? first : layout.plane(2, at: base)
    let step = isInterleaved ? 2 : 1
    for y in cells.y..<cells.maxY {
      guard let firstRow = first.row(y).baseAddress, let secondRow = second.row(y).baseAddress else {
        continue
      }
      let lines = pixels(y, shiftY, limit: layout.height, visible.y, visible.maxY)
      forSpans(of: cells, hole: holeCells, row: y) { range in
        for x in range {
          let places = pixels(x, shiftX, limit: layout.width, visible.x, visible.maxX)
          var coverage: UInt32 = 0
          var sums: (UInt32, UInt32) = (0, 0)
          for line in lines.covered {
            let offset = Int(rows[line &- visible.y]) &* stamp.width
            for place in places.covered {
              let index = offset &+ Int(columns[place &- visible.x])
              coverage &+= UInt32(stamp.alpha[index])
              sums.0 &+= UInt32(stamp.samples[1][index])
              sums.1 &+= UInt32(stamp.samples[2][index])
            }
          }
          if coverage == 0 { continue }
          // Scaled to four pixels, so that the divisor is constant.
          let scale = UInt32(4 / (lines.count &* places.count))
          let kept = 1020 &- coverage &* scale
          let u = firstRow + x &* step
          let v = secondRow + (x &* step &+ (isInterleaved ? 1 : 0))
          u.pointee = mixed(u.pointee, kept: kept, sums.0 &* scale)
          v.pointee = mixed(v.pointee, kept: kept, sums.1 &* scale)
        }
      }
    }
  }

  @inline(__always)
  private func mixed(_ sample: UInt8, kept: UInt32, _ added: UInt32) -> UInt8 {
    UInt8(truncatingIfNeeded: min((added &* 255 &+ UInt32(sample) &* kept &+ 510) / 1020, 255))
  }

  /// The pixels of chroma position `cell` along one axis: how many the picture has, and which the stamp reaches.
  @inline(__always)
  private func pixels(
    _ cell: Int, _ shift: Int, limit: Int, _ low: Int, _ high: Int
  ) -> (count: Int, covered: Range<Int>) {
    let start = cell &<< shift
    let end = min(start &+ 1 &+ shift, limit)
    return (end &- start, max(start, low)..<min(end, high))
  }

  private func cellsTouched(_ area: PixelRectangle, _ shiftX: Int, _ shiftY: Int) -> PixelRectangle {
    let x = area.x >> shiftX
    let y = area.y >> shiftY
    return PixelRectangle(
      x: x, y: y, width: ((area.maxX - 1) >> shiftX) + 1 - x, height: ((area.maxY - 1) >> shiftY) + 1 - y)
  }

  private func cellsInside(_ area: PixelRectangle, _ shiftX: Int, _ shiftY: Int) -> PixelRectangle? {
    let x = (area.x + shiftX) >> shiftX
    let y = (area.y + shiftY) >> shiftY
    let width = (area.maxX >> shiftX) - x
    let height = (area.maxY >> shiftY) - y
    return width > 0 && height > 0 ? PixelRectangle(x: x, y: y, width: width, height: height) : nil
  }

  /// Calls `body` with the ranges of columns in row `y` of `area` that are not in the hole.
  @inline(__always)
  private func forSpans(
    of area: PixelRectangle, hole: PixelRectangle?, row y: Int, _ body: (Range<Int>) -> Void
  ) {
    if let hole, y >= hole.y, y < hole.maxY, let gap = hole.intersection(area) {
      body(area.x..<gap.x)
      body(gap.maxX..<area.maxX)
    } else {
      body(area.x..<area.maxX)
    }
  }
}
