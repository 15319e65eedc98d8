import Glibc

/// Changes the light of what is pasted.
struct PatchLight {
  private let settings: CanvasSettings.Light

  init(_ settings: CanvasSettings.Light) { self.settings = settings }

  /// Changes `patch` in place.
  /// - Parameter surroundings: The mean gray level of the place where it goes.
  func apply(to patch: FloatPlane, surroundings: Float, _ random: inout CounterRandom) {
    let mean = patch.statistics(0..<patch.width, 0..<patch.height).mean
    var gain: Float = 1
    var target = mean
    if random.chance(settings.matched) { target += random.uniform(settings.match) * (surroundings - mean) }
    if random.chance(settings.varied) {
      gain = random.uniform(settings.contrast)
      target += random.normal() * settings.brightness
    }
    let isOverexposed = random.chance(settings.overexposed)
    if isOverexposed {
      gain *= random.uniform(1.2...2)
      target = max(target, random.uniform(150...235))
    }
    let offset = target - mean * gain
    var (across, down): (Float, Float) = (0, 0)
    if random.chance(settings.sideLit) {
      let strength = random.normal() * settings.sideLight
      if random.chance(0.6) { across = strength } else { down = strength }
    }
    let isDark = random.chance(settings.dark)
    let (gamma, scale) =
      isDark ? (random.uniform(settings.darkGamma), random.uniform(settings.darkGain)) : (1, 1)
    for y in 0..<patch.height {
      let row = patch.row(y)
      let v = 2 * (Float(y) + 0.5) / Float(patch.height) - 1
      let step = 2 * across / Float(patch.width)
      var light = 1 + down * v - across + step * 0.5
      for x in 0..<patch.width {
        row[x] = min(max((row[x] * gain + offset) * light, 0), 255)
        light += step
      }
      if isDark { for x in 0..<patch.width { row[x] = 255 * scale * pow(row[x] / 255, gamma) } }
    }
  }
}
