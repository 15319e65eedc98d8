import Glibc

/// An opaque colour of the picture's own RGB, each channel 0 to 1.
package struct Color: Sendable, Hashable {
  package var red: Double
  package var green: Double
  package var blue: Double

  package static let black = Color(0x000000)
  package static let white = Color(0xFFFFFF)

  /// From 0xRRGGBB.
  package init(_ code: UInt32) {
    red = Double(code >> 16 & 0xFF) / 255
    green = Double(code >> 8 & 0xFF) / 255
    blue = Double(code & 0xFF) / 255
  }

  /// Relative luminance, 0 to 1, of an sRGB colour (WCAG 2.1, "relative luminance").
  var luminance: Double {
    func linear(_ channel: Double) -> Double {
      if channel <= 0.04045 { return channel / 12.92 }
      return pow((channel + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  }

  /// How well one colour is read on the other, 1 to 21 (WCAG 2.1, "contrast ratio"; 4.5 is its level AA).
  package func contrast(with other: Color) -> Double {
    let (a, b) = (luminance, other.luminance)
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
  }

  /// Black or white, whichever is read better on this colour; never under 4.58.
  package var contrasting: Color {
    contrast(with: .black) >= contrast(with: .white) ? .black : .white
  }
}

/// How a class looks: a colour and a dash pattern, so that classes are told apart without colour too.
struct ClassAppearance: Sendable, Hashable {
  var color: Color
  /// Lengths of line and gap in turn, in line widths; empty for a solid line.
  var dashes: [Double]

  /// A face without an expression.
  static let unknown = ClassAppearance(color: Color(0x999999), dashes: [])

  /// Okabe and Ito's eight colours (Color Universal Design, 2008), made to be told apart by colour-blind
  /// people; yellow first, black last.
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

  /// Colour and dashes number `index`: eight pairs where neither repeats, then further pairs.
  static func numbered(_ index: Int) -> ClassAppearance {
    let index = index & 63
    return ClassAppearance(
      color: colors[index & 7], dashes: dashPatterns[(index + index >> 3) & 7])
  }

  /// The appearance of a class: by name for the usual expressions, else by its place in the model's
  /// outputs, else by a hash of its name (FNV-1a, so the same in every run).
  static func of(expression: String?, classIndex: Int?) -> ClassAppearance {
    guard let expression else { return .unknown }
    // Longer texts are no usual name; texts this short are kept without allocation.
    if expression.utf8.count <= 15, let index = namedIndex(expression.lowercased()) { return numbered(index) }
    if let classIndex { return numbered(classIndex) }
    var hash: UInt32 = 2_166_136_261
    for byte in expression.utf8.prefix(256) { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
    return numbered(Int(hash >> 8))
  }
}
