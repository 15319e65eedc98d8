import FrameStream

/// The pixels that one face's hiding covers: a range of columns in each row. Memory is used again for the next face.
struct HiddenArea {
  /// The part of the shape's rectangle that lies in the picture.
  private(set) var bounds = PixelRectangle(x: 0, y: 0, width: 0, height: 0)
  /// The side of a cell in pixels.
  private(set) var cell = 1.0
  /// The columns covered in each row of ``bounds``; empty ranges at an oval's rim where it leaves the picture.
  private var spans: [Range<Int>] = []

  /// Takes the shape of a face; false if nothing of it lies in the picture.
  mutating func take(_ face: HiddenBox, _ style: HidingStyle, in picture: PixelRectangle) -> Bool {
    let area = face.area(margin: style.margin)
    guard let visible = area.intersection(picture) else { return false }
    bounds = visible
    cell = max(1, Double(max(face.box.width, face.box.height)) / HidingStyle.cellsAcross)
    spans.removeAll(keepingCapacity: true)
    for y in visible.y..<visible.maxY {
      switch style.shape {
      case .box: spans.append(visible.x..<visible.maxX)
      case .oval: spans.append(HiddenArea.oval(area, row: y, visible))
      }
    }
    return true
  }

  /// The columns of a row of pixels that an ellipse touches.
  private static func oval(_ area: PixelRectangle, row y: Int, _ visible: PixelRectangle) -> Range<Int> {
    let (radiusX, radiusY) = (Double(area.width) / 2, Double(area.height) / 2)
    let (centerX, centerY) = (Double(area.x) + radiusX, Double(area.y) + radiusY)
    // Of the row's height, what lies nearest to the center.
    let distance = max(0, abs(Double(y) + 0.5 - centerY) - 0.5) / radiusY
    let half = radiusX * max(0, 1 - distance * distance).squareRoot()
    let left = max(visible.x, Int((centerX - half).rounded(.down)))
    let right = min(visible.maxX, Int((centerX + half).rounded(.up)))
    return left < right ? left..<right : left..<left
  }

  /// The samples of a channel that cover at least one pixel of ``bounds``.
  func bounds(in channel: Channel) -> PixelRectangle {
    let (x, y) = (bounds.x >> channel.shiftX, bounds.y >> channel.shiftY)
    return PixelRectangle(
      x: x, y: y, width: ((bounds.maxX - 1) >> channel.shiftX) + 1 - x,
      height: ((bounds.maxY - 1) >> channel.shiftY) + 1 - y)
  }

  /// The samples in a row of a channel that cover at least one hidden pixel.
  func span(row: Int, in channel: Channel) -> Range<Int> {
    let first = max(row << channel.shiftY, bounds.y)
    let last = min(((row + 1) << channel.shiftY) - 1, bounds.maxY - 1)
    var span = spans[first - bounds.y]
    let other = spans[last - bounds.y]
    if span.isEmpty {
      span = other
    } else if !other.isEmpty {
      span = min(span.lowerBound, other.lowerBound)..<max(span.upperBound, other.upperBound)
    }
    guard !span.isEmpty else { return 0..<0 }
    return span.lowerBound >> channel.shiftX..<((span.upperBound - 1) >> channel.shiftX) + 1
  }

  /// Columns and rows of cells, none smaller than ``cell``.
  var cells: (columns: Int, rows: Int) {
    (max(1, Int(Double(bounds.width) / cell)), max(1, Int(Double(bounds.height) / cell)))
  }
}
