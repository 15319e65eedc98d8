/// What a camera, a codec and a detector make of a face, at random: how one picture is changed by
/// ``Augmentation/detectorBoxes``, ``Augmentation/lowLight``, ``Augmentation/haze`` and ``Augmentation/compression``.
struct CaptureDraw {
  /// How much larger the face becomes by another box than the picture's edges.
  private(set) var zoom: Float = 1
  /// How far it moves by that, in sides of the picture.
  private(set) var shift: (x: Float, y: Float) = (0, 0)
  /// What values are multiplied with, and the deviation of the noise that is added.
  private(set) var light: (gain: Float, noise: Float)?
  /// The share of a gray, and the gray.
  private(set) var haze: (share: Float, gray: Float)?
  /// The quality, and where the first block begins.
  private(set) var compression: (quality: Float, left: Int, top: Int)?

  /// Draws every number, used or not, so that a change of one setting leaves the others' as they were.
  init(_ augmentation: Augmentation, _ random: inout CounterRandom) {
    let hasBox = random.chance(augmentation.detectorBoxes)
    let box = DetectorBox(&random)
    let isDark = random.chance(augmentation.lowLight.probability)
    let light = (random.uniform(augmentation.lowLight.gain), random.uniform(augmentation.lowLight.noise))
    let isHazy = random.chance(augmentation.haze.probability)
    let haze = (random.uniform(augmentation.haze.share), random.uniform(augmentation.haze.gray))
    let isCompressed = random.chance(augmentation.compression.probability)
    let compression = (random.uniform(augmentation.compression.quality), random.below(8), random.below(8))
    if hasBox { (zoom, shift) = (1 / box.side, (0.5 - box.center.x, 0.5 - box.center.y)) }
    if isDark { self.light = light }
    if isHazy { self.haze = haze }
    if isCompressed { self.compression = compression }
  }

  /// Nothing but this light.
  init(gain: Float, noise: Float) { light = (gain, noise) }

  /// Changes what the camera and the codec change, in place.
  /// - Parameter random: Gives the noise.
  func apply(
    to picture: UnsafeMutablePointer<Float>, width: Int, height: Int, _ random: inout CounterRandom
  ) {
    let count = width * height
    if let light {
      for place in 0..<count {
        picture[place] = Self.stored(picture[place] * light.gain + light.noise * random.roughNormal())
      }
    }
    if let haze {
      for place in 0..<count {
        picture[place] = Self.stored(picture[place] + (haze.gray - picture[place]) * haze.share)
      }
    }
    if let compression {
      BlockCompression(quality: compression.quality).apply(
        to: picture, width: width, height: height, left: compression.left, top: compression.top)
    }
  }

  /// As a file keeps a pixel: a whole number from 0 to 255.
  @inline(__always)
  static func stored(_ value: Float) -> Float { min(max(value, 0), 255).rounded() }
}
