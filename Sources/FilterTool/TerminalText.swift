/// Text of any origin made safe for a terminal, which obeys control characters in it.
enum TerminalText {
  /// The text with spaces for control characters, also of eight bits, and for those that reverse the direction of
  /// writing.
  /// - Parameter keepsLines: Whether line ends and tabs stay.
  static func cleaned(_ text: String, keepsLines: Bool = false) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let isKept = keepsLines && (scalar == "\n" || scalar == "\t")
      result.append(isKept || !isControl(scalar) ? scalar : " ")
    }
    return String(result)
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
