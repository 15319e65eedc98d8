/// Text of any origin made safe to show on one line.
package enum SingleLine {
  /// At most `limit` Unicode scalars of `text`: white space as spaces, control characters and direction overrides as
  /// U+FFFD.
  package static func text(_ text: String, limit: Int) -> String {
    var result = String.UnicodeScalarView()
    for next in text.unicodeScalars.prefix(limit) { result.append(scalar(next)) }
    return String(result)
  }

  /// The scalar to show for one of any kind.
  package static func scalar(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.value {
    case 0x09...0x0D, 0x20, 0x85, 0x2028, 0x2029: " "
    // Embeddings, overrides and isolates could reverse the order of the text around them.
    case 0x202A...0x202E, 0x2066...0x2069: "\u{FFFD}"
    default: scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar
    }
  }
}
