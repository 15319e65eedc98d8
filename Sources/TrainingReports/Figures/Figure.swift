import Drawing
import SystemIO

/// A chart or a sheet of pictures: a size, and how it is drawn.
package struct Figure {
  /// Units of 1/96 inch.
  package let width: Int
  /// The height in units of 1/96 inch.
  package let height: Int
  private let draw: (FigureCanvas) -> Void

  /// Beyond these a figure is cut off: what is drawn on it comes from data sets of any size.
  static let largestSide = 4000

  init(width: Double, height: Double, draw: @escaping (FigureCanvas) -> Void) {
    func side(_ length: Double) -> Int { Int(min(max(length.rounded(.up), 1), Double(Self.largestSide))) }
    self.width = side(width)
    self.height = side(height)
    self.draw = draw
  }

  /// The figure as a PNG file of two pixels a unit.
  /// - Throws: ``Failure`` (`failed`) if there is no font or no memory to draw with.
  package func png(scale: Int = 2) throws(Failure) -> [UInt8] {
    guard let canvas = FigureCanvas(width: width, height: height, scale: scale) else { throw Self.failure }
    draw(canvas)
    guard let bytes = canvas.png() else { throw Self.failure }
    return bytes
  }

  /// The figure as an SVG document, text as outlines, so that it looks the same everywhere. The same figure
  /// gives the same bytes with the same fonts.
  /// - Throws: ``Failure`` as ``png(scale:)`` does.
  package func svg() throws(Failure) -> [UInt8] {
    guard let canvas = FigureCanvas(svgWidth: width, height: height) else { throw Self.failure }
    draw(canvas)
    guard let bytes = canvas.svg() else { throw Self.failure }
    return bytes
  }

  /// Writes it to a file, which appears whole or not at all: PNG or SVG, as the name ends.
  /// - Parameter kind: What may be there already.
  /// - Throws: ``Failure`` (`usage`) for another extension; otherwise as ``png(scale:)`` and files do.
  package func write(to path: String, over kind: FileKind = .any) throws(Failure) {
    let name = path.lowercased()
    guard name.hasSuffix(".png") || name.hasSuffix(".svg") else {
      throw Failure(
        .usage, step: "cannot draw", subject: path, cause: "the name ends neither in .png nor in .svg")
    }
    try WholeFile.write(name.hasSuffix(".png") ? try png() : try svg(), to: path, over: kind)
  }

  private static var failure: Failure {
    Failure(.failed, step: "drawing a figure", cause: "no font is installed, or memory has run out")
  }
}
