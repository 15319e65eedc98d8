import FrameStream

/// One stamp being laid on one picture: ``StampBlender``'s loops.
struct StampWork {
  let stamp: Stamp
  /// The part of the stamp's area that is in the picture.
  let visible: PixelRectangle
  let holes: BoxOutline.Holes?
  /// The stamp's column for each column of `visible`, and the same for rows.
  let columns: UnsafePointer<Int32>
  let rows: UnsafePointer<Int32>
  let layout: PictureLayout
  let base: UnsafeMutablePointer<UInt8>
  /// The stamp's column at the visible area's left if the columns follow one another; otherwise nil.
  let firstColumn: Int?

  /// Blends one sample of each pixel: luma, chroma at full resolution, or one of red, green and blue, which
  /// lie side by side (`step` 3).
  func blendPixels(plane index: Int, sample: Int, step: Int = 1) {
    let plane = layout.plane(index, at: base)
    let shift = step == 3 ? sample : 0
    let stampSamples = stamp.samples[sample]
    let stampAlpha = stamp.alpha
    let stampWidth = stamp.width
    for y in visible.y..<visible.maxY {
      guard let start = plane.row(y).baseAddress else { continue }
      let row = start + shift
      let offset = Int(rows[y - visible.y]) * stampWidth
      let alpha = stampAlpha + offset
      let samples = stampSamples + offset
      forSpans(of: visible, holes: holes, row: y) { low, high in
        if step == 1, let firstColumn {
          // Without tables and branches, for the compiler to vectorize; coverage 0 keeps every value.
          let offset = firstColumn &- visible.x
          var x = low
          while x < high {
            row[x] = over(row[x], samples[x &+ offset], alpha[x &+ offset])
            x &+= 1
          }
          return
        }
        var x = low
        while x < high {
          let column = Int(columns[x &- visible.x])
          let coverage = alpha[column]
          if coverage != 0 { row[x &* step] = over(row[x &* step], samples[column], coverage) }
          x &+= 1
        }
      }
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

  /// Blends chroma that two or four pixels share, by the mean over them, those outside the stamp counting as
  /// uncovered; at a picture's odd edge only the pixels that exist count.
  func blendSharedChroma() {
    let isInterleaved = layout.format == .nv12
    let shiftY = layout.format == .yuv422p ? 0 : 1
    let first = layout.plane(1, at: base)
    let second = isInterleaved ? first : layout.plane(2, at: base)
    let step = isInterleaved ? 2 : 1
    let (alpha, cb, cr, width) = (stamp.alpha, stamp.samples[1], stamp.samples[2], stamp.width)
    let cells = PixelRectangle(
      x: visible.x >> 1, y: visible.y >> shiftY, width: ((visible.maxX - 1) >> 1) + 1 - (visible.x >> 1),
      height: ((visible.maxY - 1) >> shiftY) + 1 - (visible.y >> shiftY))
    let cellHoles = holes.map { holes in
      BoxOutline.Holes(
        top: cellsInside(holes.top, shiftY), middle: cellsInside(holes.middle, shiftY),
        bottom: cellsInside(holes.bottom, shiftY))
    }
    for y in cells.y..<cells.maxY {
      guard let firstRow = first.row(y).baseAddress, let secondRow = second.row(y).baseAddress else {
        continue
      }
      // The one or two lines of the stamp that this row of chroma is the mean of.
      let top = y << shiftY
      let bottom = min(top + 1 + shiftY, layout.height)
      let upper = Int(rows[max(top, visible.y) - visible.y]) * width
      let lower = Int(rows[min(bottom, visible.maxY) - 1 - visible.y]) * width
      let lines = min(bottom, visible.maxY) - max(top, visible.y)
      let vertical = UInt32(2 / (bottom - top))
      forSpans(of: cells, holes: cellHoles, row: y) { low, high in
        var x = low
        while x < high {
          let left = max(2 &* x, visible.x)
          let right = min(2 &* x &+ 2, visible.maxX)
          let near = Int(columns[left &- visible.x])
          let far = Int(columns[right &- 1 &- visible.x])
          let isPair = right &- left == 2
          var coverage = sum(alpha + upper, near, far, isPair)
          var sums = (sum(cb + upper, near, far, isPair), sum(cr + upper, near, far, isPair))
          if lines == 2 {
            coverage &+= sum(alpha + lower, near, far, isPair)
            sums.0 &+= sum(cb + lower, near, far, isPair)
            sums.1 &+= sum(cr + lower, near, far, isPair)
          }
          if coverage != 0 {
            // Scaled to four pixels, so that the divisor is constant.
            let scale = vertical &* (2 &* x &+ 1 < layout.width ? 1 : 2)
            let kept = 1020 &- coverage &* scale
            let u = firstRow + x &* step
            let v = secondRow + (x &* step &+ (isInterleaved ? 1 : 0))
            u.pointee = mixed(u.pointee, kept: kept, sums.0 &* scale)
            v.pointee = mixed(v.pointee, kept: kept, sums.1 &* scale)
          }
          x &+= 1
        }
      }
    }
  }

  @inline(__always)
  private func sum(_ row: UnsafePointer<UInt8>, _ near: Int, _ far: Int, _ isPair: Bool) -> UInt32 {
    UInt32(row[near]) &+ (isPair ? UInt32(row[far]) : 0)
  }

  /// Four times the mean of what is kept and what is added, divided.
  @inline(__always)
  private func mixed(_ sample: UInt8, kept: UInt32, _ added: UInt32) -> UInt8 {
    UInt8(truncatingIfNeeded: min((added &* 255 &+ UInt32(sample) &* kept &+ 510) / 1020, 255))
  }

  /// The chroma samples of which every pixel is in `area`; perhaps none.
  private func cellsInside(_ area: PixelRectangle, _ shiftY: Int) -> PixelRectangle {
    let x = (area.x + 1) >> 1
    let y = (area.y + shiftY) >> shiftY
    return PixelRectangle(
      x: x, y: y, width: max(0, (area.maxX >> 1) - x), height: max(0, (area.maxY >> shiftY) - y))
  }

  /// Calls `body` with the ranges of columns in row `y` of `area` that are in no hole.
  @inline(__always)
  private func forSpans(
    of area: PixelRectangle, holes: BoxOutline.Holes?, row y: Int, _ body: (_ low: Int, _ high: Int) -> Void
  ) {
    if let holes {
      let gap = y < holes.middle.y ? holes.top : y < holes.middle.maxY ? holes.middle : holes.bottom
      if y >= gap.y, y < gap.maxY, let gap = gap.intersection(area) {
        body(area.x, gap.x)
        body(gap.maxX, area.maxX)
        return
      }
    }
    body(area.x, area.maxX)
  }
}
