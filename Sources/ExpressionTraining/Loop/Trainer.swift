import ExpressionNet
import Glibc
import NetworkEngine
import NetworkModel
import NetworkTraining
import PictureData
import SystemIO
import TrainingReports

/// Trains a network: epochs, validation, the choice of the best weights, and a checkpoint to resume from.
///
/// Everything that happens depends on the recipe, the data and the starting weights alone (with very large
/// layers, on the number of threads as well), so that a training that was interrupted and resumed ends with the same
/// bits.
package final class Trainer: EpochTraining {
  /// Run settings; none of them is a hyper-parameter.
  package struct Options: Sendable {
    /// The checkpoint's file; nil for none.
    package var checkpoint: String?
    /// Seconds between checkpoints inside an epoch; there is one after each epoch anyway.
    package var checkpointSeconds = 300.0
    /// Whether each epoch's time is reported by its parts and layers.
    package var isTimed = false
    /// Threads to work with; 0 for one a processor.
    package var threads = 0
    /// The optimizer's state to begin with.
    package var optimizerState: TrainingState?
    /// The epochs that led to the starting weights.
    package var history = TrainingHistory()
    /// The epoch of the starting weights; nil for the last one of ``history``.
    package var startEpoch: Int?

    /// The defaults: no checkpoint, fresh weights.
    package init() {}
  }

  /// How a call of ``run(until:isStopped:onEvent:)`` ended.
  package enum Outcome: Sendable {
    /// All epochs are done, or early stopping ended them.
    case finished
    /// The epoch that was asked for is done.
    case reached
    /// `isStopped` returned true; the checkpoint has been written.
    case interrupted
  }

  /// The hyper-parameters.
  package let recipe: Recipe
  /// The pictures to train and validate with.
  package let data: TrainingData
  /// The epochs done, those before this training included.
  package private(set) var history: TrainingHistory

  let trained: NetworkInTraining
  private let steps: TrainingSteps
  private let evaluator: Evaluator?
  private let identity: TrainingIdentity
  private let trainingFingerprint: String
  private let startEpoch: Int
  package private(set) var checkpoints: CheckpointSchedule
  private var position = TrainingPosition()
  private var best = BestWeights()

  /// - Parameters:
  ///   - recipe: Valid by itself (``Recipe/validate()``); its precision is no longer auto.
  ///   - graph: The network with its starting weights.
  ///   - preparation: How pictures become its input.
  /// - Throws: ``Failure`` if the network does not fit the data or has a layer that cannot be trained.
  package init(
    _ recipe: Recipe, graph: ModelGraph, data: TrainingData, preparation: InputPreparation,
    options: Options = Options()
  ) throws(Failure) {
    guard graph.outputShape == [data.training.classes.count] else {
      throw Failure(
        .badInput, step: "network",
        cause:
          "its output is \(graph.outputShape), but the pictures have \(data.training.classes.count) classes")
    }
    if recipe.earlyStopping > 0, data.validation == nil {
      throw Failure(.usage, step: "early stopping", cause: "it needs pictures to validate with")
    }
    var recipe = recipe
    // A network that comes from a file has its own.
    recipe.size = preparation.loadedWidth
    self.recipe = recipe
    self.data = data
    history = options.history
    let epochsBefore = options.history.epochs.last?.epoch ?? 0
    startEpoch = options.startEpoch ?? epochsBefore
    let made = recipe
    trained = try NetworkInTraining(
      graph,
      TrainingNetwork.Options(
        threads: options.threads, precision: recipe.networkPrecision,
        objective: .classification(try recipe.distillation)),
      average: recipe.average
    ) { (network) throws(Failure) in
      try made.makeOptimizer(
        for: network, graph, state: options.optimizerState, threads: options.threads)
    }
    trained.network.isTimed = options.isTimed
    let teachers = try Teachers(
      recipe, classes: data.training.classes, preparation: preparation, threads: options.threads)
    steps = TrainingSteps(
      trained, try preparation.loader(data.training, recipe), teachers, recipe,
      pictureCount: data.training.count, epochsBefore: epochsBefore)
    evaluator = try data.validation.map { (set) throws(Failure) in
      try Evaluator(set, preparation: preparation, threads: options.threads)
    }
    checkpoints = CheckpointSchedule(path: options.checkpoint, interval: options.checkpointSeconds)
    let fingerprints = data.fingerprints
    trainingFingerprint = fingerprints.training
    var checksum = Checksum()
    for layer in graph.layers { for weight in layer.weights { checksum.add(weight.values) } }
    identity = TrainingIdentity(
      recipe: recipe, classes: data.training.classes, trainingCount: data.training.count,
      validationCount: data.validation?.count ?? 0, data: fingerprints.whole, start: checksum.text,
      teachers: teachers?.fingerprint, epochsBefore: epochsBefore)
  }

  /// True if all epochs are done, or early stopping ended them.
  package var isFinished: Bool { position.isFinished || position.epoch >= recipe.epochs }

  // MARK: Running

  /// Trains until `epochs` of this training are done (nil for all of the recipe's).
  /// - Parameters:
  ///   - isStopped: Asked after each step; true ends the training with a checkpoint.
  ///   - onEvent: Receives what happens; throwing ends the training.
  /// - Throws: ``Failure``: if the loss is no longer a number, or if a checkpoint cannot be written.
  package func run(
    until epochs: Int? = nil, isStopped: () -> Bool = { false },
    onEvent: (TrainingEvent) throws(Failure) -> Void = { (_) throws(Failure) in }
  ) throws(Failure) -> Outcome {
    let last = min(epochs ?? recipe.epochs, recipe.epochs)
    if position.epoch > 0 || position.step > 0 {
      try onEvent(.resumed(epochs: position.epoch, steps: position.step))
    }
    checkpoints.restart()
    guard try evaluateInitialWeights(isStopped: isStopped, onEvent: onEvent) else {
      try save(onEvent)
      return .interrupted
    }
    guard try train(until: last, isStopped: isStopped, onEvent: onEvent) else { return .interrupted }
    return isFinished ? .finished : .reached
  }

  /// Validates the weights of a model that training continues from: an epoch is chosen only if it is better.
  /// - Returns: false if it was stopped first.
  private func evaluateInitialWeights(
    isStopped: () -> Bool, onEvent: (TrainingEvent) throws(Failure) -> Void
  ) throws(Failure) -> Bool {
    guard identity.epochsBefore > 0, position == TrainingPosition(), best.weights == nil, let evaluator else {
      return true
    }
    guard let predictions = try evaluator.predictions(of: try trained.evaluatedGraph(), isStopped: isStopped)
    else { return false }
    let accuracy = ClassificationReport(predictions).accuracy
    best.choose(try trained.evaluatedWeights(), epoch: 0, accuracy: accuracy)
    try onEvent(.evaluatedInitialWeights(epoch: startEpoch, validationAccuracy: accuracy))
    return true
  }

  /// Epochs of this training that are done.
  package var epochsDone: Int { position.epoch }
  /// Steps that are done of the current epoch.
  package var stepsDone: Int { position.step }
  /// Steps of one epoch, the last one perhaps of fewer pictures.
  package var stepCount: Int { steps.count }
  /// True if early stopping has ended the training.
  package var hasEndedEarly: Bool { position.isFinished }

  /// Prepares the batches that are left of the epoch.
  package func beginSteps() { steps.begin(position) }

  /// Counts training time from now.
  package func restartClock() { steps.startClock() }

  /// Trains on one batch.
  /// - Throws: ``Failure`` if the loss is no longer a number.
  package func nextStep() throws(Failure) -> TrainingEvent {
    guard try steps.next(&position) else { throw divergence() }
    return .step(steps.progress(position))
  }

  /// Validates, keeps the best weights and records the epoch.
  /// - Returns: The events to report, or nil if training was stopped first.
  package func endEpoch(isStopped: () -> Bool) throws(Failure) -> [TrainingEvent]? {
    let start = MonotonicClock.seconds()
    var record = EpochRecord(
      epoch: identity.epochsBefore + position.epoch + 1, loss: position.loss, accuracy: position.accuracy,
      learningRate: position.learningRate,
      picturesPerSecond: Double(position.pictures) / max(position.seconds, 1e-9))
    if let evaluator {
      guard
        let predictions = try evaluator.predictions(of: try trained.evaluatedGraph(), isStopped: isStopped)
      else { return nil }
      let report = ClassificationReport(predictions)
      record.validationLoss = report.crossEntropy
      record.validationAccuracy = report.accuracy
    }
    let validated = MonotonicClock.seconds()
    record.seconds = position.seconds + validated - start
    if position.epoch == 0, identity.epochsBefore > 0 {
      record.stageStart = .init(epoch: startEpoch, validationAccuracy: best.accuracy)
    }
    history.epochs.append(record)
    position.plateau.add(
      loss: record.validationLoss ?? record.loss, patience: recipe.patience, factor: recipe.factor)
    position.endEpoch()
    var isBest = false
    if let accuracy = record.validationAccuracy, best.isExceeded(by: accuracy) {
      isBest = true
      best.choose(try trained.evaluatedWeights(), epoch: position.epoch, accuracy: accuracy)
    }
    var events = [TrainingEvent.epoch(record, isBest: isBest)]
    if trained.network.isTimed {
      var times = try steps.takeTimes()
      times.validation = validated - start
      events.append(.times(times, epoch: record.epoch))
    }
    let epochsSinceBest = position.epoch - best.epoch
    if recipe.earlyStopping > 0, epochsSinceBest >= recipe.earlyStopping {
      position.isFinished = true
      events.append(.stoppedEarly(epochsWithoutImprovement: epochsSinceBest))
    }
    return events
  }

  private func divergence() -> Failure {
    divergence(
      inEpoch: identity.epochsBefore + position.epoch + 1,
      remedy: "a smaller --learning-rate, a longer --warm-up, or --clip-norm 1")
  }

  // MARK: Checkpoints

  /// Writes the checkpoint, if one is kept.
  /// - Throws: ``Failure`` naming the file if it cannot be written, or if a weight is not a finite number.
  package func save(_ onEvent: (TrainingEvent) throws(Failure) -> Void) throws(Failure) {
    guard let path = checkpoints.path else { return }
    let weights = try trained.weights()
    guard weights.weights.allSatisfy(\.isFinite) else { throw divergence() }
    let checkpoint = TrainingCheckpoint(
      identity: identity, position: position, history: history, weights: weights,
      average: trained.average, best: best)
    try checkpoint.write(to: path)
    checkpoints.restart()
    try onEvent(.saved)
  }

  /// Continues from the checkpoint.
  /// - Returns: false if there is none.
  /// - Throws: ``Failure``: (`badInput`) if it is damaged; (`usage`) if it is of a training with another recipe or
  ///   other data, naming the differences.
  package func resume() throws(Failure) -> Bool {
    guard let path = checkpoints.path, checkpoints.hasFile else { return false }
    let checkpoint = try TrainingCheckpoint(path: path, of: identity, stepsPerEpoch: steps.count)
    do throws(Failure) {
      try trained.restore(checkpoint.weights, average: checkpoint.average)
    } catch {
      throw error.within(path)
    }
    position = checkpoint.position
    history = checkpoint.history
    best = checkpoint.best
    return true
  }

  // MARK: The result

  /// The validation accuracy of the weights that ``result()`` gives; nil without validation, and before the first
  /// epoch.
  package var chosenAccuracy: Double? { best.accuracy }

  /// True if no epoch was better than the model that training continues from: ``result()`` gives that one's weights.
  package var keepsStart: Bool { best.weights != nil && best.epoch == 0 }

  /// The best weights by validation accuracy, or without validation the last ones. Those of a model that training
  /// continues from are among them.
  /// - Throws: ``Failure`` if the weights cannot be read.
  package func result() throws(Failure) -> TrainingResult {
    let chosen: SavedWeights
    if let weights = best.weights { chosen = weights } else { chosen = try trained.evaluatedWeights() }
    let epoch = best.weights == nil ? position.epoch : best.epoch
    return TrainingResult(
      graph: try trained.graph(chosen), trainingState: try trained.trainingState(chosen),
      epoch: keepsStart ? startEpoch : identity.epochsBefore + epoch)
  }

  /// The model to be written: the chosen weights, and in `fm.json` the classes, how faces are prepared, the history
  /// and the provenance.
  ///
  /// Nothing in it depends on when or how fast it was made: the same training gives the same bytes.
  /// - Parameters:
  ///   - version: The program's name and version.
  ///   - trial: Of a search's model, the trial and its search.
  /// - Throws: ``Failure`` if the weights cannot be read.
  package func model(
    startedFrom start: StartingPoint, version: String, trial: (name: String, search: String)? = nil
  ) throws(Failure) -> ExpressionModel {
    let result = try result()
    let provenance = ModelProvenance(
      version: version, epochs: identity.epochsBefore + position.epoch, epoch: result.epoch,
      origin: start.origin, trial: trial, accuracy: best.accuracy, data: data,
      trainingFingerprint: trainingFingerprint, wholeFingerprint: identity.data, recipe: recipe)
    return try result.model(
      startedFrom: start, classes: data.training.classes, history: history, provenance: provenance,
      keepsStart: keepsStart)
  }
}
