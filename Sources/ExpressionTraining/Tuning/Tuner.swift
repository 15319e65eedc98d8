import ExpressionNet
import Glibc
import KerasWriting
import NetworkTraining
import PictureData
import SystemIO
import TrainingReports

/// Random search with successive halving over a training's hyper-parameters.
package final class Tuner {
  /// How a search runs.
  package struct Options: Sendable {
    /// New trials that this process begins.
    package var trials = 20
    /// Which sequence of trials this process draws.
    package var seed = 1
    /// Epochs of the first rung.
    package var firstRung = 1
    /// One trial in this many is trained further from a rung.
    package var reduction = 3
    /// Threads to train with; 0 for one a processor.
    package var threads = 0
    /// Seconds between two checkpoints of a trial.
    package var checkpointSeconds = 300.0
    /// The file of the trials' records.
    package var records: String
    /// A folder for the checkpoints of trials in work.
    package var folder: String
    /// The file that the best model is written to.
    package var model: String
    /// The program's name and version, for the model.
    package var version = ""

    /// The defaults, with the files of a search.
    package init(records: String, folder: String, model: String) {
      self.records = records
      self.folder = folder
      self.model = model
    }
  }

  /// What happens while a search runs.
  package enum Event: Sendable {
    /// A trial starts, or is trained further.
    case begins(trial: String, epochs: Int, settings: [SearchSpace.Setting])
    /// An event of a trial's training.
    case training(trial: String, TrainingEvent)
    /// A trial has reached a rung; whether its model is the best so far.
    case ended(TrialRecord, isBest: Bool)
  }

  private let recipe: Recipe
  private let space: SearchSpace
  private let data: TrainingData
  private let options: Options
  private let halving: SuccessiveHalving
  private let records: TrialRecords
  private let search: SearchFingerprint

  /// - Parameters:
  ///   - recipe: What the search leaves as it is; its epochs are those of a whole training.
  ///   - data: With pictures to validate with.
  /// - Throws: ``Failure`` (`usage`) without them, for class weights of other classes, the search's choices among them,
  ///   and if the records or the model there are of another search; (`inputOutput`) if the folder cannot be made.
  package init(_ recipe: Recipe, space: SearchSpace, data: TrainingData, options: Options) throws(Failure) {
    guard data.validation != nil else {
      throw Failure(
        .usage, step: "tuning",
        cause: "it needs pictures to validate with: --validation or --validation-split")
    }
    // A mistake in the search itself is reported once, not for each trial.
    _ = try recipe.classWeights.factors(for: data.training)
    for choice in space.choices("class_weights") {
      var chosen = recipe
      do throws(Failure) {
        try chosen.set("class_weights", to: choice)
        _ = try chosen.classWeights.factors(for: data.training)
      } catch {
        throw error.within("search")
      }
    }
    self.recipe = recipe
    self.space = space
    self.data = data
    self.options = options
    halving = SuccessiveHalving(
      first: options.firstRung, epochs: recipe.epochs, reduction: options.reduction)
    records = TrialRecords(path: options.records)
    search = SearchFingerprint(recipe, space, halving, data)
    try checkExistingFiles()
    if mkdir(options.folder.fileNameBytes, 0o777) != 0, errno != EEXIST {
      throw Failure(system: errno, step: "cannot make the folder", subject: options.folder)
    }
  }

  /// Refuses records and a model that are not of this search: neither can be compared with its trials, and a finished
  /// model must not be overwritten.
  private func checkExistingFiles() throws(Failure) {
    func refuse(_ path: String, _ cause: String) -> Failure {
      Failure(.usage, step: "tuning", subject: path, cause: cause)
    }
    let known = try records.read()
    if let other = known.first(where: { $0.search != search.text }) {
      throw refuse(
        options.records,
        "it has trials of \(search.differences(from: other.search)); remove it, or name another by --records")
    }
    guard let file = FileStatus(path: options.model) else {
      guard !known.contains(where: { $0.seed == options.seed && $0.score != nil }) else {
        throw refuse(
          options.records, "it has this search's trials, but their model \(options.model) is gone; remove it")
      }
      return
    }
    let kept = keptModel()
    if file.isRegularFile, kept.score == nil {
      throw refuse(
        options.model,
        "it exists, and is of \(search.differences(from: kept.search)); remove it, or name another model")
    }
  }

  /// The search that made the existing model, and its validation accuracy if that is this search.
  private func keptModel() -> (search: String?, score: Double?) {
    guard FileStatus(path: options.model)?.isRegularFile ?? false else { return (nil, nil) }
    let provenance = (try? ExpressionModel(path: options.model))?.information["provenance"]
    let kept = provenance?["search"]?.string
    return (kept, kept == search.text ? provenance?["validation_accuracy"]?.double : nil)
  }

  /// Runs trials until all have begun and none is to be promoted.
  /// - Returns: false if it was stopped; the same call resumes later.
  package func run(isStopped: () -> Bool, onEvent: (Event) throws(Failure) -> Void) throws(Failure) -> Bool {
    while true {
      if isStopped() { return false }
      let known = try records.read()
      let own = known.filter { $0.seed == options.seed }
      let begun = Set(own.map(\.number))
      let number = (0..<options.trials).first { !begun.contains($0) }
      if let next = halving.promotion(known, seed: options.seed, isFinishing: number == nil) {
        guard
          try train(next.number, rung: next.rung + 1, before: next.seconds, isStopped, onEvent)
        else { return false }
        continue
      }
      guard let number else { break }
      guard try train(number, rung: 0, before: 0, isStopped, onEvent) else { return false }
    }
    for number in 0..<options.trials { CheckpointFile.remove(checkpoint(number)) }
    rmdir(options.folder.fileNameBytes)
    return true
  }

  private func checkpoint(_ number: Int) -> String {
    "\(options.folder)/\(options.seed)-\(number).checkpoint"
  }

  /// The settings of a trial: a function of the seed and its number.
  private func settings(_ number: Int) -> [SearchSpace.Setting] {
    var generator = SeededGenerator(seed: UInt64(bitPattern: Int64(options.seed)), stream: UInt64(number))
    return space.draw(&generator)
  }

  /// Trains a trial to a rung and records it; false if it was stopped before.
  private func train(
    _ number: Int, rung: Int, before: Double, _ isStopped: () -> Bool,
    _ onEvent: (Event) throws(Failure) -> Void
  ) throws(Failure) -> Bool {
    let settings = settings(number)
    let epochs = halving.rungs[rung]
    let name = "\(options.seed)-\(number)"
    try onEvent(.begins(trial: name, epochs: epochs, settings: settings))
    let start = MonotonicClock.seconds()
    func record(_ score: Double?, _ loss: Double?, _ message: String?) -> TrialRecord {
      TrialRecord(
        seed: options.seed, number: number, rung: rung, epochs: epochs, score: score, validationLoss: loss,
        seconds: before + MonotonicClock.seconds() - start, message: message, settings: settings,
        search: search.text)
    }
    do throws(Failure) {
      let (trainer, point) = try trainer(number, settings)
      let outcome = try trainer.run(until: epochs, isStopped: isStopped) { (event) throws(Failure) in
        try onEvent(.training(trial: name, event))
      }
      if case .interrupted = outcome { return false }
      let best = trainer.history.best
      let found = record(best?.validationAccuracy ?? 0, best?.validationLoss, nil)
      try keep(found, trainer, point, onEvent)
    } catch {
      // A bad draw is a trial's result; a full disk or a lost reader is not.
      guard error.kind == .failed || error.kind == .usage || error.kind == .badInput else { throw error }
      let failed = record(nil, nil, error.description)
      CheckpointFile.remove(checkpoint(number))
      try records.append(failed)
      try onEvent(.ended(failed, isBest: false))
    }
    return true
  }

  private func trainer(_ number: Int, _ settings: [SearchSpace.Setting]) throws(Failure) -> (
    Trainer, StartingPoint
  ) {
    let recipe = try recipe(with: settings)
    try recipe.validate()
    var point = try StartingPoint(recipe)
    try point.settle(recipe, classes: data.training.classes)
    var options = Trainer.Options()
    options.checkpoint = checkpoint(number)
    options.checkpointSeconds = self.options.checkpointSeconds
    options.threads = self.options.threads
    let trainer = try Trainer(
      recipe, graph: point.graph, data: data, preparation: point.preparation, options: options)
    do throws(Failure) {
      _ = try trainer.resume()
    } catch {
      // Of another search under the same name, or damaged: the trial is trained again, to the same result.
      CheckpointFile.remove(checkpoint(number))
      return (
        try Trainer(
          recipe, graph: point.graph, data: data, preparation: point.preparation, options: options), point
      )
    }
    return (trainer, point)
  }

  /// Keeps a trial's model if it is better than the one there is, and then records the trial: if the process is killed
  /// in between, the trial is trained again, to the same model.
  private func keep(
    _ record: TrialRecord, _ trainer: Trainer, _ point: StartingPoint,
    _ onEvent: (Event) throws(Failure) -> Void
  ) throws(Failure) {
    let model = try trainer.model(
      startedFrom: point, version: options.version, trial: (record.trial, search.text))
    var isBest = false
    try records.append(record) { () throws(Failure) in
      isBest = (record.score ?? 0) > keptModel().score ?? -1
      if isBest { try model.file.write(to: options.model) }
    }
    try onEvent(.ended(record, isBest: isBest))
  }

  /// The best trials in the records: that of this process, whose model it keeps, and that of all; nil where none has a
  /// score.
  package func best() throws(Failure) -> (own: TrialRecord?, all: TrialRecord?) {
    // Of equals the first, as the model is kept.
    func best(_ records: [TrialRecord]) -> TrialRecord? {
      records.filter { $0.score != nil }.reduce(nil) { (best: TrialRecord?, record) in
        (record.score ?? 0) > (best?.score ?? -1) ? record : best
      }
    }
    let known = try records.read()
    return (best(known.filter { $0.seed == options.seed }), best(known))
  }

  /// How much each setting mattered in the trials so far; none if there are too few of them.
  package func importance() throws(Failure) -> [SettingShare] {
    SettingImportance.shares(of: try records.read())
  }

  /// The recipe that a trial was trained with, for a whole training.
  /// - Throws: ``Failure`` if its settings are not what a recipe takes.
  package func recipe(of record: TrialRecord) throws(Failure) -> Recipe { try recipe(with: record.settings) }

  private func recipe(with settings: [SearchSpace.Setting]) throws(Failure) -> Recipe {
    var recipe = recipe
    for (key, value) in settings { try recipe.set(key, to: value) }
    if !recipe.optimizer.hasMomentum { recipe.momentum = nil }
    return recipe
  }

  /// The trials so far, to be drawn.
  package func curves() throws(Failure) -> [TrialCurve] {
    var order: [String] = []
    var points: [String: [TrialCurve.Point]] = [:]
    for record in try records.read() {
      if points[record.trial] == nil { order.append(record.trial) }
      points[record.trial, default: []] +=
        record.score.map {
          [TrialCurve.Point(epochs: Double(record.epochs), score: $0)]
        } ?? []
    }
    return order.map { TrialCurve(name: $0, points: points[$0] ?? []) }
  }
}
