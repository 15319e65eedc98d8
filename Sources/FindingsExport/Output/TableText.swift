import TextTables

/// Cells of a table for R, pandas and spreadsheets.
struct TableText {
  /// What separates cells.
  let separator: Character

  /// A row with its line end.
  func row(_ cells: [String]) -> String { cells.joined(separator: String(separator)) + "\n" }

  /// A text of any origin as a cell: in quotes where it needs them. One that a spreadsheet would take for a formula
  /// begins with an apostrophe, so that nothing is run.
  func cell(_ text: String) -> String {
    guard let first = text.unicodeScalars.first else { return "" }
    let isFormula = "=+-@\t\r\n＝＋－＠".unicodeScalars.contains(first)
    let quoted = CommaSeparatedValues.quoted(isFormula ? "'" + text : text)
    guard separator == "\t", !quoted.hasPrefix("\""), text.utf8.contains(0x09) else { return quoted }
    return "\"" + quoted + "\""
  }

  /// A number as a cell; empty for none.
  func cell(_ number: Double?) -> String {
    guard let number, number.isFinite else { return "" }
    return DecimalText.shortest(number)
  }

  /// A whole number as a cell; empty for none.
  func cell(_ number: Int?) -> String { number.map { "\($0)" } ?? "" }
}
