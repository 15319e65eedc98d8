import FaceNetwork
import NetworkEngine
import NetworkModel
import NetworkTraining
import PictureData
import SystemIO
import TrainingReports

/// Trains a detection network from crops of an object and pictures without it.
///
/// A round is many steps on canvases made of them. After it, the averaged network is tried on all backgrounds, and what it
/// finds there is shown on canvases of the next round; crops that it finds badly are drawn more often. Everything that
/// happens depends on the settings and the pictures alone, so that a training that was interrupted and resumed ends with
/// the same bits.
package final class DetectorTrainer: EpochTraining {
  /// Run settings; none of them is a hyper-parameter.
  package struct Options: Sendable {
    /// The checkpoint's file; nil for none.
    package var checkpoint: String?
    /// Seconds between checkpoints inside a round; there is one after each round anyway.
    package var checkpointSeconds = 300.0
    /// Threads of the network; 0 for one a processor.
    package var threads = 0
    /// Threads that make canvases beside it; 0 to make them in between.
    package var canvasThreads = 1

    /// The defaults: no checkpoint.
    package init() {}
  }

  /// The hyper-parameters.
  package let settings: DetectorSettings
  /// The pictures.
  package let data: DetectorData
  /// The rounds done.
  package private(set) var history: [DetectorRecord] = []
  /// What the last search of the backgrounds found, the surest first; nil before the first in this process.
  private var finds: [(spot: MinedSpot, score: Float)]?
  /// The scores of the last validation in this process.
  package private(set) var validationScores: DetectionScores?
  /// The pictures that it is measured on; nil for none.
  package var validation: LabeledPictures? { measurement.validation }
  /// How many parameters the network has.
  package let parameterCount: Int

  package private(set) var checkpoints: CheckpointSchedule
  private let trained: NetworkInTraining
  private let batches: PreparedBatches<CanvasBatches>
  private let notes: UnsafeMutableBufferPointer<Int32>
  private let schedule: LearningRateSchedule
  private let identity: DetectorIdentity
  private let measurement: EpochMeasurement
  private var position = DetectorPosition()
  private var hardness: CropHardness
  /// What crops of the current round are drawn by; empty for all alike.
  private var drawn: [Float] = []
  private var mined: [MinedSpot] = []
  // Of this process and round.
  private var clock = 0.0
  private var begun = (step: 0, seconds: 0.0)
  private var waiting = 0.0

  /// - Parameter validation: Pictures that the network is measured on after each round.
  /// - Throws: ``Failure`` if the settings make no sense, or the network cannot be trained here.
  package init(
    _ settings: DetectorSettings, _ data: DetectorData, options: Options = Options(),
    validation: LabeledPictures? = nil
  ) throws(Failure) {
    try settings.validate()
    self.settings = settings
    self.data = data
    measurement = EpochMeasurement(
      settings: settings, data: data, validation: validation,
      threads: options.threads > 0 ? options.threads : Processors.available)
    var graph = try settings.architecture.graph(side: settings.canvases.side, seed: UInt64(settings.seed))
    settings.start?.setWeights(of: &graph)
    parameterCount = graph.parameterCount
    trained = try NetworkInTraining(
      graph,
      TrainingNetwork.Options(
        threads: options.threads, precision: settings.precision, objective: .detection(settings.loss)),
      average: settings.average, warmsAverageUp: true
    ) { (network) throws(Failure) in
      Optimizer(settings.optimizer, parameters: network.parameters)
    }
    let source = CanvasBatches(
      synthesis: try CanvasSynthesis(
        objects: data.objects, backgrounds: data.backgrounds, settings: settings.canvases),
      targets: CellTargets(
        side: settings.canvases.side, stride: DetectorArchitecture.stride,
        usualSize: DetectorDescription().usualSize),
      preprocessing: DetectorArchitecture.preprocessing, seed: UInt64(settings.seed),
      stepCount: settings.steps, pictureLimit: settings.batchSize)
    batches = try PreparedBatches(source, threads: options.canvasThreads)
    notes = .allocate(capacity: source.pictureLimit * source.noteCount)
    notes.initialize(repeating: -1)
    schedule = settings.schedule
    hardness = CropHardness(count: data.objects.count)
    checkpoints = CheckpointSchedule(path: options.checkpoint, interval: options.checkpointSeconds)
    identity = DetectorIdentity(
      settings: settings, crops: data.objects.count, backgrounds: data.backgrounds.count,
      data: data.fingerprint)
  }

  deinit { notes.deallocate() }

  /// Rounds that are done.
  package var epochsDone: Int { position.epoch }
  /// Steps that are done of the current round.
  package var stepsDone: Int { position.step }
  /// Steps of a round.
  package var stepCount: Int { settings.steps }
  /// A training of a detector never ends early.
  package var hasEndedEarly: Bool { false }
  /// True if all rounds are done.
  package var isFinished: Bool { position.epoch >= settings.epochs }

  /// Trains until all rounds are done.
  /// - Parameters:
  ///   - isStopped: Asked after each step; true ends the training with a checkpoint.
  ///   - onEvent: Receives what happens; throwing ends the training.
  /// - Returns: false if it was stopped first.
  /// - Throws: ``Failure``: if the loss is no longer a number, or if a checkpoint cannot be written.
  package func run(
    isStopped: () -> Bool = { false },
    onEvent: (DetectorEvent) throws(Failure) -> Void = { (_) throws(Failure) in }
  ) throws(Failure) -> Bool {
    if position.epoch > 0 || position.step > 0 {
      try onEvent(.resumed(epochs: position.epoch, steps: position.step))
    }
    return try train(until: settings.epochs, isStopped: isStopped, onEvent: onEvent)
  }

  // MARK: Steps

  /// Prepares the canvases that are left of the round.
  package func beginSteps() {
    let feedback = CanvasFeedback(mined: mined, hardness: drawn.isEmpty ? nil : drawn)
    batches.begin(.init(number: position.epoch, feedback: feedback), fromStep: position.step)
    begun = (position.step, position.seconds)
    waiting = 0
    restartClock()
  }

  /// Counts training time from now.
  package func restartClock() { clock = MonotonicClock.seconds() }

  /// Trains on one batch of canvases.
  /// - Throws: ``Failure`` if the loss is no longer a number, or canvases cannot be made.
  package func nextStep() throws(Failure) -> DetectorEvent {
    let begin = MonotonicClock.seconds()
    let result = try trained.network.step(count: settings.batchSize, seed: 0) {
      (input, targets, weights) throws(Failure) in
      try batches.next(
        into: Batch(
          input: input.baseAddress!, targets: targets.baseAddress!, weights: weights.baseAddress!,
          notes: notes.baseAddress!))
      waiting += MonotonicClock.seconds() - begin
    }
    position.step += 1
    guard result.loss.isFinite else { throw divergence() }
    position.learningRate = schedule.rate(
      atStep: position.epoch * settings.steps + position.step - 1, stepsPerEpoch: settings.steps,
      epochs: settings.epochs, plateau: PlateauState())
    try trained.update(learningRate: Float(position.learningRate))
    try trained.network.withOutput { (cells) throws(Failure) in
      hardness.add(UnsafeBufferPointer(notes), cells, boxWeight: settings.loss.boxWeight)
    }
    position.lossSum += result.loss
    position.boxSum += result.boxLoss
    position.found += result.correct
    position.cells += result.objectCells
    let now = MonotonicClock.seconds()
    position.seconds += now - clock
    clock = now
    return .step(progress)
  }

  private var progress: DetectorProgress {
    let seconds = max(position.seconds - begun.seconds, 1e-9)
    let rate = Double(position.step - begun.step) / seconds
    let left = (settings.epochs - position.epoch) * settings.steps - position.step
    return DetectorProgress(
      epoch: position.epoch + 1, epochs: settings.epochs, step: position.step, steps: settings.steps,
      loss: position.loss, found: position.foundShare, canvasesPerSecond: rate * Double(settings.batchSize),
      secondsLeft: rate > 0 ? Double(left) / rate : .infinity, waiting: waiting / seconds)
  }

  private func divergence() -> Failure {
    divergence(inEpoch: position.epoch + 1, remedy: "a smaller --learning-rate")
  }

  // MARK: Rounds

  /// Searches the backgrounds, measures, and records the round.
  /// - Returns: The events to report, or nil if it was stopped first.
  package func endEpoch(isStopped: () -> Bool) throws(Failure) -> [DetectorEvent]? {
    let start = MonotonicClock.seconds()
    var record = DetectorRecord(
      epoch: position.epoch + 1, loss: position.loss, boxLoss: position.boxLoss, found: position.foundShare,
      learningRate: position.learningRate)
    record.stepSeconds = position.seconds
    guard let best = try measurement.run(try evaluatedModel(), &record, isStopped: isStopped) else {
      return nil
    }
    validationScores = best.validation ?? validationScores
    record.searchSeconds = MonotonicClock.seconds() - start
    finds = best.finds.map { ($0.spot, $0.score) }
    mined = best.finds.map(\.spot)
    drawn = hardness.weights
    history.append(record)
    position.endEpoch()
    return [.epoch(record)]
  }

  /// What the network finds on the backgrounds that it is trained with, the surest first.
  /// - Returns: nil if it was stopped.
  /// - Throws: ``Failure`` if the network cannot be run.
  package func surestFinds(isStopped: () -> Bool) throws(Failure) -> [(spot: MinedSpot, score: Float)]? {
    if let finds { return finds }
    guard let found = try measurement.surestFinds(of: try evaluatedModel(), isStopped: isStopped) else {
      return nil
    }
    let surest = found.map { ($0.spot, $0.score) }
    finds = surest
    return surest
  }

  // MARK: Checkpoints

  /// Writes the checkpoint, if one is kept.
  /// - Throws: ``Failure`` naming the file if it cannot be written, or if a weight is not a finite number.
  package func save(_ onEvent: (DetectorEvent) throws(Failure) -> Void) throws(Failure) {
    guard let path = checkpoints.path else { return }
    let weights = try trained.weights()
    guard weights.weights.allSatisfy(\.isFinite) else { throw divergence() }
    try DetectorCheckpoint(
      identity: identity, position: position, history: history, weights: weights, average: trained.average,
      hardness: hardness, drawn: drawn, mined: mined
    ).write(to: path)
    checkpoints.restart()
    try onEvent(.saved)
  }

  /// Continues from the checkpoint.
  /// - Returns: false if there is none.
  /// - Throws: ``Failure``: (`badInput`) if it is damaged; (`usage`) if it is of a training with other settings or
  ///   pictures, naming the differences.
  package func resume() throws(Failure) -> Bool {
    guard let path = checkpoints.path, checkpoints.hasFile else { return false }
    let checkpoint = try DetectorCheckpoint(path: path, of: identity)
    for spot in checkpoint.mined {
      let picture = data.backgrounds[spot.background].picture
      guard (0...Float(picture.width)).contains(spot.x), (0...Float(picture.height)).contains(spot.y),
        spot.side <= 65_536
      else {
        throw Failure(
          .badInput, step: "reading the checkpoint", subject: path,
          cause: "a mined spot is outside its background; use --restart")
      }
    }
    do throws(Failure) {
      try trained.restore(checkpoint.weights, average: checkpoint.average)
    } catch {
      throw error.within(path)
    }
    position = checkpoint.position
    history = checkpoint.history
    hardness = checkpoint.hardness
    drawn = checkpoint.drawn
    mined = checkpoint.mined
    return true
  }

  // MARK: The result

  private var description: DetectorDescription {
    var description = DetectorDescription()
    description.object = settings.object
    description.stride = DetectorArchitecture.stride
    description.sizes = settings.canvases.sizes.learned
    description.aspect = data.aspect
    return description
  }

  /// The averaged network as a detector, with the scores that it gives.
  package func evaluatedModel() throws(Failure) -> DetectionModel {
    let file = try DetectorModelFile(description: description).file(try trained.evaluatedGraph())
    return try DetectionModel(file, path: "the network in training")
  }

  /// The model to be written: the averaged weights, and in `fm.json` what they mean. Its scores are calibrated on canvases
  /// of crops and backgrounds that are held out.
  /// - Parameters:
  ///   - version: The program's name and version.
  ///   - isStopped: Asked after each canvas.
  /// - Returns: nil if it was stopped.
  /// - Throws: ``Failure`` if the weights cannot be read.
  package func model(version: String, isStopped: () -> Bool = { false }) throws(Failure) -> ModelFile? {
    var file = DetectorModelFile(description: description)
    file.version = version
    file.history = history
    file.settings = settings
    (file.crops, file.backgrounds) = (data.objects.count, data.backgrounds.count)
    file.data = identity.data
    if let trial = try measurement.canvasTrial() {
      guard let scores = try trial.run(try evaluatedModel(), isStopped: isStopped) else { return nil }
      let fitted = ScoreCalibration(scores.findings.map { ($0.score, $0.isHit) })
      file.description.calibration = fitted.map {
        DetectorDescription.Calibration(slope: Float($0.slope), offset: Float($0.offset))
      }
    }
    return try file.file(try trained.evaluatedGraph())
  }
}
