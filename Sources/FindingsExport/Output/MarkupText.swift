/// Text inside XML and HTML.
enum MarkupText {
  /// The text with the marks' characters escaped; control characters that XML 1.0 forbids become U+FFFD, and line ends
  /// and tabs are written so that attributes keep them.
  static func escaped(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 < 0x20 || [0x22, 0x26, 0x27, 0x3C, 0x3E, 0x7F, 0xEF].contains($0) })
    else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\t", "\n", "\r": result += "&#\(scalar.value);"
      case "\u{0}"..<" ", "\u{7F}", "\u{FFFE}", "\u{FFFF}": result.unicodeScalars.append("\u{FFFD}")
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension String {
  /// The text with others for some of its characters (Unicode scalars).
  func substituting(_ others: [Unicode.Scalar: String]) -> String {
    guard unicodeScalars.contains(where: { others[$0] != nil }) else { return self }
    var result = ""
    for scalar in unicodeScalars {
      if let other = others[scalar] { result += other } else { result.unicodeScalars.append(scalar) }
    }
    return result
  }
}
