import TextTables

/// What a label says, made safe to draw: labels come from streams and may be anything.
enum LabelText {
  /// The most characters (Unicode scalars) of a name that are looked at; more than a label shows.
  static let longestName = 80

  /// `2 happy 93 %`: the person's number, the name on one line without control characters, then the percentage.
  static func of(person: Int? = nil, expression: String, percentage: Int?) -> String {
    var name = SingleLine.text(expression, limit: longestName)
    if let person { name = name.isEmpty ? "\(person)" : "\(person)\u{A0}\(name)" }
    guard let percentage else { return name }
    // No-break spaces: the percentage stays in one piece.
    return name.isEmpty
      ? "\(percentage)\u{A0}%" : TextDirection.leftToRight(name) + " \(percentage)\u{A0}%"
  }

  /// The part of a name that a label can show.
  static func bounded(_ name: String) -> String {
    // Most names are far below this, and stay as they are without a copy.
    if name.utf8.count <= longestName { return name }
    return String(String.UnicodeScalarView(name.unicodeScalars.prefix(longestName)))
  }
}
