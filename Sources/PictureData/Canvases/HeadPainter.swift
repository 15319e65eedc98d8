import FrameStream
import Glibc

/// Draws hair, a neck and shoulders as plain ellipses behind objects and decoys.
final class HeadPainter {
  private let side: Int
  private let backgrounds: BackgroundPictures

  init(_ settings: CanvasSettings, _ backgrounds: BackgroundPictures) {
    side = settings.side
    self.backgrounds = backgrounds
  }

  /// One ellipse, turned with the head.
  private struct Ellipse {
    /// The middle from the head's middle, along the head's own axes.
    var x: Float = 0
    var y: Float
    /// Half axes.
    var across: Float
    var down: Float
    var tone: Float
    /// How wide the edge is, in pixels.
    var softness: Float

    /// How much of a pixel it covers, nearly.
    @inline(__always)
    func cover(_ x: Float, _ y: Float) -> Float {
      let (u, v) = ((x - self.x) / across, (y - self.y) / down)
      let distance = (1 - u * u - v * v) * 0.5 * min(across, down)
      return min(max(distance / softness + 0.5, 0), 1)
    }
  }

  /// Draws what is behind an item.
  func paint(_ item: CanvasItem, on canvas: FloatPlane, _ random: inout CounterRandom) {
    let size = item.size
    let softness = random.chance(0.7) ? random.uniform(1...4) : 1
    let hasBody = random.chance(0.6)
    let neck = Ellipse(
      y: 0.55 * size, across: size * random.uniform(0.17...0.35), down: size * random.uniform(0.25...0.45),
      tone: random.uniform(40...230), softness: softness)
    let shoulders = Ellipse(
      y: 1.15 * size, across: size * random.uniform(0.65...1.2), down: size * random.uniform(0.35...0.6),
      tone: random.uniform(0...255), softness: softness)
    let hair = Ellipse(
      y: -size * random.uniform(0...0.15), across: size * random.uniform(0.5...0.75),
      down: size * random.uniform(0.6...0.85), tone: random.uniform(0...255), softness: softness)
    let texture = random.chance(0.5) ? random.uniform(0.1...0.35) : 0
    let background = backgrounds[random.below(backgrounds.count)]
    let picture = background.levels[random.below(background.levels.count)]
    let left = random.below(max(picture.width - side, 0) + 1)
    let top = random.below(max(picture.height - side, 0) + 1)
    let reach = 1.6 * size
    let (cosine, sine) = (cos(item.angle), sin(item.angle))
    let columns = range(item.x, reach)
    picture.withPlane { plane in
      for y in range(item.y, reach) {
        let row = canvas.row(y)
        let pattern = plane.row(min(top + y, plane.height - 1))
        let down = Float(y) + 0.5 - item.y
        for x in columns {
          let across = Float(x) + 0.5 - item.x
          let distance = (across * across + down * down).squareRoot()
          let whole = min(max((reach - distance) * 0.125, 0), 1)
          let (u, v) = (cosine * across + sine * down, cosine * down - sine * across)
          var tone = row[x]
          var cover: Float = 0
          if hasBody {
            let ofNeck = neck.cover(u, v)
            tone += (neck.tone - tone) * ofNeck
            let ofShoulders = shoulders.cover(u, v)
            tone += (shoulders.tone - tone) * ofShoulders
            cover = max(ofNeck, ofShoulders)
          }
          let ofHair = hair.cover(u, v)
          tone += (hair.tone - tone) * ofHair
          cover = max(cover, ofHair)
          if cover > 0 {
            tone += (Float(pattern[min(left &+ x, plane.width &- 1)]) - tone) * texture * cover
          }
          row[x] += (tone - row[x]) * whole
        }
      }
    }
  }

  private func range(_ middle: Float, _ reach: Float) -> Range<Int> {
    let first = min(max(Int((middle - reach).rounded(.down)), 0), side)
    return first..<max(first, min(Int((middle + reach).rounded(.up)), side))
  }
}
