import FrameStream

/// Lays stamps on a packed picture: out = stamp + picture · (1 − coverage), Porter and Duff's "over"
/// (Compositing Digital Images, 1984). A sample that the stamp does not cover is not written.
///
/// A table of columns and one of rows say which stamp pixel is drawn on which picture pixel, so that a small
/// stamp of a box can be stretched over any size.
final class StampBlender {
  /// For each picture column of the area being drawn, the stamp's column; ``rows`` is the same for rows.
  private var columns: [Int32] = []
  private var rows: [Int32] = []

  /// Draws `stamp` so that it fills `area`, of which `visible` lies in the picture.
  /// - Parameters:
  ///   - holes: parts of `area` that the stamp leaves uncovered; skipped to save time.
  ///   - column: the stamp's column for each column of the area; `row` is the same for rows. `isStretched` is false if
  ///     each is its own.
  func draw(
    _ stamp: Stamp, over area: PixelRectangle, visible: PixelRectangle, holes: BoxOutline.Holes? = nil,
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
        let work = StampWork(
          stamp: stamp, visible: visible, holes: holes, columns: columnBase, rows: rowBase, layout: layout,
          base: base, firstColumn: isStretched ? nil : visible.x - area.x)
        switch layout.format {
        case .gray:
          work.blendPixels(plane: 0, sample: 0)
        case .rgb24:
          for sample in 0..<3 { work.blendPixels(plane: 0, sample: sample, step: 3) }
        case .yuv444p:
          for plane in 0..<3 { work.blendPixels(plane: plane, sample: plane) }
        case .yuv420p, .yuv422p, .nv12:
          work.blendPixels(plane: 0, sample: 0)
          work.blendSharedChroma()
        case .yuv420p10le:
          // Drawn on in eight bits: see ``TenBitPicture``.
          break
        }
      }
    }
  }
}
