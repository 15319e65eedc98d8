import FrameStream
import SystemIO
import TextTables

/// Several runs side by side: `fm-train compare A.report B.report`.
package struct RunComparison: Sendable {
  /// One run: what its report folder says.
  package struct Run: Sendable {
    /// The run's name in the table.
    package var name: String
    /// Its report.
    package var report: ClassificationReport
    /// Its epochs; nil for a model that was only evaluated.
    package var history: TrainingHistory?
    /// What the report is of.
    package var conditions: Conditions

    /// A run with its report.
    package init(
      name: String, report: ClassificationReport, history: TrainingHistory? = nil,
      conditions: Conditions = Conditions()
    ) {
      self.name = name
      self.report = report
      self.history = history
      self.conditions = conditions
    }
  }

  /// The runs in the order of the table.
  package let runs: [Run]

  /// - Throws: ``Failure`` (`usage`) if there is no run or more than 64.
  package init(_ runs: [Run]) throws(Failure) {
    guard (1...64).contains(runs.count) else {
      throw Failure(.usage, step: "comparing runs", cause: "\(runs.count) reports; 1 to 64 can be compared")
    }
    self.runs = runs
  }

  /// Report folders under their reports' names; where two are the same, under their paths.
  package init(_ folders: [ReportFolder]) throws(Failure) {
    var uses: [String: Int] = [:]
    for folder in folders { uses[folder.name, default: 0] += 1 }
    try self.init(
      folders.map { folder in
        Run(
          name: uses[folder.name] == 1 ? folder.name : folder.path, report: folder.report,
          history: folder.history, conditions: Conditions(details: folder.details))
      })
  }

  /// A column of the table.
  struct Column: Sendable {
    let heading: String
    let value: @Sendable (Run) -> Double?
    let cell: @Sendable (Run) -> String
    /// Whether less or more is better; nil if neither.
    let isMoreBetter: Bool?

    /// A column of numbers.
    init(
      heading: String, value: @escaping @Sendable (Run) -> Double?,
      text: @escaping @Sendable (Double) -> String, isMoreBetter: Bool? = nil
    ) {
      self.heading = heading
      self.value = value
      self.isMoreBetter = isMoreBetter
      cell = { run in value(run).flatMap { $0.isFinite ? text($0) : nil } ?? "–" }
    }

    /// A column of words.
    init(heading: String, words: @escaping @Sendable (Run) -> String?) {
      self.heading = heading
      value = { _ in nil }
      isMoreBetter = nil
      cell = { run in words(run).map { TextColumns.name($0, Self.wordsWidth + 1) } ?? "–" }
    }

    /// The most terminal columns of a cell with words.
    static let wordsWidth = 24
  }

  /// The rows with the best number of a column; none if all are equal, if there is but one, or if the runs cannot be
  /// compared.
  func best(_ column: Column) -> Set<Int> {
    guard let isMoreBetter = column.isMoreBetter, differingConditions.isEmpty else { return [] }
    let values = runs.map { column.value($0).flatMap { $0.isFinite ? $0 : nil } }
    let known = values.compactMap { $0 }
    guard let best = isMoreBetter ? known.max() : known.min(), known.contains(where: { $0 != best }) else {
      return []
    }
    return Set(values.indices.filter { values[$0] == best })
  }

  static let columns: [Column] = [
    Column(heading: "epochs", value: { $0.history.map { Double($0.epochs.count) } }, text: { "\(Int($0))" }),
    Column(heading: "best", value: { $0.history?.best.map { Double($0.epoch) } }, text: { "\(Int($0))" }),
    Column(
      heading: "val. accuracy", value: { $0.history?.best?.validationAccuracy },
      text: { DecimalText.percent($0, 2) }, isMoreBetter: true),
    Column(
      heading: "val. loss", value: { $0.history?.best?.validationLoss }, text: { DecimalText.fixed($0, 4) },
      isMoreBetter: false),
    Column(
      heading: "time", value: { $0.history?.seconds }, text: { DecimalText.duration($0) }),
    Column(
      heading: "accuracy", value: { $0.report.accuracy }, text: { DecimalText.percent($0, 2) },
      isMoreBetter: true),
    Column(
      heading: "top 2", value: { $0.report.top2Accuracy }, text: { DecimalText.percent($0, 2) },
      isMoreBetter: true),
    Column(
      heading: "macro F1", value: { $0.report.macroAverage.f1 }, text: { DecimalText.fixed($0, 3) },
      isMoreBetter: true),
    Column(
      heading: "cross-entropy", value: { $0.report.crossEntropy }, text: { DecimalText.fixed($0, 4) },
      isMoreBetter: false),
    Column(
      heading: "ECE", value: { $0.report.reliability.expectedCalibrationError },
      text: { DecimalText.fixed($0, 3) }, isMoreBetter: false),
  ]

  /// The conditions in which runs differ, and the columns that any run has a number for.
  var columnsInUse: [Column] {
    differingConditions + Self.columns.filter { column in runs.contains { column.value($0) != nil } }
  }

  /// A table for the terminal, a run a line: what the reports are of, where that differs; epochs, the best of them and
  /// its validation figures, training time; then the report's accuracy, top-2 accuracy, macro F1, cross-entropy and
  /// expected calibration error. The best figure of a column has an asterisk, which the last line explains, unless
  /// there is a ``warning``.
  package var text: String {
    let names = runs.map { TextColumns.name($0.name, 40) }
    let first = max(names.map(TextColumns.width).max() ?? 0, 3)
    var lines = [TextColumns.left("run", first)] + names.map { TextColumns.left($0, first) }
    var hasBest = false
    for column in columnsInUse {
      let best = best(column)
      if !best.isEmpty { hasBest = true }
      let cells =
        [column.heading + " "]
        + runs.enumerated().map {
          SingleLine.text(column.cell($1), limit: 400) + (best.contains($0) ? "*" : " ")
        }
      let width = cells.map(TextColumns.width).max() ?? 0
      for (index, cell) in cells.enumerated() { lines[index] += " " + TextColumns.right(cell, width) }
    }
    if hasBest { lines += ["", "* the best of the column"] }
    return lines.map { $0.trimmingTrailingSpaces + "\n" }.joined()
  }

  /// The same as one JSON object a run and line: name, epochs, best_epoch, val_accuracy, val_loss, seconds, accuracy,
  /// top2_accuracy, macro_f1, cross_entropy, expected_calibration_error, and of what they are: count, pictures, views,
  /// turn, downscale, blur, low_light; null for a missing value.
  package func ndjson() -> [UInt8] {
    let keys = [
      "epochs", "best_epoch", "val_accuracy", "val_loss", "seconds", "accuracy", "top2_accuracy", "macro_f1",
      "cross_entropy", "expected_calibration_error",
    ]
    var bytes: [UInt8] = []
    for run in runs {
      var writer = JSONWriter()
      writer.object { writer in
        writer.field("name", run.name)
        for (key, column) in zip(keys, Self.columns) {
          writer.key(key)
          guard let value = column.value(run), value.isFinite else {
            writer.null()
            continue
          }
          if let whole = Int(exactly: value), key.hasSuffix("epochs") || key.hasSuffix("epoch") {
            writer.value(whole)
          } else {
            writer.value(value)
          }
        }
        writer.field("count", run.report.count)
        for (key, text) in [("pictures", run.conditions.pictures), ("views", run.conditions.views)] {
          writer.field(key, orNull: text)
        }
        writer.field("turn", orNull: run.conditions.turn)
        writer.field("downscale", orNull: run.conditions.downscale)
        writer.field("blur", orNull: run.conditions.blur)
        writer.field("low_light", orNull: run.conditions.lowLight)
      }
      bytes += writer.bytes
      bytes.append(0x0A)
    }
    return bytes
  }
}

extension String {
  fileprivate var trimmingTrailingSpaces: Substring {
    var end = endIndex
    while end > startIndex, self[index(before: end)] == " " { end = index(before: end) }
    return self[..<end]
  }
}
