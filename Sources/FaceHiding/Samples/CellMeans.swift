import FrameStream

/// The means of a grid of cells in one channel, and the drawing of what they leave of a face. Memory is used again.
struct CellMeans {
  private var columns = 1
  private var rows = 1
  private var area = PixelRectangle(x: 0, y: 0, width: 0, height: 0)
  /// Row by row.
  private var means: [Int32] = []
  private var sums: [Int] = []
  /// The means of one row of samples, between two rows of cells, times ``one``.
  private var rowMeans: [Int32] = []
  /// For each sample of a row, the cell at its left whose center is near, and how far it is to the next one's.
  private var near: [(cell: Int32, fraction: Int32)] = []

  /// Fractions are in parts of this.
  private static let one: Int32 = 256

  /// Where a cell begins: `count` cells over `length` samples.
  private static func start(_ cell: Int, of count: Int, over length: Int) -> Int { cell * length / count }

  /// Takes the means of the samples in `area`, which is not empty.
  mutating func take<Sample: FixedWidthInteger & UnsignedInteger>(
    _ area: PixelRectangle, cells: (columns: Int, rows: Int), _ channel: Channel,
    _ picture: UnsafePointer<Sample>
  ) {
    self.area = area
    columns = min(cells.columns, area.width)
    rows = min(cells.rows, area.height)
    means.removeAll(keepingCapacity: true)
    for row in 0..<rows {
      let top = CellMeans.start(row, of: rows, over: area.height)
      let bottom = CellMeans.start(row + 1, of: rows, over: area.height)
      sums.removeAll(keepingCapacity: true)
      for _ in 0..<columns { sums.append(0) }
      for y in top..<bottom {
        let line = picture + channel.offset + (area.y + y) * channel.stride + area.x * channel.step
        for column in 0..<columns {
          let left = CellMeans.start(column, of: columns, over: area.width)
          let right = CellMeans.start(column + 1, of: columns, over: area.width)
          var sum = 0
          for x in left..<right { sum &+= Int(Sample(littleEndian: line[x &* channel.step])) }
          sums[column] &+= sum
        }
      }
      for column in 0..<columns {
        let width =
          CellMeans.start(column + 1, of: columns, over: area.width)
          - CellMeans.start(column, of: columns, over: area.width)
        let count = width * (bottom - top)
        means.append(Int32((sums[column] + count / 2) / count))
      }
    }
    let mean = Int32(means.reduce(0) { $0 + Int($1) } / means.count)
    for index in means.indices {
      means[index] = mean + (means[index] - mean) / HidingStyle.contrastDivisor
    }
  }

  /// Paints each cell in its mean, where `hidden` covers it.
  mutating func paintCells<Sample: FixedWidthInteger & UnsignedInteger>(
    _ hidden: HiddenArea, _ channel: Channel, _ picture: UnsafeMutablePointer<Sample>
  ) {
    for row in 0..<rows {
      let top = CellMeans.start(row, of: rows, over: area.height)
      let bottom = CellMeans.start(row + 1, of: rows, over: area.height)
      for y in area.y + top..<area.y + bottom {
        let span = hidden.span(row: y, in: channel)
        let line = picture + channel.offset + y * channel.stride
        for column in 0..<columns {
          let left = max(span.lowerBound, area.x + CellMeans.start(column, of: columns, over: area.width))
          let right = min(
            span.upperBound, area.x + CellMeans.start(column + 1, of: columns, over: area.width))
          let mean = Sample(truncatingIfNeeded: means[row * columns + column]).littleEndian
          var x = left
          while x < right {
            line[x &* channel.step] = mean
            x &+= 1
          }
        }
      }
    }
  }

  /// Paints smooth transitions between the cells' centers, where `hidden` covers them.
  mutating func paintSmoothly<Sample: FixedWidthInteger & UnsignedInteger>(
    _ hidden: HiddenArea, _ channel: Channel, _ picture: UnsafeMutablePointer<Sample>
  ) {
    near.removeAll(keepingCapacity: true)
    for x in 0..<area.width { near.append(CellMeans.position(x, of: area.width, columns)) }
    for y in 0..<area.height {
      let span = hidden.span(row: area.y + y, in: channel)
      guard !span.isEmpty else { continue }
      let (cell, fraction) = CellMeans.position(y, of: area.height, rows)
      let upper = Int(cell) * columns
      let lower = min(Int(cell) + 1, rows - 1) * columns
      rowMeans.removeAll(keepingCapacity: true)
      for column in 0..<columns {
        rowMeans.append(
          means[upper + column] * (CellMeans.one - fraction) + means[lower + column] * fraction)
      }
      // One more, so that the last cell has a neighbor.
      rowMeans.append(rowMeans[columns - 1])
      let line = picture + channel.offset + (area.y + y) * channel.stride
      near.withUnsafeBufferPointer { near in
        rowMeans.withUnsafeBufferPointer { means in
          var x = span.lowerBound
          while x < span.upperBound {
            let (cell, fraction) = near[x &- area.x]
            // Ten bits of sample and sixteen of fractions.
            let sum =
              means[Int(cell)] &* (CellMeans.one &- fraction) &+ means[Int(cell) &+ 1] &* fraction
            line[x &* channel.step] =
              Sample(truncatingIfNeeded: (sum &+ 1 << 15) &>> 16).littleEndian
            x &+= 1
          }
        }
      }
    }
  }

  /// The cell whose center lies at or before a sample's, and the fraction of the way to the next one's center; at the
  /// ends the outermost cells alone.
  private static func position(
    _ sample: Int, of length: Int, _ count: Int
  ) -> (cell: Int32, fraction: Int32) {
    let place = (Double(sample) + 0.5) * Double(count) / Double(length) - 0.5
    let bounded = min(max(place, 0), Double(count - 1))
    let cell = Int32(bounded)
    return (cell, Int32(((bounded - Double(cell)) * Double(one)).rounded(.down)))
  }
}
