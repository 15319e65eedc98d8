/// Text for terminals: how many columns it takes, and padding to a number of columns.
package enum TextColumns {
  /// Columns of a terminal that `text` takes: none for combining marks, two for East Asian wide characters and
  /// emoji (Unicode Standard Annex 11), one for the rest. The C library's `wcwidth` depends on the locale.
  package static func width(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + width(of: $1) }
  }

  private static func width(of scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0x20...0x7E: return 1
    case 0x200B...0x200F, 0xFE00...0xFE0F, 0x1F3FB...0x1F3FF, 0xE0100...0xE01EF: return 0
    case 0x1100...0x115F, 0x231A...0x231B, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
      0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF01...0xFF60,
      0xFFE0...0xFFE6, 0x16FE0...0x18AFF, 0x1AFF0...0x1B2FF, 0x1F300...0x1F64F, 0x1F680...0x1F6FF,
      0x1F7E0...0x1F7EB, 0x1F90C...0x1F9FF, 0x1FA70...0x1FAFF, 0x20000...0x2FFFD, 0x30000...0x3FFFD:
      return 2
    default:
      switch scalar.properties.generalCategory {
      case .nonspacingMark, .enclosingMark, .format, .control: return 0
      default: return 1
      }
    }
  }

  /// `text` with spaces before it up to `columns`.
  package static func right(_ text: String, _ columns: Int) -> String {
    String(repeating: " ", count: max(0, columns - width(text))) + text
  }

  /// `text` with spaces after it up to `columns`.
  package static func left(_ text: String, _ columns: Int) -> String {
    text + String(repeating: " ", count: max(0, columns - width(text)))
  }

  /// A name on one line of at most `columns`, without characters that move a terminal's cursor; a longer one ends in an
  /// ellipsis, and one that is written right to left keeps to its column.
  package static func name(_ text: String, _ columns: Int = 60) -> String {
    var result = String.UnicodeScalarView()
    var used = 0
    for scalar in text.unicodeScalars.prefix(4 * columns) {
      let shown = SingleLine.scalar(scalar)
      let added = width(of: shown)
      guard used + added < columns else {
        result.append("…")
        break
      }
      used += added
      result.append(shown)
    }
    return TextDirection.leftToRight(String(result))
  }
}
