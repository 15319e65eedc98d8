@testable import PictureData

extension CanvasSettings {
  /// Nothing happens by chance but the size, the angle and the place of one object; its mask is the ellipse in its box.
  static func plain(side: Int = 64, sizes: ClosedRange<Float> = 20...40, reach: Float = 0) -> CanvasSettings {
    var settings = CanvasSettings()
    settings.side = side
    settings.objectCounts = [0, 1]
    settings.decoyCounts = [1]
    settings.sizes.learned = sizes
    settings.sizes.smallShare = 0
    settings.sizes.largeShare = 0
    settings.pose = Pose()
    settings.pose.mirrored = 0
    settings.pose.reach = reach
    settings.pose.uprightShare = 0
    settings.pose.across = 1...1
    settings.pose.down = 1...1
    settings.pose.shear = 0
    settings.pose.turned = 0
    settings.mask.exponent = 2...2
    settings.mask.across = 1...1
    settings.mask.down = 1...1
    settings.mask.shift = 0
    settings.mask.growth = 1...1
    settings.mask.extendedShare = 1
    settings.mask.feather = 0.02...0.02
    settings.light.matched = 0
    settings.light.varied = 0
    settings.light.sideLit = 0
    settings.light.dark = 0
    settings.light.overexposed = 0
    settings.light.blurred = 0
    settings.surroundings.heads = 0
    settings.surroundings.occluded = 0
    settings.backdrop.writing = 0
    settings.backdrop.joined = 0
    settings.backdrop.inverted = 0
    settings.finish.gammaShare = 0
    settings.finish.contrastShare = 0
    settings.finish.dark = 0
    settings.finish.blurred = 0
    settings.finish.noisy = 0
    settings.finish.compressed = 0
    return settings
  }
}

extension GrayPixels {
  /// A picture of a gray level for each place.
  init(_ width: Int, _ height: Int, _ level: (_ x: Int, _ y: Int) -> Int) {
    self.init(
      width: width, height: height,
      values: (0..<(width * height)).map { UInt8(level($0 % width, $0 / width)) })
  }

  static func flat(_ width: Int, _ height: Int, _ level: Int) -> GrayPixels {
    GrayPixels(width, height) { _, _ in level }
  }

  /// Gray levels by chance, in squares of `cell` pixels.
  static func noise(_ width: Int, _ height: Int, seed: UInt64, cell: Int = 4) -> GrayPixels {
    GrayPixels(width, height) { x, y in
      var random = CounterRandom(
        seed: seed, purpose: .order, epoch: 0, index: UInt64(y / cell * 1000 + x / cell))
      return random.below(256)
    }
  }
}

extension CanvasSynthesis {
  /// Two crops and three backgrounds of noise, under the settings that are used.
  static func noisy(_ settings: CanvasSettings) throws -> CanvasSynthesis {
    try CanvasSynthesis(
      objects: ObjectCrops([.noise(24, 24, seed: 1), .noise(20, 40, seed: 2)]),
      backgrounds: BackgroundPictures([
        .noise(300, 200, seed: 3), .noise(100, 120, seed: 4), .noise(150, 150, seed: 5, cell: 16),
      ]),
      settings: settings)
  }

  /// Bright crops on black.
  static func bright(_ settings: CanvasSettings, _ crops: [GrayPixels] = [.flat(30, 30, 255)]) throws
    -> CanvasSynthesis
  {
    try CanvasSynthesis(
      objects: ObjectCrops(crops), backgrounds: BackgroundPictures([.flat(100, 100, 0)]), settings: settings)
  }
}
