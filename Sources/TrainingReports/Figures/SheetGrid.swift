import Drawing

/// Where the cells of a sheet of pictures lie: in rows, below the figure's head.
struct SheetGrid {
  private let count: Int
  private let columns: Int
  /// Pixels from the top to the first row.
  private let top: Double
  private let side: Double
  private let gap: (x: Double, y: Double)

  /// - Parameters:
  ///   - count: how many cells there are.
  ///   - columns: cells in a row, if there are as many; 1 to 20.
  ///   - side: of a picture, in pixels.
  ///   - gap: from one picture to the next, where the captions are.
  ///   - pictures: the description under the title, as the figure's head has it.
  init(count: Int, columns: Int, side: Double, gap: (x: Double, y: Double), pictures: String?) {
    self.columns = max(1, min(columns, 20, count))
    (self.count, self.side, self.gap) = (count, side, gap)
    top = PlotStyle.margin + PlotStyle.headHeight(pictures: pictures)
  }

  /// The figure's width, if its head is not wider.
  var width: Double { 2 * PlotStyle.margin + Double(columns) * (side + gap.x) - gap.x }

  /// The figure's height; without a cell, that of its head.
  var height: Double {
    let lines = (count + columns - 1) / columns
    return top + (count == 0 ? 30 : Double(lines) * (side + gap.y)) + PlotStyle.margin - 8
  }

  /// The cell at an index.
  func cell(_ index: Int, on canvas: FigureCanvas) -> SheetCell {
    SheetCell(
      canvas: canvas, x: PlotStyle.margin + Double(index % columns) * (side + gap.x),
      y: top + Double(index / columns) * (side + gap.y), side: side)
  }
}
