import Glibc
import NetworkEngine
import NetworkModel
import SystemIO

/// Trains a network: epochs, validation, the choice of the best weights, and a checkpoint from which it goes on.
///
/// Everything that happens depends on the recipe, the data, the starting weights and the number of threads alone, so
/// that a training that was interrupted and resumed ends with the same bits.
package final class Trainer {
  /// How a training goes about; nothing of it is a hyper-parameter.
  package struct Options: Sendable {
    /// Where to keep the checkpoint; nil for none.
    package var checkpoint: String?
    /// Seconds between checkpoints inside an epoch; there is one after each epoch anyway.
    package var checkpointSeconds = 300.0
    /// Threads to work with; 0 for one a processor.
    package var threads = 0
    /// The optimizer's state to begin with.
    package var optimizerState: TrainingState?
    /// The epochs that the starting weights have behind them.
    package var history = TrainingHistory()
    /// Of which epoch the starting weights are; nil for the last one of ``history``.
    package var startEpoch: Int?

    package init() {}
  }

  /// How a call of ``run(until:isStopped:onEvent:)`` ended.
  package enum Outcome: Sendable {
    /// All epochs are done, or early stopping ended them.
    case finished
    /// The epoch that was asked for is done.
    case reached
    /// `isStopped` said so; the checkpoint has been written.
    case interrupted
  }

  /// The hyper-parameters.
  package let recipe: Recipe
  /// What is trained and validated with.
  package let data: TrainingData
  /// How it goes about.
  package let options: Options
  /// Steps of one epoch, the last one perhaps of fewer pictures.
  package let stepsPerEpoch: Int
  /// The epochs done, those before this training included.
  package internal(set) var history: TrainingHistory

  let network: TrainingNetwork
  let optimizer: Optimizer
  let loader: BatchLoader
  let evaluator: Evaluator?
  let schedule: LearningRateSchedule
  let dataFingerprints: TrainingData.Fingerprints
  let startFingerprint: String
  let epochsBefore: Int
  var position = TrainingPosition()
  var average: WeightAverage?
  var best: SavedWeights?
  var lastSave = MonotonicClock.seconds()

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
    self.options = options
    history = options.history
    epochsBefore = options.history.epochs.last?.epoch ?? 0
    schedule = recipe.learningRateSchedule
    var networkOptions = TrainingNetwork.Options()
    networkOptions.threads = options.threads
    networkOptions.precision = recipe.precision == .bf16 ? .bf16 : .f32
    network = try TrainingNetwork(graph, networkOptions)
    optimizer = try recipe.makeOptimizer(
      for: network, graph, state: options.optimizerState, threads: options.threads)
    loader = try preparation.loader(data.training, recipe)
    evaluator = try data.validation.map { (set) throws(Failure) in
      try Evaluator(set, preparation: preparation, threads: options.threads)
    }
    stepsPerEpoch = loader.stepCount
    average = recipe.average > 0 ? WeightAverage(momentum: recipe.average) : nil
    dataFingerprints = data.fingerprints
    var checksum = Checksum()
    for layer in graph.layers { for weight in layer.weights { checksum.add(weight.values) } }
    startFingerprint = checksum.text
  }

  /// Trains until `epochs` of this training are done (nil for all that the recipe says).
  /// - Parameters:
  ///   - isStopped: Asked after each step; true ends the training with a checkpoint.
  ///   - onEvent: Told what happens; throwing ends the training.
  /// - Throws: ``Failure``: if the loss stops being a number, or if a checkpoint cannot be written.
  package func run(
    until epochs: Int? = nil, isStopped: () -> Bool = { false },
    onEvent: (TrainingEvent) throws(Failure) -> Void = { (_) throws(Failure) in }
  ) throws(Failure) -> Outcome {
    let last = min(epochs ?? recipe.epochs, recipe.epochs)
    if position.epoch > 0 || position.step > 0 {
      try onEvent(.resumed(epochs: position.epoch, steps: position.step))
    }
    lastSave = MonotonicClock.seconds()
    guard try judgeStart(isStopped: isStopped, onEvent: onEvent) else {
      try save(onEvent)
      return .interrupted
    }
    while !position.isFinished, position.epoch < last {
      guard try trainEpoch(isStopped: isStopped, onEvent: onEvent),
        let ended = try endEpoch(isStopped: isStopped)
      else {
        try save(onEvent)
        return .interrupted
      }
      // Told only when it is safe: the reader may be gone.
      try save(onEvent)
      for event in ended { try onEvent(event) }
    }
    return position.isFinished || position.epoch >= recipe.epochs ? .finished : .reached
  }

  /// True if there is nothing left to train.
  package var isFinished: Bool { position.isFinished || position.epoch >= recipe.epochs }
}

/// Weights that were good, with the optimizer's state that belongs to them.
struct SavedWeights {
  var weights: [Float]
  var statistics: [Float]
  var optimizer: Optimizer.Snapshot
}
