/// The colors of expressions, the same in pictures, subtitles and reports.
package enum ExpressionPalette {
  /// Okabe and Ito's eight colors (Color Universal Design, 2008) as 0xRRGGBB, which color-blind people can
  /// distinguish; yellow first, black last.
  package static let colors: [UInt32] = [
    0xF0E442, 0x56B4E9, 0xD55E00, 0x0072B2, 0x009E73, 0xE69F00, 0xCC79A7, 0x000000,
  ]

  /// The color of a face without an expression.
  package static let unknown: UInt32 = 0x999999

  /// The number of an expression's look: by name for the usual expressions, otherwise by its index in the model's
  /// outputs, otherwise by a hash of its name (FNV-1a, so the same in every run).
  package static func index(of expression: String, classIndex: Int?) -> Int {
    // Usual names are not longer; texts this short are kept without allocation.
    if expression.utf8.count <= 15, let index = namedIndex(expression.lowercased()) { return index }
    if let classIndex { return classIndex & 63 }
    var hash: UInt32 = 2_166_136_261
    for byte in expression.utf8.prefix(256) { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
    return Int(hash >> 8) & 63
  }

  /// The color of an expression, 0xRRGGBB.
  package static func color(of expression: String?, classIndex: Int?) -> UInt32 {
    expression.map { colors[index(of: $0, classIndex: classIndex) & 7] } ?? unknown
  }

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
}
