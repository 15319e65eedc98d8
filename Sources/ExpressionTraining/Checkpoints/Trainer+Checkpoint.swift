import FrameStream
import Glibc
import SystemIO

extension Trainer {
  /// Writes the checkpoint, if one is kept.
  func save(_ onEvent: (TrainingEvent) throws(Failure) -> Void) throws(Failure) {
    guard let path = options.checkpoint else { return }
    let weights = try network.copiedWeights()
    guard weights.allSatisfy(\.isFinite) else { throw divergence() }
    var arrays: [(name: String, values: [Float])] = [
      ("weights", weights), ("statistics", try network.copiedStatistics()),
    ]
    let snapshot = optimizer.snapshot
    for (index, values) in snapshot.arrays.enumerated() { arrays.append(("optimizer/\(index)", values)) }
    if let average {
      arrays += [("average/weights", average.weights), ("average/statistics", average.statistics)]
    }
    if let best {
      arrays += [("best/weights", best.weights), ("best/statistics", best.statistics)]
      for (index, values) in best.optimizer.arrays.enumerated() {
        arrays.append(("best/optimizer/\(index)", values))
      }
    }
    do throws(Failure) {
      try CheckpointFile.write(path, state: state(), arrays: arrays)
    } catch {
      var failure = error
      failure.cause +=
        FilePath.exists(path)
        ? " (the checkpoint before it stands: make room and run the same command again)"
        : " (there is no checkpoint yet)"
      throw failure
    }
    lastSave = MonotonicClock.seconds()
    try onEvent(.saved)
  }

  private func state() -> JSONWriter {
    var writer = JSONWriter()
    writer.object { object in
      object.key("recipe")
      recipe.write(to: &object)
      object.key("classes")
      object.array { list in for name in data.training.classes { list.value(name) } }
      object.key("pictures")
      object.array { list in
        list.value(data.training.count)
        list.value(data.validation?.count ?? 0)
      }
      object.field("data", dataFingerprints.whole)
      object.field("start", startFingerprint)
      object.field("epochs_before", epochsBefore)
      for (name, snapshot) in [("optimizer", optimizer.snapshot), ("best_optimizer", best?.optimizer)] {
        object.key(name)
        object.array { list in
          list.value(snapshot?.iterations ?? 0)
          list.value(snapshot?.learningRate ?? 0)
        }
      }
      object.key("position")
      position.write(to: &object)
      object.key("history")
      object.array { list in
        for record in history.epochs { list.object { record.writeFields(to: &$0) } }
      }
    }
    return writer
  }

  /// Takes up the training where the checkpoint has it.
  /// - Returns: false if there is no checkpoint.
  /// - Throws: ``Failure``: (`badInput`) if it is damaged; (`usage`) if it is of a training with another recipe or
  ///   other data, with what differs.
  package func resume() throws(Failure) -> Bool {
    guard let path = options.checkpoint, FilePath.exists(path) else { return false }
    let file = try CheckpointFile(path: path)
    do throws(Failure) {
      try compare(file.state)
      try load(file)
    } catch {
      throw error.within(path)
    }
    return true
  }

  private func compare(_ state: JSONValue) throws(Failure) {
    var old = Recipe()
    if let json = state["recipe"] { try old.apply(json) }
    // Older checkpoints say false where nothing was said.
    if state["position"]?["best_accuracy"] == nil, old.standardize == false { old.standardize = nil }
    var differences = recipe.differences(from: old)
    let counts = state["pictures"]?.array?.compactMap(\.int) ?? []
    if state["data"]?.string != dataFingerprints.whole {
      let now = [data.training.count, data.validation?.count ?? 0]
      differences.append(
        counts == now || counts.count != 2
          ? "the pictures or their labels are others"
          : "there were \(counts[0]) pictures to train with and \(counts[1]) to validate with, "
            + "and there are \(now[0]) and \(now[1])")
    }
    if state["start"]?.string != startFingerprint, differences.isEmpty {
      differences.append("the weights to begin with are others")
    }
    if state["epochs_before"]?.int != epochsBefore, differences.isEmpty {
      differences.append("it went on from another model")
    }
    guard differences.isEmpty else {
      throw Failure(
        .usage, step: "the checkpoint is of another training",
        cause: differences.joined(separator: "; ")
          + ". Repeat the command as it was to go on, or give --restart to drop the checkpoint")
    }
  }

  private func load(_ file: CheckpointFile) throws(Failure) {
    func damaged() -> Failure {
      Failure(
        .badInput, step: "reading the checkpoint", cause: "it lacks what a training needs; give --restart")
    }
    guard let weights = file.arrays["weights"], let statistics = file.arrays["statistics"],
      let position = file.state["position"].flatMap({ TrainingPosition($0) }),
      let present = Self.snapshot("optimizer", "optimizer", file),
      let chosen = Self.snapshot("best/optimizer", "best_optimizer", file)
    else { throw damaged() }
    try network.replace(weights: weights, statistics: statistics)
    try optimizer.restore(present)
    if var average {
      guard let weights = file.arrays["average/weights"], let statistics = file.arrays["average/statistics"]
      else { throw damaged() }
      (average.weights, average.statistics) = (weights, statistics)
      self.average = average
    }
    if let weights = file.arrays["best/weights"], let statistics = file.arrays["best/statistics"] {
      best = SavedWeights(
        weights: weights, statistics: statistics, optimizer: chosen)
    }
    guard position.epoch >= 0, position.epoch <= recipe.epochs, (0...stepsPerEpoch).contains(position.step)
    else { throw damaged() }
    self.position = position
    history = try TrainingHistory(records: file.state["history"])
    if position.bestAccuracy == nil, position.bestEpoch > 0 {
      let epoch = epochsBefore + position.bestEpoch
      self.position.bestAccuracy = history.epochs.first { $0.epoch == epoch }?.validationAccuracy
    }
  }

  private static func snapshot(_ arrays: String, _ numbers: String, _ file: CheckpointFile)
    -> Optimizer.Snapshot?
  {
    guard let pair = file.state[numbers]?.array, pair.count == 2, let iterations = pair[0].int,
      let rate = pair[1].double
    else { return nil }
    var values: [[Float]] = []
    while let next = file.arrays["\(arrays)/\(values.count)"] { values.append(next) }
    return Optimizer.Snapshot(iterations: iterations, learningRate: Float(rate), arrays: values)
  }

  /// Removes a checkpoint: the model has been written.
  package static func remove(checkpoint path: String) { unlink(path) }

  /// True if a checkpoint is of the end of the training that a model's history tells of: the model has been written,
  /// and only the checkpoint was left behind.
  package static func isWritten(checkpoint path: String, history: TrainingHistory) throws(Failure) -> Bool {
    guard FilePath.exists(path) else { return false }
    let state = try CheckpointFile(path: path).state
    guard let position = state["position"].flatMap({ TrainingPosition($0) }),
      let before = state["epochs_before"]?.int, let epochs = state["recipe"]?["epochs"]?.int
    else { return false }
    let isDone = position.isFinished || position.epoch >= epochs
    return isDone && before + position.epoch == history.epochs.last?.epoch
  }
}

extension TrainingHistory {
  /// From a JSON array of records.
  init(records: JSONValue?) throws(Failure) {
    var lines: [UInt8] = []
    for record in records?.array ?? [] {
      var writer = JSONWriter()
      writer.value(record)
      lines += writer.bytes + [UInt8(ascii: "\n")]
    }
    try self.init(ndjson: lines)
  }
}
