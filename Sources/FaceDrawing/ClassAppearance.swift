import Drawing

/// How a class looks: a color and a dash pattern, so that classes can be distinguished without color too.
struct ClassAppearance: Sendable, Hashable {
  var color: Color
  /// Lengths of line and gap in turn, in line widths; empty for a solid line.
  var dashes: [Double]

  /// A face without an expression.
  static let unknown = ClassAppearance(color: Color(0x999999), dashes: [])

  /// Okabe and Ito's eight colors (Color Universal Design, 2008), which color-blind people can
  /// distinguish; yellow first, black last.
  static let colors: [Color] = [
    Color(0xF0E442), Color(0x56B4E9), Color(0xD55E00), Color(0x0072B2), Color(0x009E73), Color(0xE69F00),
    Color(0xCC79A7), .black,
  ]

  static let dashPatterns: [[Double]] = [
    [], [9, 3], [4, 3], [1.5, 2], [8, 2.5, 2, 2.5], [9, 2, 2, 2, 2, 2], [10, 2.5, 4, 2.5], [3, 5],
  ]

  /// Names of the seven FER-2013 classes and of FER+'s eighth, with their usual variants.
  private static func namedIndex(_ name: String) -> Int? {
    switch name {
    case "happy", "happiness": 0
    case "neutral": 1
    case "angry", "anger": 2
    case "sad", "sadness": 3
    case "disgust", "disgusted": 4
    case "surprise", "surprised": 5
    case "fear", "fearful", "afraid": 6
    case "contempt": 7
    default: nil
    }
  }

  /// Color and dashes number `index`: eight pairs where neither repeats, then further pairs.
  static func numbered(_ index: Int) -> ClassAppearance {
    let index = index & 63
    return ClassAppearance(
      color: colors[index & 7], dashes: dashPatterns[(index + index >> 3) & 7])
  }

  /// The appearance of a class: by name for the usual expressions, otherwise by its index in the model's
  /// outputs, otherwise by a hash of its name (FNV-1a, so the same in every run).
  static func of(expression: String?, classIndex: Int?) -> ClassAppearance {
    guard let expression else { return .unknown }
    // Usual names are not longer; texts this short are kept without allocation.
    if expression.utf8.count <= 15, let index = namedIndex(expression.lowercased()) { return numbered(index) }
    if let classIndex { return numbered(classIndex) }
    var hash: UInt32 = 2_166_136_261
    for byte in expression.utf8.prefix(256) { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
    return numbered(Int(hash >> 8))
  }
}
