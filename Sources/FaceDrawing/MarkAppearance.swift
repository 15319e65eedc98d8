import Drawing
import ExpressionPalette

/// How a face looks: a color and a dash pattern, so that classes can be distinguished without color too.
struct MarkAppearance: Sendable, Hashable {
  var color: Color
  /// Lengths of line and gap in turn, in line widths; empty for a solid line.
  var dashes: [Double]

  /// A face without an expression.
  static let unknown = MarkAppearance(color: Color(ExpressionPalette.unknown), dashes: [])

  /// The palette's colors, which color-blind people can distinguish.
  static let colors = ExpressionPalette.colors.map { Color($0) }

  static let dashPatterns: [[Double]] = [
    [], [9, 3], [4, 3], [1.5, 2], [8, 2.5, 2, 2.5], [9, 2, 2, 2, 2, 2], [10, 2.5, 4, 2.5], [3, 5],
  ]

  /// Color and dashes number `index`: eight pairs where neither repeats, then further pairs.
  static func numbered(_ index: Int) -> MarkAppearance {
    let index = index & 63
    return MarkAppearance(
      color: colors[index & 7], dashes: dashPatterns[(index + index >> 3) & 7])
  }

  /// The appearance of a person: a solid line, in one of the colors in turn.
  static func of(person: Int) -> MarkAppearance {
    MarkAppearance(color: colors[(person &- 1) & 7], dashes: [])
  }

  /// The appearance of a class: by name for the usual expressions, otherwise by its index in the model's
  /// outputs, otherwise by a hash of its name (FNV-1a, so the same in every run).
  static func of(expression: String?, classIndex: Int?) -> MarkAppearance {
    guard let expression else { return .unknown }
    return numbered(ExpressionPalette.index(of: expression, classIndex: classIndex))
  }
}
