import Foundation
import NetworkEngine
import NetworkTraining
import PictureData
import ShapePictures
import SystemIO
import Testing
import TrainingReports

@testable import ExpressionTraining

@Suite(.timeLimit(.minutes(3)))
struct TrainerTests {
  @Test func shapesAreLearnt() throws {
    let trainer = try Shapes.trainer(Shapes.recipe, Shapes.data())
    guard case .finished = try trainer.run() else {
      Issue.record("the training has not finished")
      return
    }
    let best = try #require(trainer.history.best?.validationAccuracy)
    #expect(best > 0.95, "\(trainer.history.epochs)")
    #expect(trainer.history.epochs.count == 8)
    // What is written is what was best.
    let start = try StartingPoint(Shapes.recipe)
    let model = try trainer.model(startedFrom: start, version: "test")
    let evaluator = try Evaluator(
      try Shapes.set(60, seed: 2), preparation: start.preparation, threads: 1)
    let predictions = try #require(try evaluator.predictions(of: model.graph))
    #expect(ClassificationReport(predictions).accuracy == best)
    #expect(Recipe(keptIn: model) == Shapes.recipe)
    #expect(
      try TrainingHistory(keptIn: model).epochs.map(\.validationAccuracy)
        == trainer.history.epochs.map(\.validationAccuracy))
    #expect(!model.trainingState.optimizer.isEmpty)
  }

  @Test(arguments: ["adamw", "sgd"]) func theSameSeedGivesTheSameBits(_ optimizer: String) throws {
    var recipe = Shapes.recipe
    recipe.epochs = 2
    recipe.optimizer = .init(rawValue: optimizer) ?? .adam
    recipe.average = 0.9
    recipe.labelSmoothing = 0.1
    recipe.augmentation.flip = 0.5
    recipe.augmentation.rotation = 10
    recipe.augmentation.mixup = 0.2
    recipe.schedule = .cosine
    recipe.warmUp = 0.5
    recipe.clipNorm = 1
    recipe.classWeights = .balanced
    func run(_ recipe: Recipe) throws -> [UInt32] {
      let trainer = try Shapes.trainer(recipe, Shapes.data(60, 15))
      _ = try trainer.run()
      return try Shapes.bits(trainer)
    }
    let first = try run(recipe)
    #expect(try run(recipe) == first)
    recipe.seed = 2
    #expect(try run(recipe) != first)
  }

  /// Stopped after every few steps, each time resuming in a new trainer from the checkpoint.
  @Test func interruptionsChangeNothing() throws {
    var recipe = Shapes.recipe
    recipe.epochs = 3
    recipe.average = 0.9
    recipe.schedule = .plateau
    recipe.patience = 1
    recipe.augmentation.shift = 0.1
    recipe.augmentation.mixup = 0.2
    let data = try Shapes.data(100, 30)
    let whole = try Shapes.trainer(recipe, data)
    _ = try whole.run()

    let path = NSTemporaryDirectory() + "checkpoint-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    for round in 0..<100 {
      let trainer = try Shapes.trainer(recipe, data, checkpoint: path, seconds: round % 2 == 0 ? 0 : 1e9)
      #expect(try trainer.resume() == (round > 0))
      var steps = 0
      let outcome = try trainer.run(
        isStopped: { steps >= 1 + round % 4 },
        onEvent: { event throws(Failure) in if case .step = event { steps += 1 } })
      guard case .finished = outcome else { continue }
      #expect(round > 5)
      #expect(try Shapes.bits(trainer) == Shapes.bits(whole))
      let timeless = { (record: EpochRecord) in [record.loss, record.accuracy, record.validationLoss ?? 0] }
      #expect(trainer.history.epochs.map(timeless) == whole.history.epochs.map(timeless))
      return
    }
    Issue.record("it does not come to an end")
  }

  /// Whoever reads what is printed may be gone.
  @Test func anEpochIsSavedBeforeItIsTold() throws {
    var recipe = Shapes.recipe
    recipe.epochs = 2
    let path = NSTemporaryDirectory() + "checkpoint-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let data = try Shapes.data(48, 15)
    let failure = #expect(throws: Failure.self) {
      try Shapes.trainer(recipe, data, checkpoint: path).run(onEvent: { (event) throws(Failure) in
        if case .epoch = event { throw Failure(.inputOutput, step: "writing", cause: "no reader") }
      })
    }
    #expect(failure?.cause == "no reader")
    let second = try Shapes.trainer(recipe, data, checkpoint: path)
    #expect(try second.resume())
    #expect(second.history.epochs.count == 1)
  }

  @Test func anotherTrainingIsNotGoneOnWith() throws {
    var recipe = Shapes.recipe
    recipe.epochs = 1
    let path = NSTemporaryDirectory() + "checkpoint-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    _ = try Shapes.trainer(recipe, Shapes.data(48, 15), checkpoint: path).run()
    recipe.learningRate = 0.1
    recipe.epochs = 5
    let other = try Shapes.trainer(recipe, Shapes.data(48, 15), checkpoint: path)
    let failure = #expect(throws: Failure.self) { try other.resume() }
    #expect(failure?.kind == .usage)
    let text = failure?.description ?? ""
    #expect(text.contains("epochs was 1 and is 5; learning_rate was 0.004 and is 0.1"), "\(text)")
    #expect(text.contains("--restart"))
    recipe = Shapes.recipe
    recipe.epochs = 1
    let moreData = try Shapes.trainer(recipe, Shapes.data(51, 15), checkpoint: path)
    let second = #expect(throws: Failure.self) { try moreData.resume() }
    #expect(
      second?.description.contains(
        "there were 48 pictures to train with and 15 to validate with, and there are 51 and 15")
        ?? false, "\(String(describing: second))")
  }

  @Test func divergenceIsToldAndTheCheckpointStands() throws {
    var recipe = Shapes.recipe
    recipe.optimizer = .sgd
    // Kernels grow by the rate at every step: numbers in the first epoch, but not for long.
    recipe.epochs = 10
    recipe.learningRate = 1000
    recipe.warmUp = 9.9
    recipe.l2 = 1
    recipe.architecture.name = .classic
    recipe.architecture.filters = [4]
    recipe.architecture.kernels = [3]
    recipe.architecture.denseUnits = [8]
    let path = NSTemporaryDirectory() + "checkpoint-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let trainer = try Shapes.trainer(recipe, Shapes.data(48, 15), checkpoint: path)
    let failure = #expect(throws: Failure.self) { try trainer.run() }
    #expect(failure?.kind == .failed)
    let text = failure?.description ?? ""
    #expect(text.contains("no longer a number") && text.contains("--learning-rate"), "\(text)")
    #expect(try Shapes.trainer(recipe, Shapes.data(48, 15), checkpoint: path).resume())
  }

  @Test func earlyStoppingKeepsTheBest() throws {
    var recipe = Shapes.recipe
    recipe.epochs = 50
    recipe.earlyStopping = 2
    let trainer = try Shapes.trainer(recipe, Shapes.data(90, 30))
    _ = try trainer.run()
    #expect(trainer.history.epochs.count < 50)
    let best = try #require(trainer.history.best)
    #expect(best.epoch == trainer.history.epochs.count - 2)
    #expect(try trainer.result().epoch == best.epoch)
    #expect(throws: Failure.self) {
      try Shapes.trainer(recipe, TrainingData(training: Shapes.set(30, seed: 1)))
    }
  }

  /// A network that knows the shapes is trained on wrong labels.
  @Test func aWorseEpochDoesNotReplaceAModelThatIsTrainedOn() throws {
    let first = try Shapes.trainer(Shapes.recipe, Shapes.data())
    _ = try first.run()
    let before = try #require(first.chosenAccuracy)
    #expect(before > 0.9)
    var start = try StartingPoint(Shapes.recipe)
    var old = try first.model(startedFrom: start, version: "")
    old.information.temperatures[.single] = 1.5
    old.information.others.append(("calibration", .string("of its weights")))
    var recipe = Shapes.recipe
    recipe.epochs = 2
    var options = Trainer.Options()
    options.threads = 1
    options.history = first.history
    options.startEpoch = try first.result().epoch
    let data = try TrainingData(
      training: Shapes.set(180, seed: 1, shift: 1), validation: Shapes.set(60, seed: 2))
    let second = try Trainer(
      recipe, graph: first.result().graph, data: data, preparation: start.preparation, options: options)
    let begun = EpochRecord.StageStart(epoch: try first.result().epoch, validationAccuracy: before)
    var judged: EpochRecord.StageStart?
    _ = try second.run(onEvent: { (event) throws(Failure) in
      if case .evaluatedInitialWeights(let epoch, let accuracy) = event {
        judged = .init(epoch: epoch, validationAccuracy: accuracy)
      }
    })
    #expect(judged == begun)
    #expect(second.history.epochs.count == 10)
    // The epoch after the eighth did not begin with the eighth's weights, and says so.
    let starts = [EpochRecord.StageStart?](repeating: nil, count: 8) + [begun, nil]
    #expect(second.history.epochs.map(\.stageStart) == starts)
    #expect((second.history.epochs.last?.validationAccuracy ?? 1) < before)
    #expect(second.keepsStart && second.chosenAccuracy == before)
    #expect(try second.result().epoch == first.result().epoch)
    #expect(try Shapes.bits(second) == Shapes.bits(first))
    // What was found out about the weights stays true of them.
    start.model = old
    let kept = try second.model(startedFrom: start, version: "").information
    #expect(kept.temperatures[.single] == 1.5 && kept["calibration"]?.string == "of its weights")
    let written = try second.model(startedFrom: start, version: "")
    #expect(try TrainingHistory(keptIn: written).epochs.map(\.stageStart) == starts)
    // Not so if the network is shown something else.
    start.preparation.scale = 0.5
    let other = try second.model(startedFrom: start, version: "").information
    #expect(other.temperatures.isEmpty && other["calibration"] == nil)
    start.preparation.scale = 1
    #expect(try first.model(startedFrom: start, version: "").information.temperatures[.single] == nil)
  }

  /// Averaged weights go with averaged statistics of batch normalization, not with the last ones.
  @Test func theAverageTakesStatisticsToo() throws {
    var recipe = Shapes.recipe
    recipe.epochs = 2
    recipe.average = 0.75
    let trainer = try Shapes.trainer(recipe, TrainingData(training: Shapes.set(48, seed: 1)))
    var weights: [Float] = []
    var statistics: [Float] = []
    func mix(_ average: [Float], _ values: [Float]) -> [Float] {
      average.isEmpty ? values : zip(average, values).map { 0.75 * $0 + 0.25 * $1 }
    }
    _ = try trainer.run(onEvent: { (event) throws(Failure) in
      guard case .step = event else { return }
      weights = mix(weights, try trainer.trained.network.copiedWeights())
      statistics = mix(statistics, try trainer.trained.network.copiedStatistics())
    })
    let graph = try trainer.result().graph
    let last = trainer.trained.network.graph()
    func compare(_ parameters: [TrainingNetwork.Parameter], _ expected: [Float]) throws {
      #expect(!parameters.isEmpty)
      for parameter in parameters {
        let place = try #require(graph.layers.firstIndex { $0.name == parameter.layer })
        let found = try #require(graph.layers[place].weight(parameter.name)).values
        let wanted = Array(expected[parameter.offset..<(parameter.offset + parameter.count)])
        let scale = wanted.map(abs).max() ?? 0
        #expect(
          zip(found, wanted).allSatisfy { abs($0 - $1) <= 1e-5 * scale + 1e-7 },
          "\(parameter.layer) \(parameter.name)")
        #expect(found != last.layers[place].weight(parameter.name)?.values)
      }
    }
    try compare(trainer.trained.network.parameters, weights)
    try compare(trainer.trained.network.statistics, statistics)
  }

  @Test func whatCannotBeTrainedWithIsRefused() throws {
    #expect(throws: Failure.self) { try TrainingData(training: Shapes.set(0, seed: 1)) }
    let one = try PictureSet(
      classes: ["a"], width: 4, height: 4, names: ["x"], labels: [0], pixels: [UInt8](repeating: 0, count: 16)
    )
    let failure = #expect(throws: Failure.self) { try TrainingData(training: one) }
    #expect(failure?.description.contains("only one class") ?? false)
    #expect(throws: Failure.self) {
      try TrainingData(training: Shapes.set(9, seed: 1), validation: Shapes.set(9, side: 20, seed: 1))
    }
  }
}
