import Glibc

/// An opaque color in the picture's own RGB, each channel 0 to 1.
package struct Color: Sendable, Hashable {
  /// Red, 0 to 1.
  package var red: Double
  /// Green, 0 to 1.
  package var green: Double
  /// Blue, 0 to 1.
  package var blue: Double

  /// All channels 0.
  package static let black = Color(0x000000)
  /// All channels 1.
  package static let white = Color(0xFFFFFF)

  /// From 0xRRGGBB.
  package init(_ code: UInt32) {
    red = Double(code >> 16 & 0xFF) / 255
    green = Double(code >> 8 & 0xFF) / 255
    blue = Double(code & 0xFF) / 255
  }

  /// Relative luminance, 0 to 1, of an sRGB color (WCAG 2.1, "relative luminance").
  var luminance: Double {
    func linear(_ channel: Double) -> Double {
      if channel <= 0.04045 { return channel / 12.92 }
      return pow((channel + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  }

  /// How readable one color is on the other, 1 to 21 (WCAG 2.1, "contrast ratio"; 4.5 is its level AA).
  package func contrast(with other: Color) -> Double {
    let (a, b) = (luminance, other.luminance)
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
  }

  /// Black or white, whichever contrasts more with this color; never under 4.58.
  package var contrasting: Color {
    contrast(with: .black) >= contrast(with: .white) ? .black : .white
  }
}
