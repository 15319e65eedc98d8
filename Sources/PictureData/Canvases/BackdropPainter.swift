/// Fills canvases with backgrounds.
final class BackdropPainter {
  private let settings: CanvasSettings.Backdrop
  private let side: Int
  private let windows: WindowReader
  private let window: FloatPlane

  init(_ settings: CanvasSettings, _ windows: WindowReader) {
    self.settings = settings.backdrop
    side = settings.side
    self.windows = windows
    window = FloatPlane(width: side, height: side)
  }

  /// How a window lies on the canvas.
  private struct Orientation {
    let isMirrored: Bool
    let isFlipped: Bool
    let isTransposed: Bool
    let isInverted: Bool

    init(_ settings: CanvasSettings.Backdrop, _ random: inout CounterRandom) {
      isMirrored = random.chance(settings.mirrored)
      isFlipped = random.chance(settings.flipped)
      isTransposed = random.chance(settings.transposed)
      isInverted = random.chance(settings.inverted)
    }

    /// Where a point of the window, in parts of its sides, is on the canvas.
    func map(_ x: Float, _ y: Float) -> (x: Float, y: Float) {
      let (x, y) = (isMirrored ? 1 - x : x, isFlipped ? 1 - y : y)
      return isTransposed ? (y, x) : (x, y)
    }
  }

  /// Paints all of `canvas`.
  /// - Parameter placed: Gets the places of the background that are left out.
  /// - Returns: The mined spot that it shows, if it shows one, in pixels of the canvas.
  func paint(
    _ canvas: FloatPlane, _ feedback: CanvasFeedback, _ random: inout CounterRandom,
    _ placed: inout [PlacedObject]
  ) -> (x: Float, y: Float, size: Float)? {
    let chosen = windows.choose(side, side, clean: false, feedback, &random)
    let orientation = Orientation(settings, &random)
    windows.read(chosen, into: window)
    copy(orientation, columns: 0..<side, rows: 0..<side, to: canvas)
    let scale = Float(side)
    for place in windows.places(in: chosen) {
      let (first, last) = (
        orientation.map(place.x, place.y), orientation.map(place.x + place.width, place.y + place.height)
      )
      placed.append(
        PlacedObject(
          x: min(first.x, last.x) * scale, y: min(first.y, last.y) * scale,
          width: abs(first.x - last.x) * scale, height: abs(first.y - last.y) * scale, role: .ignored))
    }
    if random.chance(settings.joined) { join(canvas, feedback, &random) }
    guard let spot = chosen.spot else { return nil }
    let (x, y) = orientation.map(spot.x, spot.y)
    return (x * scale, y * scale, spot.size * scale)
  }

  /// Paints another background to the right of a line, or below it.
  private func join(_ canvas: FloatPlane, _ feedback: CanvasFeedback, _ random: inout CounterRandom) {
    let other = windows.choose(side, side, clean: true, feedback, &random)
    let orientation = Orientation(settings, &random)
    let border = side * 5 / 32 + random.below(side * 11 / 16)
    let isBelow = random.chance(0.5)
    windows.read(other, into: window)
    copy(
      orientation, columns: (isBelow ? 0 : border)..<side, rows: (isBelow ? border : 0)..<side, to: canvas)
  }

  private func copy(
    _ orientation: Orientation, columns: Range<Int>, rows: Range<Int>, to canvas: FloatPlane
  ) {
    let last = side - 1
    // From a place of the canvas to one of the window.
    let (stepX, stepY) = orientation.isTransposed ? (side, 1) : (1, side)
    let source = window.base
    for y in rows {
      let across = orientation.isTransposed ? orientation.isMirrored : orientation.isFlipped
      let row = source + (across ? last - y : y) * stepY
      let to = canvas.row(y)
      let along = orientation.isTransposed ? orientation.isFlipped : orientation.isMirrored
      if along {
        for x in columns { to[x] = row[(last &- x) &* stepX] }
      } else {
        for x in columns { to[x] = row[x &* stepX] }
      }
      if orientation.isInverted { for x in columns { to[x] = 255 - to[x] } }
    }
  }
}
