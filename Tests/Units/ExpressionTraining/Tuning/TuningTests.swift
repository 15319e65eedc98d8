import ExpressionNet
import Foundation
import FrameStream
import PictureData
import ShapePictures
import SystemIO
import Testing

@testable import ExpressionTraining

@Suite(.timeLimit(.minutes(3)))
struct TuningTests {
  private func space(_ text: String) throws -> SearchSpace {
    try SearchSpace(JSONValue(JSONText(parsing: Array(text.utf8))))
  }

  @Test func drawsAreWithinTheSpaceAndRepeatable() throws {
    let space = try space(
      """
      {"learning_rate": {"min": 1e-4, "max": 1e-1, "scale": "log"}, "batch_size": [16, 32],
       "patience": {"min": 2, "max": 9, "whole": true}, "filters": [[4, 8], [8, 16]], "flip": [true, false]}
      """)
    var (generator, twin) = (SeededGenerator(seed: 5), SeededGenerator(seed: 5))
    var (small, batches) = (0, Set<Int>())
    for _ in 0..<500 {
      let settings = space.draw(&generator)
      var recipe = Recipe()
      for (key, value) in settings { try recipe.set(key, to: value) }
      var other = Recipe()
      for (key, value) in space.draw(&twin) { try other.set(key, to: value) }
      #expect(recipe == other)
      #expect((1e-4...1e-1).contains(recipe.peakRate) && (2...9).contains(recipe.patience))
      if recipe.peakRate < 1e-3 { small += 1 }
      batches.insert(recipe.batchSize)
    }
    // A third of the decades.
    #expect((120...220).contains(small), "\(small)")
    #expect(batches == [16, 32])
  }

  @Test(arguments: [
    ("{}", "hyper-parameters to search"), ("[1]", "hyper-parameters to search"),
    (#"{"learning_rat": [1]}"#, "no such hyper-parameter"), (#"{"epochs": [1]}"#, "cannot be searched"),
    (#"{"batch_size": {"min": 1e300, "max": 1e301, "whole": true}}"#, "at most 1e15"),
    (#"{"batch_size": []}"#, "must be a list"), (#"{"batch_size": [0]}"#, "whole number"),
    (#"{"dropout": {"min": 0.5}}"#, "must be a list"), (#"{"dropout": {"min": 0.5, "max": 0.1}}"#, "must be"),
    (#"{"dropout": {"min": 0, "max": 0.5, "scale": "log"}}"#, "scale must be"),
    (#"{"dropout": {"min": 0, "max": 2}}"#, "from 0.0 to 0.95"),
    (#"{"dropout": {"min": 0, "max": 0.5, "step": 1}}"#, "not one of min, max"),
  ])
  func mistakesAreNamed(_ text: String, _ message: String) throws {
    let failure = #expect(throws: Failure.self) { try space(text) }
    #expect(failure?.kind == .badInput)
    #expect(failure?.description.contains(message) ?? false, "\(String(describing: failure))")
  }

  private func record(_ seed: Int, _ number: Int, _ rung: Int, _ score: Double?) throws -> TrialRecord {
    let status = score == nil ? "failed" : "ok"
    let text = """
      {"type":"trial","trial_seed":\(seed),"number":\(number),"rung":\(rung),"epochs":1,"status":"\(status)",
       "val_accuracy":\(score.map { "\($0)" } ?? "null"),"settings":{}}
      """.filter { $0 != "\n" }
    let path = NSTemporaryDirectory() + "records-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data((text + "\n").utf8).write(to: URL(fileURLWithPath: path))
    return try #require(try TrialRecords(path: path).read().first)
  }

  @Test func theBestPartGoesOn() throws {
    let halving = SuccessiveHalving(first: 1, epochs: 9, reduction: 3)
    #expect(halving.rungs == [1, 3, 9])
    #expect(SuccessiveHalving(first: 2, epochs: 7, reduction: 2).rungs == [2, 4, 7])
    #expect(SuccessiveHalving(first: 5, epochs: 3, reduction: 2).rungs == [3])
    var records = [try record(1, 0, 0, 0.5), try record(1, 1, 0, 0.6)]
    #expect(halving.promotion(records, seed: 1) == nil, "two are too few")
    records.append(try record(2, 0, 0, 0.9))
    #expect(halving.promotion(records, seed: 1) == nil, "the best is the other's")
    #expect(halving.promotion(records, seed: 2)?.trial == "2-0")
    records += [try record(1, 2, 0, nil), try record(1, 3, 0, 0.7), try record(1, 4, 0, 0.1)]
    #expect(halving.promotion(records, seed: 1) == nil, "a failed one is not counted")
    records.append(try record(1, 5, 0, 0.2))
    #expect(halving.promotion(records, seed: 1)?.trial == "1-3")
    records.append(try record(1, 3, 1, 0.75))
    #expect(halving.promotion(records, seed: 1) == nil, "once is enough")
  }

  /// Twenty trials of 16 epochs: by whole thirds alone none would be trained for 16.
  @Test func aSearchEndsWithAWholeTraining() throws {
    let halving = SuccessiveHalving(first: 1, epochs: 16, reduction: 3)
    var records = try (0..<20).map { try record(1, $0, 0, 0.3 + 0.01 * Double($0)) }
    for isFinishing in [false, true] {
      while let next = halving.promotion(records, seed: 1, isFinishing: isFinishing) {
        records.append(try record(1, next.number, next.rung + 1, next.score))
      }
      let counts = halving.rungs.indices.map { rung in records.count { $0.rung == rung } }
      #expect(counts == [20, 6, 2, isFinishing ? 1 : 0])
    }
    #expect(records.last?.trial == "1-19")
    #expect(halving.promotion([], seed: 1, isFinishing: true) == nil)
  }

  @Test func whatIsNotOfTheSearchIsRefusedAndLeft() throws {
    let folder = NSTemporaryDirectory() + "tuning-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let records = folder + "/r.ndjson"
    let model = folder + "/best.keras"
    func search(
      _ space: String, _ data: TrainingData, epochs: Int = 1, _ names: (records: String, model: String)
    ) throws {
      var recipe = Shapes.recipe
      recipe.epochs = epochs
      var options = Tuner.Options(
        records: names.records, folder: folder + "/trials", model: names.model)
      options.trials = 1
      options.threads = 1
      let tuner = try Tuner(recipe, space: self.space(space), data: data, options: options)
      #expect(try tuner.run(isStopped: { false }, onEvent: { _ in }))
    }
    func expectRefusal(_ path: String, _ words: String, _ search: () throws -> Void) {
      let before = [records, model].map { FileManager.default.contents(atPath: $0) }
      let failure = #expect(throws: Failure.self) { try search() }
      #expect(failure?.kind == .usage && failure?.subject == path, "\(String(describing: failure))")
      #expect(failure?.cause.contains("\(words); ") ?? false, "\(String(describing: failure))")
      #expect([records, model].map { FileManager.default.contents(atPath: $0) } == before)
    }
    let data = try Shapes.data(30, 15)
    let first = #"{"batch_size": [8]}"#
    try search(first, data, (records, model))
    try search(first, data, (records, model))
    let second = #"{"batch_size": [16]}"#
    expectRefusal(records, "of another search") { try search(second, data, (records, model)) }
    expectRefusal(records, "of another set of pictures") {
      try search(first, Shapes.data(33, 15), (records, model))
    }
    expectRefusal(records, "of another recipe, another search") {
      try search(first, data, epochs: 2, (records, model))
    }
    // A model of a search, but of another one; and one that no search made.
    expectRefusal(model, "of another search") { try search(second, data, (folder + "/other", model)) }
    try Data("no model".utf8).write(to: URL(fileURLWithPath: model))
    expectRefusal(model, "of an unknown search") { try search(first, data, (records, model)) }
    try FileManager.default.removeItem(atPath: model)
    expectRefusal(records, "is gone") { try search(first, data, (records, model)) }
  }

  /// What network is made is nothing to be searched where it comes from a file.
  @Test func theNetworkOfAFileIsNotSearched() throws {
    var recipe = Recipe()
    let network: Set<String> = ["filters", "kernels", "dropout"]
    #expect(network.isSubset(of: SearchSpace.standard(for: recipe).dimensions.map(\.key)))
    let spaces = try ["architecture", "dropout"].map {
      ($0, try space(#"{"batch_size": [8], "\#($0)": [\#($0 == "dropout" ? "0.5" : "\"classic\"")]}"#))
    }
    for (_, space) in spaces { try space.check(recipe) }
    recipe.from = "m.keras"
    let keys = Set(SearchSpace.standard(for: recipe).dimensions.map(\.key))
    #expect(keys.isDisjoint(with: network) && keys.contains("learning_rate"))
    for (key, space) in spaces {
      let failure = #expect(throws: Failure.self) { try space.check(recipe) }
      #expect(failure?.kind == .usage && failure?.subject == key, "\(String(describing: failure))")
    }
    try space(#"{"batch_size": [8], "rotation": [8]}"#).check(recipe)
  }

  @Test func aLineThatWasCutIsPassedOver() throws {
    let path = NSTemporaryDirectory() + "records-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let records = TrialRecords(path: path)
    #expect(try records.read().isEmpty)
    let one = try record(1, 0, 0, 0.5)
    try records.append(one)
    try Data((one.line + #"{"type":"trial","tri"#).utf8).write(to: URL(fileURLWithPath: path))
    try records.append(try record(1, 1, 0, 0.6))
    #expect(try records.read().map(\.trial) == ["1-0", "1-1"])
  }

  @Test func whatARecordTellsOfIsDoneBeforeIt() throws {
    let path = NSTemporaryDirectory() + "records-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let records = TrialRecords(path: path)
    let one = try record(1, 0, 0, 0.5)
    #expect(throws: Failure.self) {
      try records.append(one) { () throws(Failure) in
        throw Failure(.inputOutput, step: "writing", cause: "no room")
      }
    }
    #expect(try records.read().isEmpty)
    try records.append(one) { () throws(Failure) in #expect(try records.read().isEmpty) }
    #expect(try records.read().count == 1)
  }

  @Test(arguments: [#"["none", {"triangle": 2}]"#, #"["balanced", "triangle=2"]"#])
  func choicesOfClassWeightsAreForItsClasses(_ choices: String) throws {
    let folder = NSTemporaryDirectory() + "tuning-\(UUID().uuidString)"
    let options = Tuner.Options(records: folder + ".ndjson", folder: folder, model: folder + ".keras")
    let space = try space(#"{"batch_size": [8], "class_weights": \#(choices)}"#)
    let failure = #expect(throws: Failure.self) {
      try Tuner(Shapes.recipe, space: space, data: Shapes.data(30, 15), options: options)
    }
    #expect(failure?.kind == .usage && failure?.subject == "search", "\(String(describing: failure))")
    #expect(!FileManager.default.fileExists(atPath: folder))
  }

  /// The ends that a kill may make: before the model, and between the model and the record that names it.
  @Test func theBestModelIsThereBeforeItsRecord() throws {
    let folder = NSTemporaryDirectory() + "tuning-\(UUID().uuidString)"
    let model = folder + "/best.keras"
    // A folder has the model's name.
    try FileManager.default.createDirectory(atPath: model, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var recipe = Shapes.recipe
    recipe.epochs = 1
    var options = Tuner.Options(records: folder + "/r.ndjson", folder: folder + "/trials", model: model)
    options.trials = 1
    options.threads = 1
    let space = try space(#"{"batch_size": [8]}"#)
    let data = try Shapes.data(30, 15)
    func search(_ steps: inout Int) throws {
      var count = 0
      let isDone = try Tuner(recipe, space: space, data: data, options: options).run(
        isStopped: { false },
        onEvent: { (event) throws(Failure) in if case .training(_, .step) = event { count += 1 } })
      #expect(isDone)
      steps = count
    }
    let records = TrialRecords(path: options.records)
    var steps = 0
    let failure = #expect(throws: Failure.self) { try search(&steps) }
    #expect(failure?.kind == .inputOutput && failure?.subject == model, "\(String(describing: failure))")
    #expect(try records.read().isEmpty)
    // What was trained is in the trial's checkpoint: only the model and the record are made.
    try FileManager.default.removeItem(atPath: model)
    try search(&steps)
    #expect(steps == 0)
    let score = try #require(try records.read().first?.score)
    #expect(
      try ExpressionModel(path: model).information["provenance"]?["validation_accuracy"]?.double == score)
    let bytes = FileManager.default.contents(atPath: model)
    // Killed before the record: trained again to the same model.
    try FileManager.default.removeItem(atPath: options.records)
    try search(&steps)
    #expect(steps > 0)
    #expect(try records.read().map(\.score) == [score])
    #expect(FileManager.default.contents(atPath: model) == bytes)
  }

  @Test func aSearchFindsSomethingAndGoesOnWhereItWasStopped() throws {
    let folder = NSTemporaryDirectory() + "tuning-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var recipe = Shapes.recipe
    recipe.epochs = 4
    let space = try space(
      #"{"learning_rate": {"min": 1e-4, "max": 0.02, "scale": "log"}, "batch_size": [8, 16]}"#)
    func search(_ name: String, stopsAfter limit: Int) throws -> (Bool, [String]) {
      var options = Tuner.Options(
        records: "\(folder)/\(name).ndjson", folder: "\(folder)/\(name)", model: "\(folder)/\(name).keras")
      options.trials = 6
      options.reduction = 2
      options.threads = 1
      let tuner = try Tuner(recipe, space: space, data: Shapes.data(60, 30), options: options)
      var steps = 0
      let isDone = try tuner.run(
        isStopped: { steps >= limit },
        onEvent: { (event) throws(Failure) in if case .training(_, .step) = event { steps += 1 } })
      return (isDone, try tuner.curves().map { "\($0.name): \($0.points.map(\.score))" })
    }
    let (isDone, whole) = try search("whole", stopsAfter: .max)
    #expect(isDone && whole.count == 6)
    var rounds = 0
    while rounds < 60, try !search("parts", stopsAfter: 17).0 { rounds += 1 }
    #expect(rounds > 2)
    #expect(try search("parts", stopsAfter: 17).1 == whole)
    let models = ["whole", "parts"].map { FileManager.default.contents(atPath: "\(folder)/\($0).keras") }
    #expect(models[0] != nil && models[0] == models[1])
    #expect(!FileManager.default.fileExists(atPath: "\(folder)/parts"))
  }
}
