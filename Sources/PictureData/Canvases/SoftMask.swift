import Glibc

/// A soft super-ellipse: how much of a pasted object shows at each place of it, in half sides from its middle.
///
/// Powers are looked up and interpolated: one would cost more than all else that happens to a pixel.
final class SoftMask {
  private static let steps = 128
  /// Powers are known for half axes from 0 to this.
  private static let reach: Float = 1.25
  private let powers: UnsafeMutablePointer<Float> = .allocate(capacity: SoftMask.steps + 2)
  private let covers: UnsafeMutablePointer<Float> = .allocate(capacity: SoftMask.steps + 2)
  private var across: Float = 1
  private var down: Float = 1
  private var middle: Float = 0
  private var sumStep: Float = 1
  private var edge: Float = 0
  private(set) var isExtended = false
  private(set) var isReflected = false

  deinit {
    powers.deallocate()
    covers.deallocate()
  }

  /// Draws the mask of one object.
  /// - Parameter size: Of the object on the canvas, so that the edge is at least a pixel wide.
  func draw(_ settings: CanvasSettings.Mask, size: Float, _ random: inout CounterRandom) {
    isExtended = random.chance(settings.extendedShare)
    isReflected = random.chance(0.5)
    let exponent = random.ratio(settings.exponent)
    across = random.uniform(settings.across)
    down = random.uniform(settings.down)
    let (growAcross, growDown) = (random.uniform(settings.growth), random.uniform(settings.growth))
    if isExtended {
      across *= growAcross
      down *= growDown
    }
    let drawn = random.ratio(settings.feather)
    let feather = min(max(drawn, 2 / size), 0.4)
    middle = random.uniform(-settings.shift...settings.shift)
    // Without an extended border, the object ends where its crop does.
    edge = isExtended ? 0 : 2 / feather
    for step in 0...(Self.steps + 1) {
      powers[step] = pow(Float(step) * (Self.reach / Float(Self.steps)), exponent)
    }
    let largest = pow(1 + feather / 2, exponent)
    sumStep = largest / Float(Self.steps)
    for step in 0...(Self.steps + 1) {
      let radius = pow(Float(step) * sumStep, 1 / exponent)
      covers[step] = min(max((1 - radius) / feather + 0.5, 0), 1)
    }
  }

  /// Beyond these it covers nothing, in half sides.
  var extent: (across: Float, down: Float) {
    let (u, v) = (across * Self.reach, abs(middle) + down * Self.reach)
    return isExtended ? (u, v) : (min(u, 1), min(v, 1))
  }

  /// How much shows at (`u`, `v`), 0 to 1.
  @inline(__always)
  func cover(_ u: Float, _ v: Float) -> Float {
    let scale = Float(Self.steps) / Self.reach
    let (first, second) = (abs(u) / across * scale, abs(v - middle) / down * scale)
    guard first < Float(Self.steps), second < Float(Self.steps) else { return 0 }
    let sum = (Self.value(powers, first) + Self.value(powers, second)) / sumStep
    guard sum < Float(Self.steps) else { return 0 }
    let cover = Self.value(covers, sum)
    guard edge > 0 else { return cover }
    return min(cover, max((1 - max(abs(u), abs(v))) * edge, 0))
  }

  @inline(__always)
  private static func value(_ table: UnsafePointer<Float>, _ place: Float) -> Float {
    let step = Int(place)
    return table[step] + (table[step &+ 1] - table[step]) * (place - Float(step))
  }
}
