import ExpressionNet
import NetworkEngine
import NetworkTraining
import PictureData
import SystemIO

/// The steps of epochs: batches, the learning rate, and how fast it goes.
final class TrainingSteps {
  private let trained: NetworkInTraining
  private let loader: BatchLoader
  private let teachers: Teachers?
  private let schedule: LearningRateSchedule
  private let recipe: Recipe
  private let epochsBefore: Int
  private let pictureCount: Int
  /// When the current step began, and how much of the epoch was done when this process began with it.
  private var start = 0.0
  private var secondsBefore = 0.0
  private var picturesBefore = 0
  private var times = EpochTimes()

  /// - Parameters:
  ///   - loader: Gives batches of `pictureCount` pictures.
  ///   - teachers: Those of the recipe; nil if it has none.
  ///   - epochsBefore: Epochs of earlier trainings: those of this one have other random numbers.
  init(
    _ trained: NetworkInTraining, _ loader: BatchLoader, _ teachers: Teachers?, _ recipe: Recipe,
    pictureCount: Int, epochsBefore: Int
  ) {
    self.trained = trained
    self.loader = loader
    self.teachers = teachers
    self.recipe = recipe
    self.pictureCount = pictureCount
    self.epochsBefore = epochsBefore
    schedule = recipe.learningRateSchedule
  }

  /// Steps of one epoch, the last one perhaps of fewer pictures.
  var count: Int { loader.stepCount }

  /// Prepares for the steps that are left of an epoch.
  func begin(_ position: TrainingPosition) {
    loader.begin(epoch: epochsBefore + position.epoch, fromStep: position.step)
    secondsBefore = position.seconds
    picturesBefore = position.pictures
    times = EpochTimes()
    startClock()
  }

  /// Counts training time from now: what came before was something else.
  func startClock() { start = MonotonicClock.seconds() }

  /// Trains on one batch: forward, backward, the optimizer's step.
  /// - Returns: false if the loss is not a finite number; the weights are as before then.
  /// - Throws: ``Failure`` if the batch cannot be prepared or the network cannot be run.
  func next(_ position: inout TrainingPosition) throws(Failure) -> Bool {
    let total = position.epoch * count + position.step
    let pictures = loader.nextCount
    let seed = SeededGenerator.mix(
      UInt64(recipe.seed) &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(epochsBefore * count + total) &+ 1)
    let begin = MonotonicClock.seconds()
    var computing = begin
    var taught = 0.0
    let result: TrainingNetwork.StepResult
    if let teachers {
      result = try trained.network.step(count: pictures, seed: seed) {
        (input, targets, weights) throws(Failure) in
        try fill(pictures, input, targets, weights)
        computing = MonotonicClock.seconds()
      } teach: { (input, probabilities) throws(Failure) in
        try teachers.answer(input, into: probabilities)
        taught = MonotonicClock.seconds() - computing
      }
    } else {
      result = try trained.network.step(count: pictures, seed: seed) {
        (input, targets, weights) throws(Failure) in
        try fill(pictures, input, targets, weights)
        computing = MonotonicClock.seconds()
      }
    }
    let computed = MonotonicClock.seconds()
    times.waiting += computing - begin
    times.teaching += taught
    times.network += computed - computing - taught
    position.learningRate = schedule.rate(
      atStep: total, stepsPerEpoch: count, epochs: recipe.epochs, plateau: position.plateau)
    position.step += 1
    position.lossSum += result.loss * Double(pictures)
    position.correct += result.correct
    position.pictures += pictures
    guard result.loss.isFinite else { return false }
    try trained.update(learningRate: Float(position.learningRate))
    let now = MonotonicClock.seconds()
    times.optimizer += now - computed
    position.seconds += now - start
    start = now
    return true
  }

  /// Writes the next batch, which must have `count` pictures.
  private func fill(
    _ count: Int, _ input: UnsafeMutableBufferPointer<Float>, _ targets: UnsafeMutableBufferPointer<Float>,
    _ weights: UnsafeMutableBufferPointer<Float>
  ) throws(Failure) {
    let written = try loader.next(input: input, targets: targets, weights: weights)
    guard written == count else {
      throw Failure(
        .failed, step: "reading a batch", cause: "\(written) pictures where \(count) were expected")
    }
  }

  /// Where the time of the epoch's steps went, those of this process.
  func takeTimes() throws(Failure) -> EpochTimes {
    var times = times
    times.layers = try trained.network.takeTimes()
    return times
  }

  /// How far the training is.
  func progress(_ position: TrainingPosition) -> TrainingProgress {
    let rate = Double(position.pictures - picturesBefore) / max(position.seconds - secondsBefore, 1e-9)
    let picturesLeft = (recipe.epochs - position.epoch) * pictureCount - position.pictures
    return TrainingProgress(
      epoch: epochsBefore + position.epoch + 1, epochs: epochsBefore + recipe.epochs, step: position.step,
      steps: count, loss: position.loss, accuracy: position.accuracy, learningRate: position.learningRate,
      picturesPerSecond: rate, secondsLeft: rate > 0 ? Double(picturesLeft) / rate : .infinity)
  }
}
