import NetworkModel
import TextTables

extension ModelGraph {
  /// A table of the layers, with totals, as Keras's `summary()` prints one; names are made safe for a terminal.
  package var description: String {
    let rows = rows
    let header = ["Layer", "Class", "Output", "Parameters", "Multiply-adds", "From"]
    func name(_ text: String) -> String { SingleLine.text(text, limit: 400) }
    var lines = [header]
    var previous = ""
    for row in rows {
      let from = row.inputs == [previous] ? "" : name(row.inputs.joined(separator: ", "))
      lines.append([
        name(row.name), name(row.kind), row.shape.map(String.init).joined(separator: "x"),
        grouped(row.parameters), grouped(row.multiplyAdds), from,
      ])
      previous = row.name
    }
    let widths = header.indices.map { column in lines.map { TextColumns.width($0[column]) }.max() ?? 0 }
    var text = ""
    for (index, line) in lines.enumerated() {
      var row = ""
      for (column, field) in line.enumerated() {
        // Numbers to the right.
        let isNumber = column == 3 || column == 4
        row += isNumber ? TextColumns.right(field, widths[column]) : TextColumns.left(field, widths[column])
        row += "  "
      }
      while row.last == " " { row.removeLast() }
      text += row + "\n"
      if index == 0 {
        text += String(repeating: "-", count: widths.reduce(0, +) + 2 * (widths.count - 1)) + "\n"
      }
    }
    let parameters = rows.reduce(0) { $0 + $1.parameters }
    text += "\nParameters: \(grouped(parameters))\nMultiply-adds: \(grouped(multiplyAdds)) for one picture\n"
    return text
  }

  /// 2641543 as 2,641,543; 0 as nothing.
  private func grouped(_ number: Int) -> String {
    if number == 0 { return "" }
    let digits = Array(String(number))
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { result.append(",") }
      result.append(digit)
    }
    return result
  }
}
