import FaceInput
import Glibc

/// Applies an ``Augmentation`` to one picture after the other; for one thread.
///
/// Every random number is drawn for every picture, used or not, in one order: a change of one setting leaves the
/// others' numbers as they were.
struct PictureAugmenter {
  let augmentation: Augmentation
  private let seed: UInt64
  private let storedWidth: Int
  private let storedHeight: Int
  private let width: Int
  private let height: Int
  private var scratch: PictureScratch

  /// - Parameters:
  ///   - stored: the size of the pictures; no side may be shorter than that of `size`.
  ///   - size: the size of what comes out.
  init(
    _ augmentation: Augmentation, seed: UInt64, stored: (width: Int, height: Int),
    size: (width: Int, height: Int)
  ) {
    precondition(stored.width >= size.width && stored.height >= size.height, "a crop larger than its picture")
    self.augmentation = augmentation
    self.seed = seed
    (storedWidth, storedHeight) = stored
    (width, height) = size
    scratch = PictureScratch(width: size.width, height: size.height)
  }

  /// What happens to one picture.
  private struct Draw {
    var isFlipped: Bool
    var angle: Float
    var zoom: Float
    var shift: (x: Float, y: Float)
    var crop: (x: Int, y: Int)
    var brightness: Float
    var contrast: Float
    var blur: Float?
    var downscale: Float?
    var isErased: Bool
  }

  private func draw(_ random: inout CounterRandom) -> Draw {
    func around(_ center: Float, _ reach: Float) -> Float {
      random.uniform((center - reach)...(center + reach))
    }
    let change = augmentation
    let isFlipped = random.chance(change.flip)
    let angle = around(0, change.rotation) * (.pi / 180)
    let zoom = random.uniform(change.scale)
    let shift = (around(0, change.shift) * Float(width), around(0, change.shift) * Float(height))
    let crop = (random.below(storedWidth - width + 1), random.below(storedHeight - height + 1))
    let brightness = around(1, change.brightness)
    let contrast = around(1, change.contrast)
    let isBlurred = random.chance(change.blur.probability)
    let sigma = random.uniform(change.blur.sigma)
    let isSmall = random.chance(change.downscale.probability)
    let factor = random.uniform(change.downscale.factor)
    let isErased = random.chance(change.erasing.probability)
    return Draw(
      isFlipped: isFlipped, angle: angle, zoom: zoom, shift: shift, crop: crop, brightness: brightness,
      contrast: contrast, blur: isBlurred ? sigma : nil, downscale: isSmall ? factor : nil,
      isErased: isErased)
  }

  /// Writes picture `index` of `epoch` to `output`: width·height values, 0…255.
  mutating func augment(
    _ pixels: UnsafeBufferPointer<UInt8>, epoch: Int, index: Int, into output: UnsafeMutablePointer<Float>
  ) -> PictureStatistics {
    var random = CounterRandom(seed: seed, purpose: .augmentation, epoch: epoch, index: UInt64(index))
    var draw = draw(&random)
    var capturing = CounterRandom(seed: seed, purpose: .capture, epoch: epoch, index: UInt64(index))
    let capture = augmentation.captures ? CaptureDraw(augmentation, &capturing) : nil
    if let capture {
      draw.zoom *= capture.zoom
      draw.shift.x += capture.shift.x * Float(storedWidth)
      draw.shift.y += capture.shift.y * Float(storedHeight)
    }
    if augmentation.warps {
      let center = (
        x: Float(draw.crop.x) + Float(width - 1) / 2 - draw.shift.x,
        y: Float(draw.crop.y) + Float(height - 1) / 2 - draw.shift.y
      )
      PictureWarp(angle: draw.angle, zoom: draw.zoom, center: center, isFlipped: draw.isFlipped)
        .apply(to: pixels, stored: (storedWidth, storedHeight), into: output, size: (width, height))
    } else {
      copyCrop(pixels, x: draw.crop.x, y: draw.crop.y, isFlipped: draw.isFlipped, into: output)
    }
    if let factor = draw.downscale { scratch.downscale(output, by: factor) }
    if let sigma = draw.blur { scratch.blur(output, sigma: sigma) }
    capture?.apply(to: output, width: width, height: height, &capturing)
    if augmentation.brightness != 0 || augmentation.contrast != 0 {
      let mean = PictureStatistics.mean(output, width * height)
      let gain = draw.brightness * draw.contrast
      let offset = mean * draw.brightness * (1 - draw.contrast)
      for place in 0..<(width * height) { output[place] = min(max(output[place] * gain + offset, 0), 255) }
    }
    let statistics = PictureStatistics(output, width * height)
    if draw.isErased { erase(output, statistics, &random) }
    return statistics
  }

  /// Writes the part of the picture at (`x`, `y`) to `output`.
  func copyCrop(
    _ pixels: UnsafeBufferPointer<UInt8>, x left: Int, y top: Int, isFlipped: Bool,
    into output: UnsafeMutablePointer<Float>
  ) {
    let source = pixels.baseAddress!
    for y in 0..<height {
      let from = source + ((top + y) * storedWidth + left)
      let to = output + y * width
      if isFlipped {
        for x in 0..<width { to[x] = Float(from[width &- 1 &- x]) }
      } else {
        for x in 0..<width { to[x] = Float(from[x]) }
      }
    }
  }

  private func erase(
    _ output: UnsafeMutablePointer<Float>, _ statistics: PictureStatistics, _ random: inout CounterRandom
  ) {
    let erasing = augmentation.erasing
    let ratios = log(erasing.aspect.lowerBound)...log(erasing.aspect.upperBound)
    for _ in 0..<10 {
      let area = random.uniform(erasing.area) * Float(width * height)
      let ratio = exp(random.uniform(ratios))
      let rows = Int((area * ratio).squareRoot().rounded())
      let columns = Int((area / ratio).squareRoot().rounded())
      guard rows > 0, columns > 0, rows <= height, columns <= width else { continue }
      let (left, top) = (random.below(width - columns + 1), random.below(height - rows + 1))
      for y in top..<(top + rows) {
        for x in left..<(left + columns) {
          switch erasing.fill {
          case .black: output[y * width + x] = 0
          case .mean: output[y * width + x] = statistics.mean
          case .noise:
            let value = statistics.mean + statistics.deviation * random.roughNormal()
            output[y * width + x] = min(max(value, 0), 255)
          }
        }
      }
      return
    }
  }
}
