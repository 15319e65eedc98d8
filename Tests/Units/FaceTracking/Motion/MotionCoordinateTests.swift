import SeededNoise
import Testing

@testable import FaceTracking

/// The filter and the smoother against the same Gaussian solved at once.
struct MotionCoordinateTests {
  private let memory = 0.7
  private let speed = 1.3
  private let noise = 0.4

  @Test func twoStepsAreOne() {
    var whole = MotionCoordinate(3, noise: noise, speed: speed)
    whole.update(3.5, noise: noise)
    var halves = whole
    whole.predict(MotionCoordinate.Step(seconds: 0.9, memory: memory), speed: speed)
    halves.predict(MotionCoordinate.Step(seconds: 0.2, memory: memory), speed: speed)
    halves.predict(MotionCoordinate.Step(seconds: 0.7, memory: memory), speed: speed)
    #expect(abs(whole.position - halves.position) < 1e-12)
    #expect(abs(whole.velocity - halves.velocity) < 1e-12)
    #expect(abs(whole.variance - halves.variance) < 1e-12)
    #expect(abs(whole.covariance - halves.covariance) < 1e-12)
    #expect(abs(whole.velocityVariance - halves.velocityVariance) < 1e-12)
  }

  @Test func velocityStaysAtItsUsualSpread() {
    var coordinate = MotionCoordinate(0, noise: noise, speed: speed)
    coordinate.predict(MotionCoordinate.Step(seconds: 5, memory: memory), speed: speed)
    #expect(abs(coordinate.velocityVariance - speed * speed) < 1e-9)
  }

  /// Filter and smoother give the means of the joint Gaussian of all positions, conditioned on all observations.
  @Test func smootherIsTheBestEstimate() {
    let times = [0, 0.04, 0.12, 0.2, 0.9, 1.0]
    var random = Noise(3)
    let observed = times.map { 2 * $0 + Double(random.value()) }
    // Forward, with a prior of the first observation as the filter has it.
    var states = [MotionCoordinate(observed[0], noise: noise, speed: speed)]
    for index in 1..<times.count {
      var state = states[index - 1]
      state.predict(
        MotionCoordinate.Step(seconds: times[index] - times[index - 1], memory: memory), speed: speed)
      state.update(observed[index], noise: noise)
      states.append(state)
    }
    var smoothed = states
    for index in (0..<times.count - 1).reversed() {
      let step = MotionCoordinate.Step(seconds: times[index + 1] - times[index], memory: memory)
      var predicted = states[index]
      predicted.predict(step, speed: speed)
      smoothed[index] = states[index].smoothed(by: step, predicted: predicted, later: smoothed[index + 1])
    }
    // At once: the covariance of two positions is that of the earlier one carried on, by the filter's own steps
    // without updates.
    func carried(from first: Int, to last: Int) -> (position: Double, variance: Double, covariance: Double) {
      var early = MotionCoordinate(observed[0], noise: noise, speed: speed)
      if first > 0 {
        early.predict(MotionCoordinate.Step(seconds: times[first] - times[0], memory: memory), speed: speed)
      }
      guard last > first else { return (early.position, early.variance, early.variance) }
      let step = MotionCoordinate.Step(seconds: times[last] - times[first], memory: memory)
      var late = early
      late.predict(step, speed: speed)
      return (late.position, late.variance, early.variance + step.reach * early.covariance)
    }
    let count = times.count - 1
    var matrix = [[Double]](repeating: [Double](repeating: 0, count: count + 1), count: count)
    for row in 0..<count {
      for column in 0..<count {
        matrix[row][column] = carried(from: min(row, column) + 1, to: max(row, column) + 1).covariance
      }
      matrix[row][row] += noise * noise
      matrix[row][count] = observed[row + 1] - carried(from: row + 1, to: row + 1).position
    }
    let weights = solve(matrix)
    for index in times.indices {
      var mean = carried(from: index, to: index).position
      for other in 0..<count {
        mean += weights[other] * carried(from: min(index, other + 1), to: max(index, other + 1)).covariance
      }
      #expect(abs(smoothed[index].position - mean) < 1e-9, "time \(times[index])")
    }
    #expect(smoothed.last == states.last)
  }

  /// The solution of a system whose last column is the right side, by elimination.
  private func solve(_ system: [[Double]]) -> [Double] {
    var rows = system
    let count = rows.count
    for pivot in 0..<count {
      for row in 0..<count where row != pivot {
        let factor = rows[row][pivot] / rows[pivot][pivot]
        for column in pivot...count { rows[row][column] -= factor * rows[pivot][column] }
      }
    }
    return (0..<count).map { rows[$0][count] / rows[$0][$0] }
  }
}
