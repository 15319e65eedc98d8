import Drawing
import TextTables

/// One trial of a search as it is drawn: its score after a number of epochs.
package struct TrialCurve: Sendable, Equatable {
  /// A score after some epochs.
  package struct Point: Sendable, Equatable {
    /// The resource spent so far.
    package var epochs: Double
    /// Validation accuracy, 0 to 1.
    package var score: Double

    /// The score after `epochs`.
    package init(epochs: Double, score: Double) {
      self.epochs = epochs
      self.score = score
    }
  }

  /// The trial's name or number.
  package var name: String
  /// In order of epochs; empty for a trial that failed.
  package var points: [Point]

  /// A trial with its scores.
  package init(name: String, points: [Point]) {
    self.name = name
    self.points = points
  }

  /// Its highest score; nil if it has none.
  var best: Double? { points.map(\.score).filter(\.isFinite).max() }
}

/// How much one setting of a search mattered.
package struct SettingShare: Sendable, Equatable {
  /// The setting's key.
  package var name: String
  /// The share of the variance among the trials' scores that it accounts for by itself, 0 to 1.
  package var share: Double

  /// A setting with its share.
  package init(name: String, share: Double) {
    self.name = name
    self.share = share
  }
}

extension Figure {
  /// A search's trials: score over epochs for each, and the best score found so far, trial after trial. The
  /// best trial is marked in both. Below are the settings that mattered, if that is known.
  package static func trials(_ trials: [TrialCurve], importance: [SettingShare] = [], title: String) -> Figure
  {
    let height = importance.isEmpty ? 430 : 470 + Double(importance.count) * 22
    return Figure(width: 980, height: height) { canvas in
      let best = trials.indices.filter { trials[$0].best != nil }.max {
        (trials[$0].best ?? 0, $1) < (trials[$1].best ?? 0, $0)
      }
      var line = trials.count == 1 ? "1 trial" : "\(DecimalText.grouped(trials.count)) trials"
      let failed = trials.count { $0.best == nil }
      if failed > 0 { line += ", \(failed) without a score" }
      if let best, let score = trials[best].best {
        line += " · best: \(trials[best].name), validation accuracy \(DecimalText.percent(score, 2))"
      }
      PlotStyle.head(canvas, title, line)
      let width = (canvas.width - 2 * PlotStyle.margin - 2 * PlotArea.left - 40) / 2
      let left = PlotStyle.margin + PlotArea.left
      let points = trials.flatMap(\.points)
      let scores = Axis(covering: points.map(\.score), format: .percent)
      let curves = PlotArea(
        canvas: canvas, x: left, y: 112, width: width, height: 250,
        horizontal: epochAxis(points.map(\.epochs)),
        vertical: scores)
      curves.drawAxes(title: "Validation accuracy of each trial", horizontalTitle: "epochs")
      let numbers = PlotArea(
        canvas: canvas, x: left + width + PlotArea.left + 40, y: 112, width: width, height: 250,
        horizontal: Axis(
          covering: [1, Double(max(trials.count, 1))], wanted: 8, isWhole: true, isTight: true),
        vertical: scores)
      numbers.drawAxes(title: "Best score of each trial, and best so far", horizontalTitle: "trial")
      drawTrials(trials, best: best, curves, numbers)
      if !importance.isEmpty { drawImportance(importance, canvas, top: 440) }
    }
  }

  /// A bar for each setting, the longest first.
  private static func drawImportance(_ importance: [SettingShare], _ canvas: FigureCanvas, top: Double) {
    canvas.text(
      "Share of the variance that each setting accounts for by itself, among all trials after their first epochs",
      x: PlotStyle.margin + 6, y: top, size: 13, PlotStyle.ink, isBold: true,
      maximumWidth: canvas.width - 2 * PlotStyle.margin)
    let names = importance.reduce(60) { max($0, canvas.textWidth($1.name, size: PlotStyle.textSize)) }
    let left = PlotStyle.margin + 6 + min(names, 220) + 12
    let width = canvas.width - PlotStyle.margin - left - 64
    let largest = max(importance.map(\.share).max() ?? 0, 1e-9)
    for (row, setting) in importance.enumerated() {
      let y = top + 26 + Double(row) * 22
      let length = max(1, width * min(max(setting.share / largest, 0), 1))
      canvas.text(
        setting.name, x: left - 12, y: y, size: PlotStyle.textSize, PlotStyle.ink, horizontal: .end,
        maximumWidth: 220)
      canvas.fill(x: left, y: y - 7, width: length, height: 14, PlotStyle.training)
      canvas.text(
        DecimalText.percent(setting.share, 0), x: left + length + 8, y: y, size: PlotStyle.textSize,
        PlotStyle.muted)
    }
  }

  /// Logarithmic for the rungs of successive halving, which grow by a factor; otherwise from 0.
  private static func epochAxis(_ epochs: [Double]) -> Axis {
    let rungs = Set(epochs.filter { (1...1e9).contains($0) }).sorted()
    if (2...8).contains(rungs.count), rungs[rungs.count - 1] >= 8 * rungs[0] { return Axis(rungs: rungs) }
    return Axis(covering: [0] + epochs, wanted: 8, isWhole: true, isTight: true)
  }

  private static func drawTrials(
    _ trials: [TrialCurve], best: Int?, _ curves: PlotArea, _ numbers: PlotArea
  ) {
    let canvas = curves.canvas
    // The more lines, the fainter each.
    let alpha = min(0.75, max(0.12, 12 / Double(max(trials.count, 1))))
    for (index, trial) in trials.enumerated() where index != best {
      curves.drawLine(
        trial.points.map { ($0.epochs, $0.score) }, PlotStyle.training, width: 1.3, alpha: alpha)
      if let last = trial.points.last, curves.contains(last.epochs, last.score) {
        canvas.dot(
          x: curves.x(last.epochs), y: curves.y(last.score), radius: 2.6, PlotStyle.training,
          alpha: min(1, alpha * 1.5))
      }
    }
    var record = -Double.infinity
    var steps: [(x: Double, y: Double)] = []
    for (index, trial) in trials.enumerated() {
      let number = Double(index + 1)
      if let score = trial.best, score > record {
        if record.isFinite { steps.append((number, record)) }
        record = score
      }
      if record.isFinite { steps.append((number, record)) }
    }
    numbers.drawLine(steps, PlotStyle.axis, width: 1.6)
    for (index, trial) in trials.enumerated() where index != best {
      guard let score = trial.best, numbers.contains(Double(index + 1), score) else { continue }
      canvas.dot(
        x: numbers.x(Double(index + 1)), y: numbers.y(score), radius: trials.count > 200 ? 2 : 3.2,
        PlotStyle.training, alpha: 0.75)
    }
    guard let best, let score = trials[best].best else { return }
    curves.drawLine(trials[best].points.map { ($0.epochs, $0.score) }, PlotStyle.highlight, width: 2.6)
    let epochs = trials[best].points.first { $0.score == score }?.epochs ?? 0
    for (area, x) in [(curves, curves.x(epochs)), (numbers, numbers.x(Double(best + 1)))] {
      canvas.dot(x: x, y: area.y(score), radius: 5, PlotStyle.highlight, rim: .white)
      let text = DecimalText.percent(score, 2)
      let width = canvas.textWidth(text, size: PlotStyle.textSize, isBold: true)
      let textX = min(max(x - width / 2, area.x), area.x + area.width - width)
      let textY = area.y(score) - 16 < area.y ? area.y(score) + 18 : area.y(score) - 16
      canvas.fill(x: textX - 3, y: textY - 8, width: width + 6, height: 16, .white, alpha: 0.85)
      canvas.text(text, x: textX, y: textY, size: PlotStyle.textSize, PlotStyle.highlight, isBold: true)
    }
  }
}
