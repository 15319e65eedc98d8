import TextTables

extension ClassificationReport {
  /// `report.txt`: the table in the shape of scikit-learn's `classification_report` (three decimals), the other
  /// figures, and the confusion matrix. Columns are aligned for a terminal, wide characters counting two.
  package var text: String { scoreTable + "\n" + figures + "\n" + confusionTable }

  /// ``text`` under a line that says what it is of.
  package func text(heading: String?) -> String {
    (heading.map { TextColumns.name($0, 400) + "\n\n" } ?? "") + text
  }

  /// Scores per class, accuracy and averages, as scikit-learn prints them with `digits=3`.
  package var scoreTable: String {
    let names = classes.map { TextColumns.name($0) }
    let width = max(names.map(TextColumns.width).max() ?? 0, "weighted avg".count)
    func row(_ name: String, _ cells: [String]) -> String {
      TextColumns.right(name, width) + " " + cells.map { " " + TextColumns.right($0, 9) }.joined() + "\n"
    }
    func row(_ name: String, _ scores: Scores, _ support: Int) -> String {
      row(
        name,
        [scores.precision, scores.recall, scores.f1].map { DecimalText.fixed($0, 3) } + ["\(support)"])
    }
    var table = row("", ["precision", "recall", "f1-score", "support"]) + "\n"
    for (index, scores) in classScores.enumerated() { table += row(names[index], scores, support[index]) }
    table += "\n"
    table += row("accuracy", ["", "", DecimalText.fixed(accuracy, 3), "\(count)"])
    table += row("macro avg", macroAverage, count)
    table += row("weighted avg", weightedAverage, count)
    return table
  }

  /// The figures that scikit-learn's table does not have, one a line.
  private var figures: String {
    func line(_ name: String, _ value: Double?, _ note: String = "") -> String {
      let text = value.map { DecimalText.fixed($0, 4) } ?? "–"
      return TextColumns.left(name, 28) + text + note + "\n"
    }
    var lines = line("top-2 accuracy", top2Accuracy)
    lines += line("cross-entropy", crossEntropy, " nats")
    lines += line("Brier score", brierScore, " (0 to 2)")
    lines += line(
      "expected calibration error", reliability.expectedCalibrationError, " (\(reliability.bins.count) bins)")
    lines += line("mean confidence", reliability.meanConfidence)
    if withoutPrediction > 0 {
      lines +=
        TextColumns.left("without prediction", 28)
        + "\(withoutPrediction) (outputs that are not finite; counted as wrong)\n"
    }
    return lines
  }

  /// The confusion matrix; with class numbers as headings where names would make it wider than 120 columns.
  package var confusionTable: String {
    var names = classes.map { TextColumns.name($0, 30) }
    let digits = confusion.joined().max().map { "\($0)".count } ?? 1
    let isNarrow =
      names.reduce(0) { $0 + max(TextColumns.width($1), digits) + 2 }
      + (names.map(TextColumns.width).max() ?? 0) <= 120
    var headings = names
    if !isNarrow {
      headings = classes.indices.map { "\($0 + 1)" }
      names = names.enumerated().map { "\($0.offset + 1) \($0.element)" }
    }
    let first = names.map(TextColumns.width).max() ?? 0
    let widths = headings.map { max(TextColumns.width($0), digits) + 2 }
    var table = "confusion matrix (rows: true class, columns: predicted class)\n\n"
    table += String(repeating: " ", count: first)
    for (heading, width) in zip(headings, widths) { table += TextColumns.right(heading, width) }
    table += "\n"
    for (name, row) in zip(names, confusion) {
      table += TextColumns.right(name, first)
      for (value, width) in zip(row, widths) { table += TextColumns.right("\(value)", width) }
      table += "\n"
    }
    return table
  }
}
