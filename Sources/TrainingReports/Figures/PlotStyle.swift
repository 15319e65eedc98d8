import Drawing
import TextTables

/// Colors and sizes that all figures share.
enum PlotStyle {
  static let ink = Color(0x1F2328)
  static let muted = Color(0x5B6470)
  static let grid = Color(0xE2E6EA)
  static let axis = Color(0x8C959F)
  static let placeholder = Color(0xEEF0F2)

  /// Of Okabe and Ito's colors (Color Universal Design, 2008), those that are read on white, in the order in
  /// which neighbors differ most.
  static let seriesColors: [Color] = [
    Color(0x0072B2), Color(0xD55E00), Color(0x009E73), Color(0xCC79A7), Color(0xE69F00), Color(0x56B4E9),
    Color(0x000000),
  ]
  /// In line widths, so that series can be distinguished without color too.
  static let seriesDashes: [[Double]] = [[], [4, 1.6], [1.4, 1.4], [5, 1.5, 1.3, 1.5], [8, 2]]

  static let training = Color(0x0072B2)
  static let validation = Color(0xD55E00)
  static let highlight = Color(0xD55E00)

  static func color(_ series: Int) -> Color { seriesColors[series % seriesColors.count] }
  static func dashes(_ series: Int) -> [Double] { seriesDashes[series % seriesDashes.count] }

  static let titleSize = 17.0
  static let textSize = 12.5
  static let smallSize = 11.0
  /// Paper around everything.
  static let margin = 24.0
  /// Height of a title with its line underneath, or with two.
  static func headHeight(pictures: String?) -> Double { pictures == nil ? 52 : 70 }

  /// Room for a text before there is a canvas to measure it on; rather too much.
  static func estimatedWidth(_ text: String, size: Double) -> Double {
    Double(TextColumns.width(TextColumns.name(text, 80))) * size * 0.62
  }

  /// The width of a line of text, where there is no canvas yet.
  static func measuredWidth(_ text: String, size: Double) -> Double {
    FigureCanvas(width: 1, height: 1, scale: 1)?.textWidth(text, size: size)
      ?? estimatedWidth(text, size: size)
  }

  /// The title and the line underneath, at the top left.
  /// - Parameter pictures: What pictures the figure is of, for a second line; nil if that is not to be said.
  static func head(_ canvas: FigureCanvas, _ title: String, _ line: String, pictures: String? = nil) {
    let width = canvas.width - 2 * margin
    canvas.text(
      title, x: margin, y: margin - 4, size: titleSize, ink, isBold: true, vertical: .start,
      maximumWidth: width)
    for (index, line) in [line, pictures.map(ofPictures)].compactMap({ $0 }).enumerated() {
      canvas.text(
        line, x: margin, y: margin + 19 + 18 * Double(index), size: textSize, muted, vertical: .start,
        maximumWidth: width)
    }
  }

  /// The second line of a head.
  static func ofPictures(_ pictures: String) -> String { "of " + pictures }

  /// The width of a figure that has room for a head's lines, of the second one as far as it is of the usual length.
  static func headWidth(_ line: String, pictures: String?) -> Double {
    let second = pictures.map { min(measuredWidth(ofPictures($0), size: textSize), 480) } ?? 0
    // A little more: at another scale letters may be set otherwise.
    return 2 * margin + max(measuredWidth(line, size: textSize), second).rounded(.up) + 4
  }
}

/// A color for a share of 0 to 1, from near white to dark blue.
///
/// Lightness falls evenly and alone carries the value, so that any kind of color vision reads it, and gray print.
enum SequentialColors {
  private static let stops: [Color] = [
    Color(0xF5F8FB), Color(0xD3E3F1), Color(0xA3C7E2), Color(0x68A3CF), Color(0x357DB5), Color(0x155A94),
    Color(0x08345F),
  ]

  static func color(_ share: Double) -> Color {
    guard share.isFinite else { return PlotStyle.placeholder }
    let place = min(max(share, 0), 1) * Double(stops.count - 1)
    let index = min(Int(place), stops.count - 2)
    let (low, high, part) = (stops[index], stops[index + 1], place - Double(index))
    var color = low
    color.red += (high.red - low.red) * part
    color.green += (high.green - low.green) * part
    color.blue += (high.blue - low.blue) * part
    return color
  }
}
