import Drawing

extension Figure {
  /// A chart of a quantity by the epoch.
  package struct Panel: Sendable {
    /// What it shows.
    package var title: String
    /// Lines with their names; a value that is not there leaves a gap.
    package var lines: [(name: String, values: [Double?])]
    /// Whether the values are shares, written as percentages.
    package var isShare: Bool

    /// A chart of these lines.
    package init(title: String, lines: [(name: String, values: [Double?])], isShare: Bool = false) {
      self.title = title
      self.lines = lines
      self.isShare = isShare
    }
  }

  /// Charts side by side, the values of epochs from 1 on; those without any value are left out.
  package static func panels(_ panels: [Panel], title: String, summary: String) -> Figure {
    let panels = panels.filter { $0.lines.contains { $0.values.contains { $0 != nil } } }
    let (width, gap) = (330.0, 30.0)
    let pitch = width + PlotArea.left + gap
    return Figure(width: 2 * PlotStyle.margin + Double(max(panels.count, 1)) * pitch, height: 430) { canvas in
      PlotStyle.head(canvas, title, summary)
      for (column, panel) in panels.enumerated() {
        let x = PlotStyle.margin + PlotArea.left + Double(column) * pitch
        let entries = panel.lines.enumerated().map { index, line in
          Legend.Entry(name: line.name, color: PlotStyle.color(index))
        }
        Legend(entries: entries).draw(canvas, right: x + width, y: PlotStyle.margin + 42)
        let values = panel.lines.flatMap { $0.values.compactMap { $0 } }
        let count = panel.lines.map(\.values.count).max() ?? 0
        let area = PlotArea(
          canvas: canvas, x: x, y: 122, width: width, height: 240,
          horizontal: Axis(covering: [1, Double(max(count, 2))], wanted: 6, isWhole: true, isTight: true),
          vertical: Axis(covering: values + [0], format: panel.isShare ? .percent : .number))
        area.drawAxes(title: panel.title, horizontalTitle: "epoch")
        for (index, line) in panel.lines.enumerated() {
          let points = line.values.enumerated().map { (x: Double($0.offset + 1), y: $0.element ?? .nan) }
          area.drawLine(points, PlotStyle.color(index), width: 2)
        }
      }
    }
  }
}
