/// Scripts that are written from right to left, among text that is not.
package enum TextDirection {
  private static let mark = "\u{200E}"

  /// A name for a line that reads from left to right. One with letters that are written from right to left stands
  /// between left-to-right marks (Unicode Standard Annex 9), which take no room: otherwise the numbers after it would
  /// come to stand on its other side.
  package static func leftToRight(_ name: String) -> String {
    name.unicodeScalars.contains(where: isRightToLeft) ? mark + name + mark : name
  }

  /// Hebrew, Arabic, Syriac, Thaana, N'Ko and the like, and their presentation forms.
  private static func isRightToLeft(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0590...0x08FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFE, 0x10800...0x10FFF, 0x1E800...0x1EFFF: true
    default: false
    }
  }
}
