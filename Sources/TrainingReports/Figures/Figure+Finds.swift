import Drawing
import TextTables

extension Figure {
  /// A place of a picture that a detector found or missed, as it is shown on a sheet.
  package struct Find: Sendable {
    /// The place with something of what is around it.
    package var picture: FacePicture
    /// The detector's score; nil for a place that it missed.
    package var score: Double?
    /// The picture's file.
    package var name: String

    /// A place of a picture.
    package init(picture: FacePicture, score: Double?, name: String) {
      self.picture = picture
      self.score = score
      self.name = name
    }
  }

  /// Places that a detector found or missed, numbered in their order, each with its score and the picture's name.
  /// - Parameters:
  ///   - summary: a line under the title.
  ///   - pictures: the pictures' description, shown under it.
  package static func finds(
    _ finds: [Find], title: String, summary: String, pictures: String? = nil, columns: Int = 8
  ) -> Figure {
    let (side, gap) = (104.0, (x: 14.0, y: 48.0))
    // What does not fit on the largest figure is not shown.
    let most = max(1, Int(Double(largestSide - 150) / (side + gap.y))) * max(1, min(columns, 20))
    let shown = Array(finds.prefix(most))
    let grid = SheetGrid(count: shown.count, columns: columns, side: side, gap: gap, pictures: pictures)
    return Figure(
      width: max(grid.width, PlotStyle.headWidth(summary, pictures: pictures)), height: grid.height
    ) { canvas in
      PlotStyle.head(canvas, title, summary, pictures: pictures)
      for (index, find) in shown.enumerated() {
        let cell = grid.cell(index, on: canvas)
        cell.draw(find.picture)
        cell.caption(
          "\(index + 1)", find.score.map { DecimalText.fixed($0, 2) } ?? "", "", line: 0, PlotStyle.ink)
        cell.note(find.name, line: 1)
      }
    }
  }
}
