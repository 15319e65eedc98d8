import FrameMedia
import Glibc
import SystemIO

/// What happens to a canvas as a whole: tone, blur, noise, compression.
final class CanvasFinisher {
  private let settings: CanvasSettings.Finish
  private let side: Int
  private let scratch: PictureScratch
  private let compression: JPEGCompression?
  /// Gray levels after the change of tone; one more than there are levels, to interpolate.
  private let curve: UnsafeMutablePointer<Float> = .allocate(capacity: 257)

  init(_ settings: CanvasSettings) throws(Failure) {
    self.settings = settings.finish
    side = settings.side
    scratch = PictureScratch(width: side, height: side)
    compression =
      settings.finish.compressed > 0 ? try JPEGCompression(width: side, height: side) : nil
  }

  deinit { curve.deallocate() }

  /// Changes `canvas`, and writes it as bytes.
  func finish(
    _ canvas: FloatPlane, into pixels: UnsafeMutablePointer<UInt8>, _ random: inout CounterRandom
  ) throws(Failure) {
    changeTone(canvas, &random)
    if random.chance(settings.blurred) {
      scratch.blur(canvas.base, sigma: random.uniform(settings.blur))
    }
    if random.chance(settings.noisy) {
      let deviation = random.uniform(settings.noise)
      for place in 0..<canvas.count { canvas.base[place] += deviation * random.roughNormal() }
    }
    for place in 0..<canvas.count {
      pixels[place] = UInt8(min(max(canvas.base[place] + 0.5, 0), 255))
    }
    guard let compression, random.chance(settings.compressed) else { return }
    let range = settings.quantizer
    // Fine ones are as likely as coarse ones by their ratio.
    let quantizer = random.ratio(Float(range.lowerBound)...(Float(range.upperBound) + 0.999))
    try compression.compress(pixels, quantizer: min(Int(quantizer), range.upperBound))
  }

  private func changeTone(_ canvas: FloatPlane, _ random: inout CounterRandom) {
    var gamma: Float = 1
    var gain: Float = 1
    if random.chance(settings.gammaShare) { gamma = exp(random.normal() * settings.gamma) }
    if random.chance(settings.dark) {
      gamma *= random.uniform(settings.darkGamma)
      gain = random.uniform(settings.darkGain)
    }
    var (contrast, offset): (Float, Float) = (1, 0)
    if random.chance(settings.contrastShare) {
      contrast = random.uniform(settings.contrast)
      offset = 128 - 128 * contrast + random.normal() * settings.brightness
    }
    if gamma == 1, gain == 1, contrast == 1, offset == 0 { return }
    for level in 0...256 {
      curve[level] = 255 * gain * pow(Float(min(level, 255)) / 255, gamma) * contrast + offset
    }
    for place in 0..<canvas.count {
      let value = min(max(canvas.base[place], 0), 255)
      let level = Int(value)
      canvas.base[place] = curve[level] + (curve[level &+ 1] - curve[level]) * (value - Float(level))
    }
  }
}
