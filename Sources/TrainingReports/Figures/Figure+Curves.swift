import Drawing
import TextTables

extension Figure {
  /// Accuracy and loss over epochs, in training and in validation, the best epoch marked.
  package static func curves(_ history: TrainingHistory, title: String) -> Figure {
    Figure(width: 980, height: 430) { canvas in
      let best = history.best
      var line = history.epochs.count == 1 ? "1 epoch" : "\(history.epochs.count) epochs"
      if let seconds = history.seconds, seconds > 0 { line += " in " + DecimalText.duration(seconds) }
      if let best {
        line += " · best epoch \(best.epoch)"
        if let accuracy = best.validationAccuracy, accuracy.isFinite {
          line += ": validation accuracy " + DecimalText.percent(accuracy)
        }
      }
      let starts = history.epochs.indices.filter(history.isBroken).compactMap {
        history.epochs[$0].stageStart?.epoch
      }
      if !starts.isEmpty {
        line += " · broken where it continued from epoch " + starts.map(String.init).joined(separator: ", ")
      }
      PlotStyle.head(canvas, title, line)
      let hasValidation = history.epochs.contains { $0.validationAccuracy != nil || $0.validationLoss != nil }
      var entries = [Legend.Entry(name: "training", color: PlotStyle.training, dashes: [3.2, 1.4])]
      if hasValidation { entries.append(Legend.Entry(name: "validation", color: PlotStyle.validation)) }
      if best != nil {
        entries.append(Legend.Entry(name: "best epoch", color: PlotStyle.muted, dashes: [2, 3], width: 1.2))
      }
      Legend(entries: entries).draw(canvas, right: canvas.width - PlotStyle.margin, y: PlotStyle.margin + 28)
      let width = (canvas.width - 2 * PlotStyle.margin - 2 * PlotArea.left - 40) / 2
      for (column, quantity) in [CurveQuantity.accuracy, .loss].enumerated() {
        let area = quantity.area(
          canvas, [history],
          x: PlotStyle.margin + PlotArea.left + Double(column) * (width + PlotArea.left + 40),
          y: 112, width: width, height: 250)
        area.drawAxes(title: quantity.title, horizontalTitle: "epoch")
        if let best { quantity.drawMark(of: best, on: area, isBelow: quantity == .loss) }
        area.drawLine(quantity.points(history, \.training), PlotStyle.training, dashes: [3.2, 1.4])
        area.drawLine(quantity.points(history, \.validation), PlotStyle.validation, width: 2.2)
        if let best { quantity.drawBest(best, on: area) }
      }
    }
  }
}

/// What a chart of curves shows.
enum CurveQuantity {
  case accuracy
  case loss

  /// The two numbers of one epoch.
  struct Pair {
    var training: Double
    var validation: Double?
  }

  var title: String { self == .accuracy ? "Accuracy" : "Loss (cross-entropy, nats)" }

  func pair(_ record: EpochRecord) -> Pair {
    switch self {
    case .accuracy: Pair(training: record.accuracy, validation: record.validationAccuracy)
    case .loss: Pair(training: record.loss, validation: record.validationLoss)
    }
  }

  /// The curve's points; NaN where there is no number, and between stages that do not follow each other.
  func points(_ history: TrainingHistory, _ value: (Pair) -> Double?) -> [(x: Double, y: Double)] {
    history.epochs.indices.flatMap { place in
      let record = history.epochs[place]
      let point = (x: Double(record.epoch), y: value(pair(record)) ?? .nan)
      return history.isBroken(before: place) ? [(x: point.x, y: .nan), point] : [point]
    }
  }

  /// The area whose axes hold all the runs.
  func area(
    _ canvas: FigureCanvas, _ histories: [TrainingHistory], x: Double, y: Double, width: Double,
    height: Double
  ) -> PlotArea {
    let records = histories.flatMap(\.epochs)
    let values = records.flatMap { record in
      let pair = pair(record)
      return [pair.training, pair.validation ?? .nan]
    }
    let horizontal = Axis(
      covering: records.map { Double($0.epoch) }, wanted: 8, isWhole: true, isTight: true)
    let vertical = Axis(
      covering: Self.withoutOutliers(values), format: self == .accuracy ? .percent : .number)
    return PlotArea(
      canvas: canvas, x: x, y: y, width: width, height: height, horizontal: horizontal, vertical: vertical)
  }

  /// The finite values but for those, far above the rest, that would press all others against the axis: a
  /// first epoch's loss may be thousands.
  private static func withoutOutliers(_ values: [Double]) -> [Double] {
    let sorted = values.filter(\.isFinite).sorted()
    guard sorted.count >= 8 else { return sorted }
    let usual = sorted[sorted.count * 9 / 10 - 1]
    let median = sorted[sorted.count / 2]
    let limit = usual + 3 * abs(usual - median) + abs(usual)
    return sorted.filter { $0 <= limit }
  }

  /// The dotted line at the best epoch.
  func drawMark(of best: EpochRecord, on area: PlotArea, isBelow: Bool) {
    let x = area.x(Double(best.epoch))
    area.canvas.line([(x, area.y), (x, area.y + area.height)], PlotStyle.muted, width: 1.2, dashes: [2, 3])
  }

  /// The best epoch's point with its value beside it.
  func drawBest(_ best: EpochRecord, on area: PlotArea) {
    let pair = pair(best)
    let value = pair.validation ?? pair.training
    guard area.contains(Double(best.epoch), value) else { return }
    let (x, y) = (area.x(Double(best.epoch)), area.y(value))
    let color = pair.validation == nil ? PlotStyle.training : PlotStyle.validation
    area.canvas.dot(x: x, y: y, radius: 4.5, color, rim: .white)
    let text = self == .accuracy ? DecimalText.percent(value) : DecimalText.fixed(value, 3)
    // On a white ground, on the side that has the room, away from the curves.
    let width = area.canvas.textWidth(text, size: PlotStyle.textSize, isBold: true)
    let isLeft = x + width + 14 > area.x + area.width
    let textX = isLeft ? x - 10 - width : x + 10
    let isUp = self == .loss ? y - 24 > area.y : y + 24 > area.y + area.height
    let textY = y + (isUp ? -17 : 17)
    area.canvas.fill(x: textX - 3, y: textY - 8, width: width + 6, height: 16, .white, alpha: 0.85)
    area.canvas.text(text, x: textX, y: textY, size: PlotStyle.textSize, color, isBold: true)
  }
}
