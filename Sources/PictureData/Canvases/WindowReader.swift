import FrameStream
import Glibc

/// Chooses parts of backgrounds, and reads them.
final class WindowReader {
  /// A part of a background or of a page of writing.
  struct Window {
    /// Which background; nil for a page.
    var background: Int?
    /// Which of its levels, or which page.
    var level: Int
    /// In pixels of that level.
    var x: Int
    var y: Int
    var width: Int
    var height: Int
    /// A mined spot in it: its middle and its size, as parts of the window's sides.
    var spot: (x: Float, y: Float, size: Float)?
  }

  private let backgrounds: BackgroundPictures
  private let pages: [GrayPixels]
  private let settings: CanvasSettings.Backdrop
  private let resampler = RegionResampler()

  init(_ synthesis: CanvasSynthesis) {
    backgrounds = synthesis.backgrounds
    pages = synthesis.pages
    settings = synthesis.settings.backdrop
  }

  /// Draws a part that is to become `columns` · `rows` pixels.
  /// - Parameter clean: Whether it must have nothing of the places that are left out.
  func choose(
    _ columns: Int, _ rows: Int, clean: Bool, _ feedback: CanvasFeedback, _ random: inout CounterRandom
  ) -> Window {
    var window = draw(columns, rows, feedback, &random)
    guard clean else { return window }
    for _ in 0..<8 where !places(in: window).isEmpty { window = draw(columns, rows, feedback, &random) }
    return window
  }

  private func draw(
    _ columns: Int, _ rows: Int, _ feedback: CanvasFeedback, _ random: inout CounterRandom
  ) -> Window {
    if !feedback.mined.isEmpty, random.chance(settings.mined) {
      let spot = feedback.mined[random.below(feedback.mined.count)]
      if backgrounds.backgrounds.indices.contains(spot.background), spot.side > 0 {
        return window(around: spot, columns, rows, &random)
      }
    }
    if !pages.isEmpty, random.chance(settings.writing) {
      let level = random.below(pages.count)
      let side = Float(min(pages[level].width, pages[level].height))
      return place(
        nil, level, pages[level], random.uniform(0.2 * side...side), Float(columns), Float(rows), &random)
    }
    let index = backgrounds.sums.firstIndex(above: Double(random.unit()) * (backgrounds.sums.last ?? 0))
    let background = backgrounds[index]
    let size = Float(columns * rows).squareRoot()
    let (across, down) = (Float(columns) / size, Float(rows) / size)
    let picture = background.picture
    let largest = min(Float(picture.width) / across, Float(picture.height) / down)
    let closest = min(settings.closest * size, largest)
    var side = random.ratio(closest...max(size, largest))
    var level = 0
    while side > 2 * size, level + 1 < background.levels.count {
      side /= 2
      level += 1
    }
    return place(index, level, background.levels[level], side, across, down, &random)
  }

  /// A part whose sides are `side` times `across` and `down`, which are brought to an area of 1, anywhere in the picture.
  private func place(
    _ background: Int?, _ level: Int, _ picture: GrayPixels, _ side: Float, _ across: Float, _ down: Float,
    _ random: inout CounterRandom
  ) -> Window {
    let root = (across * down).squareRoot()
    let width = min(max(Int(side * across / root), 1), picture.width)
    let height = min(max(Int(side * down / root), 1), picture.height)
    let x = random.below(picture.width - width + 1)
    let y = random.below(picture.height - height + 1)
    return Window(background: background, level: level, x: x, y: y, width: width, height: height)
  }

  /// A part in which the spot has one of the sizes that are learned, at any place.
  private func window(
    around spot: MinedSpot, _ columns: Int, _ rows: Int, _ random: inout CounterRandom
  ) -> Window {
    let size = random.ratio(settings.minedSizes)
    var (scale, x, y) = (size / spot.side, spot.x, spot.y)
    let levels = backgrounds[spot.background].levels
    var level = 0
    while scale < 0.5, level + 1 < levels.count {
      scale *= 2
      x /= 2
      y /= 2
      level += 1
    }
    let picture = levels[level]
    let width = max(Int((Float(columns) / scale).rounded()), 1)
    let height = max(Int((Float(rows) / scale).rounded()), 1)
    func start(_ middle: Float, _ length: Int, _ side: Int, _ share: Float) -> Int {
      let start = Int((middle - share * Float(length)).rounded())
      // Inside the picture where the part is no larger.
      return length <= side ? min(max(start, 0), side - length) : min(max(start, side - length), 0)
    }
    let left = start(x, width, picture.width, random.uniform(0.2...0.8))
    let top = start(y, height, picture.height, random.uniform(0.2...0.8))
    return Window(
      background: spot.background, level: level, x: left, y: top, width: width, height: height,
      spot: ((x - Float(left)) / Float(width), (y - Float(top)) / Float(height), size / Float(columns)))
  }

  /// The places of a window that are left out, as parts of its sides.
  func places(in window: Window) -> [BackgroundPictures.Place] {
    guard let index = window.background, !backgrounds[index].leftOut.isEmpty else { return [] }
    let scale = Float(1 << window.level)
    let (x, y) = (Float(window.x) * scale, Float(window.y) * scale)
    let (width, height) = (Float(window.width) * scale, Float(window.height) * scale)
    return backgrounds[index].leftOut.compactMap { place in
      guard place.x < x + width, place.x + place.width > x, place.y < y + height,
        place.y + place.height > y
      else { return nil }
      return BackgroundPictures.Place(
        x: (place.x - x) / width, y: (place.y - y) / height, width: place.width / width,
        height: place.height / height)
    }
  }

  /// Reads a window into all of `output`.
  func read(_ window: Window, into output: FloatPlane) {
    let picture =
      window.background.map { backgrounds[$0].levels[window.level] } ?? pages[window.level]
    read(picture, x: window.x, y: window.y, width: window.width, height: window.height, into: output)
  }

  /// Reads a part of any picture into all of `output`.
  func read(
    _ picture: GrayPixels, x: Int, y: Int, width: Int, height: Int, into output: FloatPlane
  ) {
    picture.withPlane { plane in
      resampler.resample(plane, x: x, y: y, width: width, height: height, into: output)
    }
  }
}
