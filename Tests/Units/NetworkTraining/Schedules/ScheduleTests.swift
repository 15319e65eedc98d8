import NetworkTraining
import Testing

/// Against what Keras 3 computes, in numbers taken from it.
struct ScheduleTests {
  private func rates(
    _ schedule: LearningRateSchedule, _ steps: [Int], stepsPerEpoch: Int, epochs: Int
  ) -> [Double] {
    steps.map {
      schedule.rate(atStep: $0, stepsPerEpoch: stepsPerEpoch, epochs: epochs, plateau: PlateauState())
    }
  }

  private func expect(_ values: [Double], _ expected: [Double]) {
    for (value, expected) in zip(values, expected) {
      #expect(abs(value - expected) <= 2e-6 * max(expected, 1e-3), "\(value) \(expected)")
    }
  }

  /// CosineDecay(0.0, decay_steps=70, warmup_target=0.1, warmup_steps=30).
  @Test func cosineWithWarmUp() {
    var schedule = LearningRateSchedule()
    schedule.shape = .cosine
    schedule.peak = 0.1
    schedule.warmUpEpochs = 3
    expect(
      rates(schedule, [0, 1, 15, 29, 30, 31, 65, 99, 100], stepsPerEpoch: 10, epochs: 10),
      [
        0, 0.0033333336468786, 0.05000000074505806, 0.09666666388511658, 0.10000000149011612,
        0.09994965046644211, 0.04999999701976776, 5.0345064664725214e-05, 0,
      ])
  }

  /// CosineDecay(0.1, decay_steps=100).
  @Test func cosine() {
    var schedule = LearningRateSchedule()
    schedule.shape = .cosine
    schedule.peak = 0.1
    expect(
      rates(schedule, [0, 1, 25, 50, 75, 99, 100], stepsPerEpoch: 20, epochs: 5),
      [
        0.1, 0.09997532516717911, 0.08535534143447876, 0.04999999701976776, 0.014644661918282509,
        2.467334343236871e-05, 0,
      ])
  }

  /// ExponentialDecay(0.01, decay_steps=20, decay_rate=0.5, staircase=True).
  @Test func step() {
    var schedule = LearningRateSchedule()
    schedule.shape = .step
    schedule.peak = 0.01
    schedule.stepEpochs = 2
    schedule.factor = 0.5
    expect(
      rates(schedule, [0, 19, 20, 39, 40, 99], stepsPerEpoch: 10, epochs: 10),
      [0.01, 0.01, 0.005, 0.005, 0.0025, 0.000625])
  }

  /// ReduceLROnPlateau(factor=0.5, patience=2, min_delta=1e-4) over these losses.
  @Test func plateau() {
    var schedule = LearningRateSchedule()
    schedule.shape = .plateau
    schedule.peak = 1
    var state = PlateauState()
    let rates = [1.0, 0.9, 0.9, 0.89995, 0.5, 0.6, 0.6, 0.6, 0.6, 0.4, 0.4].map { loss in
      state.add(loss: loss, patience: 2, factor: 0.5)
      return schedule.rate(atStep: 5, stepsPerEpoch: 1, epochs: 100, plateau: state)
    }
    #expect(rates == [1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125, 0.125])
  }

  @Test func constantWithAFractionOfAnEpochToWarmUp() {
    var schedule = LearningRateSchedule()
    schedule.peak = 0.2
    schedule.warmUpEpochs = 0.5
    #expect(
      rates(schedule, [0, 1, 2, 3, 4, 100], stepsPerEpoch: 8, epochs: 2) == [
        0, 0.05, 0.1, 0.2 * 3 / 4, 0.2, 0.2,
      ])
  }
}
