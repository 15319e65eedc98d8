import Drawing
import TextTables

extension Figure {
  /// Recall by the number of false finds, a line for each way that the pictures were shown.
  package static func recall(
    _ series: [(name: String, scores: DetectionScores)], title: String, pictures: String? = nil
  ) -> Figure {
    let most = 100
    return Figure(width: 620, height: 460) { canvas in
      let first = series.first?.scores
      let summary =
        "\(first?.objectCount ?? 0) objects in \(first?.pictureCount ?? 0) pictures · average precision "
        + DecimalText.percent(first?.averagePrecision ?? 0)
      PlotStyle.head(canvas, title, summary, pictures: pictures)
      let entries = series.enumerated().map { index, line in
        Legend.Entry(name: line.name, color: PlotStyle.color(index))
      }
      Legend(entries: entries).draw(canvas, right: canvas.width - PlotStyle.margin, y: PlotStyle.margin + 28)
      let area = PlotArea(
        canvas: canvas, x: PlotStyle.margin + PlotArea.left, y: 124,
        width: canvas.width - 2 * PlotStyle.margin - PlotArea.left, height: 260,
        horizontal: Axis(covering: [0, Double(most)], wanted: 8, isWhole: true, isTight: true),
        vertical: Axis(covering: [0, 1], format: .percent))
      area.drawAxes(title: "Recall", horizontalTitle: "false finds")
      for (index, line) in series.enumerated() {
        var recalls = [Double](repeating: 0, count: most + 1)
        for point in line.scores.curve where point.falseFinds <= most {
          recalls[point.falseFinds] = point.recall
        }
        // Without another false find the recall stays.
        for place in recalls.indices.dropFirst() { recalls[place] = max(recalls[place], recalls[place - 1]) }
        let points = recalls.enumerated().map { (x: Double($0.offset), y: $0.element) }
        area.drawLine(points, PlotStyle.color(index), width: 2)
      }
    }
  }
}
