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
    let side = 104.0
    let (pitchX, pitchY) = (side + 14, side + 48)
    // What does not fit on the largest figure is not shown.
    let most = max(1, Int(Double(largestSide - 150) / pitchY)) * max(1, min(columns, 20))
    let shown = Array(finds.prefix(most))
    let columns = max(1, min(columns, 20, shown.count))
    let lines = (shown.count + columns - 1) / columns
    let top = PlotStyle.margin + PlotStyle.headHeight(pictures: pictures)
    return Figure(
      width: max(
        2 * PlotStyle.margin + Double(columns) * pitchX - 14,
        PlotStyle.headWidth(summary, pictures: pictures)),
      height: top + (shown.isEmpty ? 30 : Double(lines) * pitchY) + PlotStyle.margin - 8
    ) { canvas in
      PlotStyle.head(canvas, title, summary, pictures: pictures)
      for (index, find) in shown.enumerated() {
        let cell = SheetCell(
          canvas: canvas, x: PlotStyle.margin + Double(index % columns) * pitchX,
          y: top + Double(index / columns) * pitchY, side: side)
        cell.draw(find.picture)
        cell.caption(
          "\(index + 1)", find.score.map { DecimalText.fixed($0, 2) } ?? "", "", line: 0, PlotStyle.ink)
        cell.note(find.name, line: 1)
      }
    }
  }
}
