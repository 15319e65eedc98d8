/// What a label says, made safe to draw: labels come from streams and may be anything.
package enum LabelText {
  /// The most characters (Unicode scalars) of a name that are looked at; more than a label shows.
  static let longestName = 80

  /// `happy 93 %`: the name on one line without control characters, then the percentage.
  static func of(expression: String, percentage: Int?) -> String {
    let name = singleLine(expression)
    guard let percentage else { return name }
    // No-break spaces: the percentage stays in one piece.
    return name.isEmpty ? "\(percentage)\u{A0}%" : name + " \(percentage)\u{A0}%"
  }

  /// The part of a name that a label can show.
  static func bounded(_ name: String) -> String {
    // Most names are far below this, and stay as they are without a copy.
    if name.utf8.count <= longestName { return name }
    return String(String.UnicodeScalarView(name.unicodeScalars.prefix(longestName)))
  }

  /// At most `limit` scalars of `text`: white space as spaces, control characters and direction
  /// overrides as U+FFFD.
  static func singleLine(_ text: String, limit: Int = longestName) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars.prefix(limit) { result.append(drawable(scalar)) }
    return String(result)
  }

  /// The scalar to show in the place of one that may be anything.
  package static func drawable(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.value {
    case 0x09...0x0D, 0x20, 0x85, 0x2028, 0x2029: " "
    // Embeddings, overrides and isolates could turn the percentage round.
    case 0x202A...0x202E, 0x2066...0x2069: "\u{FFFD}"
    default: scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar
    }
  }
}
