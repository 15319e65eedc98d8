import SystemIO

/// Text of any origin made safe for a terminal, which obeys control characters in it.
enum TerminalText {
  /// The text with spaces for control characters, also of eight bits, and for those that reverse the direction of
  /// writing.
  /// - Parameter keepsLines: Whether line ends and tabs stay.
  static func cleaned(_ text: String, keepsLines: Bool = false) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let isKept = keepsLines && (scalar == "\n" || scalar == "\t")
      result.append(isKept || !scalar.controlsTerminals ? scalar : " ")
    }
    return String(result)
  }
}
