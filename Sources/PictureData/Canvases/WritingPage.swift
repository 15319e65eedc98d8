/// Pages of drawn writing: lines of made-up letters, the same on every machine whatever fonts it has.
enum WritingPage {
  static let side = 512
  /// Lines from one place of a letter to another.
  private typealias Letter = [(from: (x: Float, y: Float), to: (x: Float, y: Float))]

  /// Page `number`.
  static func page(_ number: Int) -> GrayPixels {
    var random = CounterRandom(seed: 0, purpose: .writing, epoch: 0, index: UInt64(number))
    let letters = (0..<24).map { _ in letter(&random) }
    let paper = random.uniform(180...255)
    let ink = random.uniform(0...70)
    let height = random.ratio(9...40)
    let thickness = height * random.uniform(0.08...0.17)
    var cover = [Float](repeating: 0, count: side * side)
    var y = height * 0.5
    while y < Float(side) {
      var x = random.uniform(0...height)
      while x < Float(side) {
        if random.chance(0.85) {
          let letter = letters[random.below(letters.count)]
          for line in letter {
            draw(
              (x + line.from.x * height, y + line.from.y * height),
              (x + line.to.x * height, y + line.to.y * height), thickness, on: &cover)
          }
        }
        x += height * 0.62
      }
      y += height * random.uniform(1.35...1.5)
    }
    let isNegative = random.chance(0.2)
    return GrayPixels(
      width: side, height: side,
      values: cover.map {
        let tone = UInt8(paper + (ink - paper) * $0)
        return isNegative ? 255 - tone : tone
      })
  }

  /// Two to five lines between the places of a grid of 3x4, in heights.
  private static func letter(_ random: inout CounterRandom) -> Letter {
    func place(_ random: inout CounterRandom) -> (x: Float, y: Float) {
      (Float(random.below(3)) * 0.22, Float(random.below(4)) * 0.3 - (random.chance(0.2) ? 0.2 : 0))
    }
    var from = place(&random)
    return (0..<(2 + random.below(4))).map { _ in
      let to = place(&random)
      defer { from = random.chance(0.7) ? to : place(&random) }
      return (from, to)
    }
  }

  /// Draws a line with round ends.
  private static func draw(
    _ from: (x: Float, y: Float), _ to: (x: Float, y: Float), _ thickness: Float, on cover: inout [Float]
  ) {
    func range(_ first: Float, _ second: Float) -> Range<Int> {
      let low = min(max(Int(min(first, second) - thickness - 1), 0), side)
      return low..<max(low, min(Int(max(first, second) + thickness + 2), side))
    }
    let (across, down) = (to.x - from.x, to.y - from.y)
    let square = max(across * across + down * down, 1e-6)
    for y in range(from.y, to.y) {
      for x in range(from.x, to.x) {
        let (dx, dy) = (Float(x) + 0.5 - from.x, Float(y) + 0.5 - from.y)
        let along = min(max((dx * across + dy * down) / square, 0), 1)
        let (offX, offY) = (dx - along * across, dy - along * down)
        let distance = (offX * offX + offY * offY).squareRoot()
        let value = min(max(thickness / 2 - distance + 0.5, 0), 1)
        cover[y * side + x] = max(cover[y * side + x], value)
      }
    }
  }
}
