import FaceNetwork
import Foundation
import FrameStream
import KerasWriting
import NetworkModel
import PictureData
import SystemIO
import Testing
import TrainingReports

@testable import DetectorTraining

@Suite(.timeLimit(.minutes(3)))
struct DetectorTrainerTests {
  private func bytes(_ trainer: DetectorTrainer) throws -> [UInt8] {
    let model = try #require(try trainer.model(version: "test"))
    return try model.encoded().withBytes { Array($0) }
  }

  /// The same bytes whatever the threads, and however often it is stopped and resumed.
  @Test func resumedTrainingEndsWithTheSameBytes() throws {
    let settings = Squares.settings
    let whole = try Squares.trainer(settings)
    #expect(try whole.run())
    let wanted = try bytes(whole)
    let others = try Squares.trainer(settings, threads: 3, canvasThreads: 3)
    #expect(try others.run())
    #expect(try bytes(others) == wanted)

    let checkpoint = TemporaryPath()
    var (isDone, stops) = (false, 0)
    while !isDone, stops < 40 {
      let part = try Squares.trainer(settings, checkpoint: checkpoint.path, canvasThreads: stops % 2)
      #expect(try part.resume() == (stops > 0))
      // Stopped after some steps, or while the backgrounds are searched: each time a little later.
      var asked = 0
      let limit = 3 + 6 * stops
      isDone = try part.run(isStopped: {
        asked += 1
        return asked > limit
      })
      stops += 1
      if isDone { #expect(try bytes(part) == wanted) }
    }
    #expect(isDone && stops > 2)
  }

  @Test func learnsSquares() throws {
    var settings = Squares.settings
    (settings.steps, settings.epochs, settings.batchSize) = (60, 2, 8)
    settings.canvases.decoyCounts = [1]
    settings.trialCanvases = 100
    let trainer = try Squares.trainer(settings)
    #expect(try trainer.run())
    let records = trainer.history
    #expect(records.count == 2 && records[1].loss < records[0].loss)
    #expect(records[1].found > 0.5, "\(records)")
    #expect(try #require(records[1].canvasPrecision) > 0.3, "\(records.map(\.canvasPrecision))")
  }

  /// A training that starts from a file begins with its weights, is resumed only from the same file, and repeats.
  @Test func startsFromAnotherDetector() throws {
    let settings = Squares.settings
    let first = try Squares.trainer(settings)
    #expect(try first.run())
    let file = TemporaryPath()
    let path = file.path + ".keras"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try #require(try first.model(version: "test")).write(to: path)

    var next = settings
    next.start = try StartingDetector(path: path)
    #expect(next.start?.architecture == settings.architecture)
    #expect(try weights(Squares.trainer(next)) == weights(first))
    #expect(try weights(Squares.trainer(next)) != weights(Squares.trainer(settings)))
    let checkpoint = TemporaryPath()
    let (whole, part) = (try Squares.trainer(next), try Squares.trainer(next, checkpoint: checkpoint.path))
    #expect(try whole.run())
    var asked = 0
    _ = try part.run(isStopped: {
      asked += 1
      return asked > 3
    })
    let failure = #expect(throws: Failure.self) {
      try Squares.trainer(settings, checkpoint: checkpoint.path).resume()
    }
    #expect(failure?.description.contains("from_sha256 was") == true)
    let rest = try Squares.trainer(next, checkpoint: checkpoint.path)
    #expect(try rest.resume() && rest.run())
    #expect(try bytes(rest) == bytes(whole))

    next.architecture.residuals = 2
    #expect(throws: Failure.self) { try Squares.trainer(next) }
    // The same network, of which the file does not say that it is a detector.
    let graph = try settings.architecture.graph(side: 64, seed: 1)
    try ModelFile(graph: graph, information: ModelInformation()).write(to: path)
    #expect(throws: Failure.self) { try StartingDetector(path: path) }
  }

  private func weights(_ trainer: DetectorTrainer) throws -> [[Float]] {
    try trainer.evaluatedModel().example.layers.flatMap { $0.weights.map(\.values) }
  }

  @Test func otherTrainingsAreNotResumed() throws {
    let checkpoint = TemporaryPath()
    let settings = Squares.settings
    var asked = 0
    _ = try Squares.trainer(settings, checkpoint: checkpoint.path).run(isStopped: {
      asked += 1
      return asked > 2
    })
    var other = settings
    other.learningRate = 0.02
    let failure = #expect(throws: Failure.self) {
      try Squares.trainer(other, checkpoint: checkpoint.path).resume()
    }
    #expect(failure?.kind == .usage)
    #expect(failure?.description.contains("learning_rate was 0.01 and is 0.02") == true)
    // Damage is reported, wherever it is.
    let bytes = try #require(FileManager.default.contents(atPath: checkpoint.path))
    for place in stride(from: 0, to: bytes.count, by: bytes.count / 23) {
      var damaged = bytes
      damaged[place] ^= 0x40
      try damaged.write(to: URL(fileURLWithPath: checkpoint.path))
      #expect(throws: Failure.self) { try Squares.trainer(settings, checkpoint: checkpoint.path).resume() }
    }
  }

  @Test func theModelSaysWhatItIs() throws {
    var settings = Squares.settings
    (settings.steps, settings.epochs) = (2, 1)
    let trainer = try Squares.trainer(settings)
    #expect(try trainer.run())
    let file = TemporaryPath()
    let path = file.path + ".keras"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try #require(try trainer.model(version: "test")).write(to: path)
    let model = try DetectionModel(path: path)
    guard case .keras(let read, let description) = model.source else {
      Issue.record("no Keras file")
      return
    }
    #expect(read.graph.hasFreeSize && model.fixedSize == nil && model.sha256 != nil)
    #expect(description.object == "square" && description.stride == 8 && description.aspect == 1)
    #expect(description.sizes == settings.canvases.sizes.learned)
    #expect(read.information["history"]?.array?.count == 1)
    let refused = #expect(throws: Failure.self) { try ModelFile(path: path) }
    #expect(refused?.description.contains("size is not fixed") == true)
    // What was written finds what the network in training does.
    let side = 96
    let picture = PackedPicture(
      width: side, height: side, channels: 1,
      bytes: (0..<(side * side)).map {
        (30..<60).contains($0 % side) && (30..<60).contains($0 / side) ? 240 : 90
      })
    func found(_ model: DetectionModel) throws -> [ObjectBox] {
      try NetworkObjectFinder(model, minimumScore: 0, maximumSide: 0, threads: 1).find(in: picture).map(\.box)
    }
    let boxes = try found(model)
    #expect(try !boxes.isEmpty && boxes == found(trainer.evaluatedModel()))
  }

  @Test func settingsOutOfRangeAreRefused() throws {
    for change: (inout DetectorSettings) -> Void in [
      { $0.epochs = 0 }, { $0.steps = 0 }, { $0.batchSize = 5000 }, { $0.architecture.filters = [1, 2] },
      { $0.architecture.filters = [0, 2, 3] }, { $0.learningRate = 0 }, { $0.object = "" },
      { $0.average = 1 },
    ] {
      var settings = Squares.settings
      change(&settings)
      #expect(throws: Failure.self) { try Squares.trainer(settings) }
    }
  }
}
