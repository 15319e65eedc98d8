import FrameStream
import NetworkEngine
import NetworkModel
import NetworkTraining
import PictureData
import SystemIO

/// Every hyper-parameter of a detector's training. Two trainings with the same settings and pictures give the same
/// weights.
package struct DetectorSettings: Sendable, Equatable {
  /// What is found, in the singular.
  package var object = "face"
  /// The network.
  package var architecture = DetectorArchitecture()
  /// A detector of that architecture whose weights the training begins with; nil to draw them.
  package var start: StartingDetector?
  /// How canvases are made.
  package var canvases = CanvasSettings()
  /// Rounds: after each, the network is tried on all backgrounds.
  package var epochs = 12
  /// Steps of a round.
  package var steps = 2000
  /// Canvases of a step.
  package var batchSize = 32
  /// The random seed.
  package var seed = 1
  /// The highest learning rate, after ``warmUpSteps``; it falls to 0 along half a cosine.
  package var learningRate = 0.0025
  /// Steps in which the rate rises first.
  package var warmUpSteps = 100
  /// Decoupled weight decay.
  package var weightDecay = 0.0001
  /// The largest norm of all gradients together.
  package var clipNorm = 5.0
  /// Momentum of the moving average of the weights.
  package var average = 0.999
  /// Numbers to compute with; weights stay f32.
  package var precision = Precision.f32
  /// The loss.
  package var loss = DetectionLoss()
  /// With n, every nth crop and every nth background is used for measuring, not for training; 0 for none.
  package var heldOut = 20
  /// Canvases of them that the network is measured on after each round, and its scores are calibrated with.
  package var trialCanvases = 500

  /// The settings that the shipped detector began with.
  package init() {}

  /// The names and values of all, in the order in which they are written.
  package var fields: [(key: String, value: JSONValue)] {
    [
      ("object", .string(object)),
      ("filters", .array(architecture.filters.map { JSONValue(writing: $0) })),
      ("residuals", JSONValue(writing: architecture.residuals)), ("epochs", JSONValue(writing: epochs)),
      ("steps", JSONValue(writing: steps)), ("batch_size", JSONValue(writing: batchSize)),
      ("seed", JSONValue(writing: seed)), ("learning_rate", JSONValue(writing: learningRate)),
      ("warm_up_steps", JSONValue(writing: warmUpSteps)), ("weight_decay", JSONValue(writing: weightDecay)),
      ("clip_norm", JSONValue(writing: clipNorm)), ("average", JSONValue(writing: average)),
      ("precision", .string(precision.rawValue)), ("focus", JSONValue(writing: loss.focus)),
      ("object_weight", JSONValue(writing: loss.objectWeight)),
      ("empty_weight", JSONValue(writing: loss.emptyWeight)),
      ("box_weight", JSONValue(writing: loss.boxWeight)),
      ("size_weight", JSONValue(writing: loss.sizeWeight)),
      (
        "sizes",
        .array(
          [canvases.sizes.learned.lowerBound, canvases.sizes.learned.upperBound].map {
            JSONValue(writing: $0)
          })
      ),
      ("rotation", JSONValue(writing: canvases.pose.reach)),
      ("mirrored", JSONValue(writing: canvases.pose.mirrored)), ("canvas", JSONValue(writing: canvases.side)),
      ("canvas_settings", .string(canvasChecksum)), ("held_out", JSONValue(writing: heldOut)),
      ("trial_canvases", JSONValue(writing: trialCanvases)),
    ] + (start.map { [("from_sha256", .string($0.sha256))] } ?? [])
  }

  /// A number for everything that canvases are made by.
  private var canvasChecksum: String {
    var checksum = Checksum()
    checksum.add("\(canvases)")
    return checksum.text
  }

  /// Writes them as a JSON object.
  package func write(to writer: inout JSONWriter) {
    writer.object { object in
      for (key, value) in fields {
        object.key(key)
        object.value(value)
      }
    }
  }

  /// What differs from what an older training was made with, in words: `steps was 100 and is 200`.
  func differences(from old: JSONValue?) -> [String] {
    func text(_ value: JSONValue?) -> String {
      var writer = JSONWriter()
      if let value { writer.value(value) } else { writer.null() }
      return String(decoding: writer.bytes, as: UTF8.self)
    }
    let absent = start == nil ? [("from_sha256", JSONValue.null)] : []
    return (fields + absent).compactMap { key, value in
      let (before, now) = (text(old?[key]), text(value))
      return before == now ? nil : "\(key) was \(before) and is \(now)"
    }
  }

  /// Checks the ranges.
  /// - Throws: ``Failure`` (`usage`) naming what is out of range.
  package func validate() throws(Failure) {
    func refuse(_ name: String, _ range: String) -> Failure {
      Failure(.usage, step: "detector settings", subject: name, cause: "must be from \(range)")
    }
    guard (1...100_000).contains(epochs) else { throw refuse("epochs", "1 to 100000") }
    guard (1...1_000_000).contains(steps) else { throw refuse("steps", "1 to 1000000") }
    guard (1...1024).contains(batchSize) else { throw refuse("batch_size", "1 to 1024") }
    guard seed >= 0 else { throw refuse("seed", "0 up") }
    guard (1e-9...100).contains(learningRate) else { throw refuse("learning_rate", "1e-9 to 100") }
    guard (0...0.999999).contains(average) else { throw refuse("average", "0 to 0.999999") }
    guard (0...1).contains(weightDecay) else { throw refuse("weight_decay", "0 to 1") }
    guard (1e-6...1e6).contains(clipNorm) else { throw refuse("clip_norm", "1e-6 to 1e6") }
    guard heldOut == 0 || (2...1000).contains(heldOut) else { throw refuse("held_out", "2 to 1000, or 0") }
    if let start, start.architecture != architecture {
      throw Failure(
        .usage, step: "detector settings", subject: "filters and residuals",
        cause: "the detector that the training starts from has other ones")
    }
    guard (1...100_000).contains(trialCanvases) else { throw refuse("trial_canvases", "1 to 100000") }
    guard object.utf8.count <= 64, !object.isEmpty else { throw refuse("object", "1 to 64 bytes") }
    let largest = steps * epochs
    guard warmUpSteps >= 0, warmUpSteps <= largest else { throw refuse("warm_up_steps", "0 to all steps") }
  }

  /// The optimizer.
  var optimizer: OptimizerConfiguration {
    var result = OptimizerConfiguration(.adamW)
    result.weightDecay = Float(weightDecay)
    result.clipping = .globalNorm(Float(clipNorm))
    return result
  }

  /// How the learning rate moves.
  var schedule: LearningRateSchedule {
    var schedule = LearningRateSchedule()
    schedule.shape = .cosine
    schedule.peak = learningRate
    // A training shorter than the usual warm-up still has its cosine.
    schedule.warmUpEpochs = min(Double(warmUpSteps) / Double(steps), Double(epochs) / 4)
    return schedule
  }
}
