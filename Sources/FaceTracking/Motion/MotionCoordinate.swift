import Glibc

/// One coordinate of a face's motion: a Kalman filter of a position and a velocity that returns to zero
/// (an integrated Ornstein-Uhlenbeck process, discretized exactly, so that steps of any length are right).
struct MotionCoordinate: Sendable, Equatable {
  /// The position.
  var position: Double
  /// Its change in a second.
  var velocity = 0.0
  /// The variance of the position.
  var variance: Double
  /// The covariance of position and velocity.
  var covariance = 0.0
  /// The variance of the velocity.
  var velocityVariance: Double

  /// A first observation.
  init(_ position: Double, noise: Double, speed: Double) {
    self.position = position
    variance = noise * noise
    velocityVariance = speed * speed
  }

  /// What a step of time does to position and velocity.
  struct Step {
    /// How much of a velocity is left.
    let decay: Double
    /// How far a velocity of 1 leads.
    let reach: Double
    fileprivate let positionNoise: Double
    fileprivate let crossNoise: Double
    fileprivate let velocityNoise: Double

    /// `seconds` from 0, for velocities that last `memory` seconds; the noise is for a speed of 1.
    init(seconds: Double, memory: Double) {
      decay = exp(-seconds / memory)
      let gone = 1 - decay
      reach = memory * gone
      positionNoise = 2 * memory * max(0, seconds - 2 * reach + memory * gone * (1 + decay) / 2)
      crossNoise = memory * gone * gone
      velocityNoise = gone * (1 + decay)
    }
  }

  /// Moves on in time.
  mutating func predict(_ step: Step, speed: Double) {
    let power = speed * speed
    position += step.reach * velocity
    velocity *= step.decay
    variance += step.reach * (2 * covariance + step.reach * velocityVariance) + power * step.positionNoise
    covariance = step.decay * (covariance + step.reach * velocityVariance) + power * step.crossNoise
    velocityVariance = step.decay * step.decay * velocityVariance + power * step.velocityNoise
  }

  /// Takes in an observation of the position.
  mutating func update(_ observed: Double, noise: Double) {
    let total = variance + noise * noise
    let gain = variance / total
    let velocityGain = covariance / total
    let error = observed - position
    position += gain * error
    velocity += velocityGain * error
    velocityVariance -= velocityGain * covariance
    covariance *= 1 - gain
    variance *= 1 - gain
  }

  /// This state corrected by what was learned after it (the Rauch-Tung-Striebel smoother): `predicted` is this state
  /// after `step`, `later` the smoothed state at that time.
  func smoothed(by step: Step, predicted: MotionCoordinate, later: MotionCoordinate) -> MotionCoordinate {
    // The gain is P Fᵀ P'⁻¹, with F = [1 reach; 0 decay].
    let a = variance + step.reach * covariance
    let b = step.decay * covariance
    let c = covariance + step.reach * velocityVariance
    let d = step.decay * velocityVariance
    let determinant =
      predicted.variance * predicted.velocityVariance - predicted.covariance * predicted.covariance
    guard determinant > 0 else { return self }
    let inverse = (
      predicted.velocityVariance / determinant, -predicted.covariance / determinant,
      predicted.variance / determinant
    )
    let gain = (
      a * inverse.0 + b * inverse.1, a * inverse.1 + b * inverse.2, c * inverse.0 + d * inverse.1,
      c * inverse.1 + d * inverse.2
    )
    let positionError = later.position - predicted.position
    let velocityError = later.velocity - predicted.velocity
    var result = self
    result.position += gain.0 * positionError + gain.1 * velocityError
    result.velocity += gain.2 * positionError + gain.3 * velocityError
    return result
  }
}
