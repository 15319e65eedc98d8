import Glibc

/// The motion of one face: where it is and moves to, and how sure that is.
struct BoxMotion: Sendable, Equatable {
  private(set) var centerX: MotionCoordinate
  private(set) var centerY: MotionCoordinate
  /// The logarithm of the width.
  private(set) var width: MotionCoordinate
  /// The logarithm of the height.
  private(set) var height: MotionCoordinate
  /// When, in seconds.
  private(set) var time: Double

  /// A first sighting.
  init(_ box: TrackedBox, at time: Double, _ model: MotionModel) {
    let side = box.side
    centerX = MotionCoordinate(box.centerX, noise: model.noise * side, speed: model.speed * side)
    centerY = MotionCoordinate(box.centerY, noise: model.noise * side, speed: model.speed * side)
    width = MotionCoordinate(log(box.width), noise: model.sizeNoise, speed: model.growth)
    height = MotionCoordinate(log(box.height), noise: model.sizeNoise, speed: model.growth)
    self.time = time
  }

  /// The most probable box.
  var box: TrackedBox {
    TrackedBox(
      centerX: centerX.position, centerY: centerY.position, width: exp(width.position),
      height: exp(height.position))
  }

  /// The side of the most probable box.
  var side: Double { exp((width.position + height.position) / 2) }

  /// Moves on to a time; one that is not later changes nothing.
  mutating func predict(to time: Double, _ model: MotionModel) {
    guard time > self.time else { return }
    let step = MotionCoordinate.Step(seconds: time - self.time, memory: model.memory)
    self.time = time
    let speed = model.speed * side
    centerX.predict(step, speed: speed)
    centerY.predict(step, speed: speed)
    width.predict(step, speed: model.growth)
    height.predict(step, speed: model.growth)
  }

  /// Takes in a sighting at the present time.
  mutating func update(_ box: TrackedBox, _ model: MotionModel) {
    let noise = model.noise * side
    centerX.update(box.centerX, noise: noise)
    centerY.update(box.centerY, noise: noise)
    width.update(log(box.width), noise: model.sizeNoise)
    height.update(log(box.height), noise: model.sizeNoise)
  }

  /// This state corrected by a smoothed one of a later time.
  func smoothed(by later: BoxMotion, _ model: MotionModel) -> BoxMotion {
    var predicted = self
    predicted.predict(to: later.time, model)
    guard later.time > time else { return self }
    let step = MotionCoordinate.Step(seconds: later.time - time, memory: model.memory)
    var result = self
    result.centerX = centerX.smoothed(by: step, predicted: predicted.centerX, later: later.centerX)
    result.centerY = centerY.smoothed(by: step, predicted: predicted.centerY, later: later.centerY)
    result.width = width.smoothed(by: step, predicted: predicted.width, later: later.width)
    result.height = height.smoothed(by: step, predicted: predicted.height, later: later.height)
    return result
  }
}

/// How probable sightings are for one motion: what does not depend on the sighting, calculated once a frame.
struct SightingLikelihood {
  private let mean: (Double, Double, Double, Double)
  private let precision: (Double, Double, Double, Double)
  /// Half the logarithm of the covariance's determinant, positions in sizes.
  let spread: Double
  /// How far a center may be away, in pixels, before the distance passes `gate`.
  let reach: (x: Double, y: Double)

  init(_ motion: BoxMotion, _ model: MotionModel, gate: Double) {
    let side = motion.side
    let noise = model.noise * side
    let sizeNoise = model.sizeNoise * model.sizeNoise
    let x = motion.centerX.variance + noise * noise
    let y = motion.centerY.variance + noise * noise
    let width = motion.width.variance + sizeNoise
    let height = motion.height.variance + sizeNoise
    mean = (motion.centerX.position, motion.centerY.position, motion.width.position, motion.height.position)
    precision = (1 / x, 1 / y, 1 / width, 1 / height)
    let area = side * side
    spread = log(x / area * (y / area) * width * height) / 2
    reach = ((gate * x).squareRoot(), (gate * y).squareRoot())
  }

  /// The squared distance of a sighting, in standard deviations: center and logarithms of the size.
  func distance(_ x: Double, _ y: Double, _ logWidth: Double, _ logHeight: Double) -> Double {
    let dx = x - mean.0
    let dy = y - mean.1
    let dw = logWidth - mean.2
    let dh = logHeight - mean.3
    return dx * dx * precision.0 + dy * dy * precision.1 + dw * dw * precision.2 + dh * dh * precision.3
  }

  /// True if a center is so near that ``distance(_:_:_:_:)`` is worth calculating.
  func mayReach(_ x: Double, _ y: Double) -> Bool { abs(x - mean.0) <= reach.x && abs(y - mean.1) <= reach.y }
}
