import Drawing
import TextTables

extension Figure {
  /// The confusion matrix: true classes in rows, predicted ones in columns.
  /// - Parameters:
  ///   - isNormalized: shares of each row instead of counts.
  ///   - pictures: the pictures that it is about, named under the title.
  package static func confusion(
    _ report: ClassificationReport, isNormalized: Bool, title: String, pictures: String? = nil
  ) -> Figure {
    let drawing = ConfusionDrawing(report, isNormalized: isNormalized, title: title, pictures: pictures)
    return Figure(width: drawing.width, height: drawing.height, draw: drawing.draw)
  }
}

/// Layout and drawing of a confusion matrix for any number of classes with names of any length.
private struct ConfusionDrawing {
  let report: ClassificationReport
  let isNormalized: Bool
  let title: String
  let pictures: String?
  /// Side of a cell.
  let cell: Double
  /// How many rows share one shown name; for columns it is larger where slanted names need more room.
  let rowStride: Int
  let columnStride: Int
  let isSlanted: Bool
  let nameWidth: Double
  let labelSize: Double
  let left: Double
  let top: Double

  static let widestName = 170.0
  private static let barWidth = 96.0

  init(_ report: ClassificationReport, isNormalized: Bool, title: String, pictures: String?) {
    self.report = report
    self.isNormalized = isNormalized
    self.title = title
    self.pictures = pictures
    let count = report.classes.count
    cell = count <= 12 ? 60 : max(1.5, min(60, 720 / Double(count)))
    let labelSize = cell >= 24 ? PlotStyle.textSize : max(9, min(PlotStyle.textSize, cell * 0.9))
    self.labelSize = labelSize
    let widest = report.classes.reduce(0) { max($0, PlotStyle.estimatedWidth($1, size: labelSize)) }
    nameWidth = min(max(widest, 48), Self.widestName)
    // The estimate is on the safe side; a name that is a little wider after all is cut.
    isSlanted = widest * 0.88 > cell - 4
    rowStride = max(1, Int((labelSize * 1.15 / cell).rounded(.up)))
    columnStride = max(1, Int((labelSize * (isSlanted ? 1.65 : 1.15) / cell).rounded(.up)))
    left = PlotStyle.margin + 22 + nameWidth + 10
    top = PlotStyle.margin + PlotStyle.headHeight(pictures: pictures)
  }

  var side: Double { cell * Double(report.classes.count) }
  var belowNames: Double { isSlanted ? nameWidth * 0.68 + 20 : 26 }
  var width: Double {
    max(left + side + Self.barWidth, PlotStyle.headWidth(summary, pictures: pictures))
  }
  var height: Double { top + side + belowNames + 26 + PlotStyle.margin }

  private var summary: String {
    (isNormalized ? "Confusion matrix, shares of each true class" : "Confusion matrix, counts")
      + " · accuracy \(DecimalText.percent(report.accuracy)) of \(DecimalText.grouped(report.count)) pictures"
  }

  func draw(_ canvas: FigureCanvas) {
    PlotStyle.head(canvas, title, summary, pictures: pictures)
    let largest = isNormalized ? 1 : Double(max(report.confusion.joined().max() ?? 0, 1))
    drawCells(canvas, largest: largest)
    drawNames(canvas)
    drawBar(canvas, largest: largest)
  }

  private func drawCells(_ canvas: FigureCanvas, largest: Double) {
    let gap = cell >= 16 ? 1.5 : 0
    let shares = report.normalizedConfusion
    let longest =
      isNormalized ? 4 : report.confusion.joined().reduce(1) { max($0, DecimalText.grouped($1).count) }
    // Digits are 0.62 of their size wide; small cells are filled to the edge.
    let size = min(max(cell * 0.27, 8), (cell - min(8, cell / 6)) / Double(longest) / 0.62)
    let showsNothing = report.classes.count <= 12
    for (row, values) in report.confusion.enumerated() {
      for (column, count) in values.enumerated() {
        let value = isNormalized ? shares[row][column] : Double(count)
        let color = SequentialColors.color(value / largest)
        let (x, y) = (left + Double(column) * cell, top + Double(row) * cell)
        canvas.fill(x: x, y: y, width: cell - gap, height: cell - gap, color)
        // Zeros of a large matrix would hide the rest.
        guard size >= 6.5, count > 0 || showsNothing else { continue }
        let isDiagonal = row == column
        let text = isNormalized ? DecimalText.fixed(value * 100, 1) : DecimalText.grouped(count)
        canvas.text(
          text, x: x + (cell - gap) / 2, y: y + (cell - gap) / 2, size: size, color.contrasting,
          isBold: isDiagonal, horizontal: .middle)
      }
    }
    canvas.outline(x: left - 1, y: top - 1, width: side + 2 - gap, height: side + 2 - gap, PlotStyle.axis)
  }

  private func drawNames(_ canvas: FigureCanvas) {
    for (index, name) in report.classes.enumerated() {
      let middle = (Double(index) + 0.5) * cell
      if index % rowStride == 0 { drawRowName(name, index, canvas) }
      guard index % columnStride == 0 else { continue }
      let below = top + side + 9
      if isSlanted {
        canvas.text(
          name, x: left + middle + labelSize * 0.35, y: below, size: labelSize, horizontal: .end,
          vertical: .middle,
          maximumWidth: nameWidth, angle: -45)
      } else {
        canvas.text(
          name, x: left + middle, y: below, size: labelSize, horizontal: .middle, vertical: .start,
          maximumWidth: cell - 2)
      }
    }
    canvas.text(
      "true class", x: PlotStyle.margin + 6, y: top + side / 2, size: PlotStyle.textSize, PlotStyle.muted,
      horizontal: .middle, angle: -90)
    canvas.text(
      "predicted class", x: left + side / 2, y: top + side + belowNames + 6, size: PlotStyle.textSize,
      PlotStyle.muted, horizontal: .middle, vertical: .start)
  }

  private func drawRowName(_ name: String, _ index: Int, _ canvas: FigureCanvas) {
    let y = top + (Double(index) + 0.5) * cell
    let hasCount = cell >= 34
    canvas.text(
      name, x: left - 10, y: hasCount ? y - 7 : y, size: labelSize, horizontal: .end, maximumWidth: nameWidth)
    guard hasCount else { return }
    canvas.text(
      "n = " + DecimalText.grouped(report.support[index]), x: left - 10, y: y + 9, size: 10,
      PlotStyle.muted, horizontal: .end, maximumWidth: nameWidth)
  }

  /// The colors' meaning, at the right.
  private func drawBar(_ canvas: FigureCanvas, largest: Double) {
    let x = left + side + 20
    let height = max(side, 60)
    let steps = 120
    for step in 0..<steps {
      let share = (Double(step) + 0.5) / Double(steps)
      let y = top + height * (1 - Double(step + 1) / Double(steps))
      // A little higher than its step: no seams where edges fall between pixels.
      canvas.fill(
        x: x, y: y, width: 12, height: height / Double(steps) + (step > 0 ? 0.6 : 0),
        SequentialColors.color(share))
    }
    canvas.outline(x: x, y: top, width: 12, height: height, PlotStyle.axis)
    let axis = Axis(
      covering: [0, largest], wanted: 5, isWhole: !isNormalized, isTight: true,
      format: isNormalized ? .percent : .number)
    for tick in axis.ticks {
      let y = top + height * (1 - axis.place(tick))
      canvas.line([(x + 12, y), (x + 16, y)], PlotStyle.axis)
      canvas.text(axis.label(tick), x: x + 20, y: y, size: PlotStyle.smallSize, PlotStyle.muted)
    }
  }
}
