import FrameStream
import NetworkTraining
import PictureData
import SystemIO

/// What a detector's training depends on: only a checkpoint with the same identity can be resumed.
struct DetectorIdentity {
  let settings: DetectorSettings
  /// Crops and backgrounds to train with.
  let (crops, backgrounds): (Int, Int)
  /// The fingerprint of all pictures.
  let data: String

  func writeFields(to object: inout JSONWriter) {
    object.key("settings")
    settings.write(to: &object)
    object.key("pictures")
    object.array {
      $0.value(crops)
      $0.value(backgrounds)
    }
    object.field("data", data)
  }

  /// - Throws: ``Failure`` (`usage`) if a checkpoint's state is of other settings or pictures, naming the differences.
  func check(_ state: JSONValue) throws(Failure) {
    var differences = settings.differences(from: state["settings"])
    let counts = state["pictures"]?.array?.compactMap(\.int) ?? []
    if counts.count == 2, counts != [crops, backgrounds] {
      differences.append(
        "there were \(counts[0]) crops and \(counts[1]) backgrounds, and there are \(crops) and \(backgrounds)"
      )
    } else if state["data"]?.string != data {
      differences.append("the pictures differ")
    }
    guard differences.isEmpty else {
      throw Failure(
        .usage, step: "the checkpoint is of another training",
        cause: differences.joined(separator: "; ")
          + ". Repeat the original command to resume, or use --restart to drop the checkpoint")
    }
  }
}

/// A detector's training at one step: everything that it takes to continue to the same result.
struct DetectorCheckpoint {
  let identity: DetectorIdentity
  var position = DetectorPosition()
  var history: [DetectorRecord] = []
  /// The weights in training, and the optimizer's state.
  var weights: SavedWeights
  var average: WeightAverage?
  /// What the network has shown of the crops, and what canvases of the current round are drawn by.
  var hardness: CropHardness
  var drawn: [Float]
  var mined: [MinedSpot]

  /// Replaces the file at `path` once this checkpoint is on the disk.
  func write(to path: String) throws(Failure) {
    var arrays: [(name: String, values: [Float])] = [
      ("weights", weights.weights), ("statistics", weights.statistics), ("hardness", hardness.losses),
      ("drawn", drawn), ("mined", mined.flatMap { [Float($0.background), $0.x, $0.y, $0.side] }),
    ]
    for (index, values) in weights.optimizer.arrays.enumerated() {
      arrays.append(("optimizer/\(index)", values))
    }
    if let average {
      arrays += [("average/weights", average.weights), ("average/statistics", average.statistics)]
    }
    var state = JSONWriter()
    state.object { object in
      object.field("detector", 1)
      identity.writeFields(to: &object)
      object.key("optimizer")
      object.array {
        $0.value(weights.optimizer.iterations)
        $0.value(weights.optimizer.learningRate)
      }
      object.key("position")
      position.write(to: &object)
      object.key("history")
      object.array { list in for record in history { list.object { record.writeFields(to: &$0) } } }
    }
    do throws(Failure) {
      try CheckpointFile.write(path, state: state, arrays: arrays)
    } catch {
      throw error.afterFailedCheckpoint(path)
    }
  }

  /// Reads the file at `path`.
  /// - Throws: ``Failure`` naming the file: (`badInput`) if it is damaged; (`usage`) if it is of another training.
  init(path: String, of identity: DetectorIdentity) throws(Failure) {
    let file = try CheckpointFile(path: path)
    do throws(Failure) {
      guard file.state["detector"]?.int == 1 else {
        throw Failure(
          .usage, step: "the checkpoint is of another training",
          cause: "it is not a detector's; use --restart to drop it")
      }
      try identity.check(file.state)
      try self.init(file, identity)
    } catch {
      throw error.within(path)
    }
  }

  private init(_ file: CheckpointFile, _ identity: DetectorIdentity) throws(Failure) {
    let damaged = Failure(
      .badInput, step: "reading the checkpoint",
      cause: "it lacks values that a training needs, or has counts out of range; use --restart")
    let settings = identity.settings
    guard let weights = file.arrays["weights"], let statistics = file.arrays["statistics"],
      let hardness = file.arrays["hardness"], let drawn = file.arrays["drawn"],
      let mined = file.arrays["mined"], mined.count % 4 == 0,
      hardness.count == identity.crops, drawn.isEmpty || drawn.count == identity.crops,
      let position = file.state["position"].flatMap({ DetectorPosition($0) }),
      let optimizer = file.state["optimizer"]?.array, optimizer.count == 2,
      let iterations = optimizer[0].int, let rate = optimizer[1].double,
      Optimizer.counts.contains(iterations), (0...settings.epochs).contains(position.epoch),
      (0...settings.steps).contains(position.step)
    else { throw damaged }
    var spots: [MinedSpot] = []
    for index in stride(from: 0, to: mined.count, by: 4) {
      guard let background = Int(exactly: mined[index]), (0..<identity.backgrounds).contains(background),
        mined[index + 1].isFinite, mined[index + 2].isFinite, mined[index + 3] > 0, mined[index + 3].isFinite
      else { throw damaged }
      spots.append(
        MinedSpot(background: background, x: mined[index + 1], y: mined[index + 2], side: mined[index + 3]))
    }
    var arrays: [[Float]] = []
    while let next = file.arrays["optimizer/\(arrays.count)"] { arrays.append(next) }
    if settings.average > 0 {
      guard let weights = file.arrays["average/weights"], let statistics = file.arrays["average/statistics"]
      else { throw damaged }
      average = WeightAverage(momentum: settings.average, weights: weights, statistics: statistics)
    }
    self.identity = identity
    self.position = position
    for record in file.state["history"]?.array ?? [] { history.append(try DetectorRecord(record)) }
    guard history.count == position.epoch else { throw damaged }
    self.weights = SavedWeights(
      weights: weights, statistics: statistics,
      optimizer: .init(iterations: iterations, learningRate: Float(rate), arrays: arrays))
    self.hardness = CropHardness(losses: hardness)
    (self.drawn, self.mined) = (drawn, spots)
  }

  init(
    identity: DetectorIdentity, position: DetectorPosition, history: [DetectorRecord], weights: SavedWeights,
    average: WeightAverage?, hardness: CropHardness, drawn: [Float], mined: [MinedSpot]
  ) {
    self.identity = identity
    self.position = position
    self.history = history
    self.weights = weights
    self.average = average
    self.hardness = hardness
    self.drawn = drawn
    self.mined = mined
  }
}
