import Drawing

extension Figure {
  /// The runs' curves in one figure, validation drawn strongly and training thinly, above a table that is their
  /// legend too.
  package static func comparison(_ comparison: RunComparison, title: String) -> Figure {
    let drawing = ComparisonDrawing(comparison: comparison, title: title)
    let more = Double(comparison.differingConditions.count) * 130
    return Figure(width: 1120 + more, height: drawing.height, draw: drawing.draw)
  }
}

private struct ComparisonDrawing {
  let comparison: RunComparison
  let title: String

  static let rowHeight = 22.0
  static let chartHeight = 250.0

  var histories: [TrainingHistory] { comparison.runs.compactMap(\.history).filter { !$0.epochs.isEmpty } }
  var tableTop: Double {
    PlotStyle.margin + PlotStyle.headHeight(pictures: nil)
      + (histories.isEmpty ? 8 : 36 + Self.chartHeight + 66)
  }
  var height: Double {
    tableTop + Double(comparison.runs.count + 1) * Self.rowHeight + PlotStyle.margin
  }

  func draw(_ canvas: FigureCanvas) {
    let count = comparison.runs.count
    var line = count == 1 ? "1 run" : "\(count) runs"
    let hasValidation = histories.joinedRecords.contains { $0.validationAccuracy != nil }
    // Thin lines of many runs would hide the others.
    let showsTraining = !hasValidation || histories.count <= 5
    if !histories.isEmpty {
      line +=
        hasValidation
        ? " · " + (showsTraining ? "strong: validation, thin: training" : "validation")
          + " · dot: best epoch" : " · training · dot: best epoch"
    }
    PlotStyle.head(canvas, title, line)
    if !histories.isEmpty {
      let width = (canvas.width - 2 * PlotStyle.margin - 2 * PlotArea.left - 40) / 2
      for (column, quantity) in [CurveQuantity.accuracy, .loss].enumerated() {
        let area = quantity.area(
          canvas, histories,
          x: PlotStyle.margin + PlotArea.left + Double(column) * (width + PlotArea.left + 40),
          y: 112, width: width, height: Self.chartHeight)
        area.drawAxes(title: quantity.title, horizontalTitle: "epoch")
        drawCurves(quantity, area, hasValidation: hasValidation, showsTraining: showsTraining)
      }
    }
    drawTable(canvas)
  }

  private func drawCurves(
    _ quantity: CurveQuantity, _ area: PlotArea, hasValidation: Bool, showsTraining: Bool
  ) {
    for (index, run) in comparison.runs.enumerated() {
      guard let history = run.history else { continue }
      let color = PlotStyle.color(index)
      if showsTraining {
        area.drawLine(
          quantity.points(history, \.training), color, width: hasValidation ? 1 : 2,
          dashes: hasValidation ? [] : PlotStyle.dashes(index), alpha: hasValidation ? 0.55 : 1)
      }
      area.drawLine(
        quantity.points(history, \.validation), color, width: 2.2, dashes: PlotStyle.dashes(index))
    }
    for (index, run) in comparison.runs.enumerated() {
      guard let best = run.history?.best else { continue }
      let pair = quantity.pair(best)
      let value = pair.validation ?? pair.training
      guard area.contains(Double(best.epoch), value) else { continue }
      area.canvas.dot(
        x: area.x(Double(best.epoch)), y: area.y(value), radius: 4.5, PlotStyle.color(index), rim: .white)
    }
  }

  private func drawTable(_ canvas: FigureCanvas) {
    let columns = comparison.columnsInUse
    let right = canvas.width - PlotStyle.margin
    let left = PlotStyle.margin
    // Columns as wide as what is in them, from the right; what remains is the names'.
    let widths = columns.map { column in
      ([column.heading] + comparison.runs.map(column.cell)).reduce(0) {
        max($0, canvas.textWidth($1, size: PlotStyle.textSize, isBold: true))
      } + 18
    }
    let nameWidth = max(60, right - left - 44 - widths.reduce(0, +))
    func y(_ row: Int) -> Double { tableTop + (Double(row) + 0.5) * Self.rowHeight }
    for row in 0...comparison.runs.count {
      let y = tableTop + Double(row + 1) * Self.rowHeight
      canvas.line([(left, y), (right, y)], row == 0 ? PlotStyle.axis : PlotStyle.grid)
    }
    canvas.text("run", x: left + 40, y: y(0), size: PlotStyle.textSize, PlotStyle.muted)
    for (index, run) in comparison.runs.enumerated() {
      canvas.line(
        [(left, y(index + 1)), (left + 30, y(index + 1))], PlotStyle.color(index), width: 3,
        dashes: PlotStyle.dashes(index))
      canvas.text(
        run.name, x: left + 40, y: y(index + 1), size: PlotStyle.textSize, PlotStyle.ink,
        maximumWidth: nameWidth)
    }
    var end = right
    for (column, width) in zip(columns, widths).reversed() {
      let best = comparison.best(column)
      canvas.text(
        column.heading, x: end, y: y(0), size: PlotStyle.textSize, PlotStyle.muted, horizontal: .end)
      for (index, run) in comparison.runs.enumerated() {
        canvas.text(
          column.cell(run), x: end, y: y(index + 1), size: PlotStyle.textSize, PlotStyle.ink,
          isBold: best.contains(index), horizontal: .end)
      }
      end -= width
    }
  }
}

extension [TrainingHistory] {
  fileprivate var joinedRecords: [EpochRecord] { flatMap(\.epochs) }
}
