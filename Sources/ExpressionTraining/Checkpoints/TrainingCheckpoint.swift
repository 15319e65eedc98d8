import FrameStream
import Glibc
import NetworkTraining
import SystemIO
import TrainingReports

/// A training at one step: everything that it takes to continue to the same result.
package struct TrainingCheckpoint {
  let identity: TrainingIdentity
  var position = TrainingPosition()
  /// All epochs, those of earlier trainings included.
  var history: TrainingHistory
  /// The weights in training, and the optimizer's state.
  var weights: SavedWeights
  /// The moving average of the weights; nil if the recipe wants none.
  var average: WeightAverage?
  var best = BestWeights()

  /// Replaces the file at `path` once this checkpoint is on the disk.
  /// - Throws: ``Failure`` (`inputOutput`) naming the file, and saying whether an older checkpoint remains.
  func write(to path: String) throws(Failure) {
    var arrays: [(name: String, values: [Float])] = [
      ("weights", weights.weights), ("statistics", weights.statistics),
    ]
    for (index, values) in weights.optimizer.arrays.enumerated() {
      arrays.append(("optimizer/\(index)", values))
    }
    if let average {
      arrays += [("average/weights", average.weights), ("average/statistics", average.statistics)]
    }
    if let best = best.weights {
      arrays += [("best/weights", best.weights), ("best/statistics", best.statistics)]
      for (index, values) in best.optimizer.arrays.enumerated() {
        arrays.append(("best/optimizer/\(index)", values))
      }
    }
    do throws(Failure) {
      try CheckpointFile.write(path, state: state(), arrays: arrays)
    } catch {
      throw error.afterFailedCheckpoint(path)
    }
  }

  private func state() -> JSONWriter {
    var writer = JSONWriter()
    writer.object { object in
      identity.writeFields(to: &object)
      for (name, snapshot) in [("optimizer", weights.optimizer), ("best_optimizer", best.weights?.optimizer)]
      {
        object.key(name)
        object.array { list in
          list.value(snapshot?.iterations ?? 0)
          list.value(snapshot?.learningRate ?? 0)
        }
      }
      object.key("position")
      position.write(to: &object, best)
      object.key("history")
      object.array { list in
        for record in history.epochs { list.object { record.writeFields(to: &$0) } }
      }
    }
    return writer
  }

}

// MARK: - Reading

extension TrainingCheckpoint {
  /// Reads the file at `path`.
  /// - Parameters:
  ///   - identity: That of the training to continue.
  ///   - stepsPerEpoch: Steps of one of its epochs.
  /// - Throws: ``Failure`` naming the file: (`badInput`) if it is damaged; (`usage`) if it is of another training.
  init(path: String, of identity: TrainingIdentity, stepsPerEpoch: Int) throws(Failure) {
    let file = try CheckpointFile(path: path)
    do throws(Failure) {
      try identity.check(file.state)
      try self.init(file, identity, stepsPerEpoch)
    } catch {
      throw error.within(path)
    }
  }

  private init(_ file: CheckpointFile, _ identity: TrainingIdentity, _ stepsPerEpoch: Int) throws(Failure) {
    func damaged() -> Failure {
      Failure(
        .badInput, step: "reading the checkpoint",
        cause: "it lacks values that a training needs, or has counts out of range; use --restart")
    }
    let recipe = identity.recipe
    guard let weights = file.arrays["weights"], let statistics = file.arrays["statistics"],
      let json = file.state["position"], let position = TrainingPosition(json),
      let bestEpoch = json["best_epoch"]?.int, let present = Self.snapshot("optimizer", "optimizer", file),
      let chosen = Self.snapshot("best/optimizer", "best_optimizer", file),
      (0...recipe.epochs).contains(position.epoch), (0...stepsPerEpoch).contains(position.step),
      (0...identity.trainingCount).contains(position.pictures), (0...position.epoch).contains(bestEpoch)
    else { throw damaged() }
    self.identity = identity
    self.position = position
    self.weights = SavedWeights(weights: weights, statistics: statistics, optimizer: present)
    if recipe.average > 0 {
      guard let weights = file.arrays["average/weights"], let statistics = file.arrays["average/statistics"]
      else { throw damaged() }
      average = WeightAverage(momentum: recipe.average, weights: weights, statistics: statistics)
    }
    history = try TrainingHistory(records: file.state["history"])
    var accuracy = json["best_accuracy"]?.double
    if accuracy == nil, bestEpoch > 0 {
      // Older checkpoints do not have it, but the history does.
      let epoch = identity.epochsBefore + bestEpoch
      accuracy = history.epochs.first { $0.epoch == epoch }?.validationAccuracy
    }
    var kept: SavedWeights?
    if let weights = file.arrays["best/weights"], let statistics = file.arrays["best/statistics"] {
      kept = SavedWeights(weights: weights, statistics: statistics, optimizer: chosen)
    }
    best = BestWeights(epoch: bestEpoch, accuracy: accuracy, weights: kept)
  }

  private static func snapshot(_ arrays: String, _ numbers: String, _ file: CheckpointFile)
    -> Optimizer.Snapshot?
  {
    guard let pair = file.state[numbers]?.array, pair.count == 2, let iterations = pair[0].int,
      let rate = pair[1].double, Optimizer.counts.contains(iterations)
    else { return nil }
    var values: [[Float]] = []
    while let next = file.arrays["\(arrays)/\(values.count)"] { values.append(next) }
    return Optimizer.Snapshot(iterations: iterations, learningRate: Float(rate), arrays: values)
  }
}

extension TrainingCheckpoint {
  /// True if a checkpoint file is of the end of the training in a model's history: the model has been written, and only
  /// the checkpoint was left behind.
  /// - Throws: ``Failure`` (`badInput`) naming the file if it is damaged.
  package static func isOfFinishedTraining(_ path: String, history: TrainingHistory) throws(Failure) -> Bool {
    guard FilePath.exists(path) else { return false }
    let state = try CheckpointFile(path: path).state
    guard let position = state["position"].flatMap({ TrainingPosition($0) }),
      let before = state["epochs_before"]?.int, let epochs = state["recipe"]?["epochs"]?.int
    else { return false }
    let isDone = position.isFinished || position.epoch >= epochs
    return isDone && history.epochs.last.map { $0.epoch - position.epoch } == before
  }
}
