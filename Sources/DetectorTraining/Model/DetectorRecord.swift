import FrameStream
import SystemIO
import TrainingReports

/// What one round of a detector's training came to.
package struct DetectorRecord: Sendable, Equatable {
  /// The round, from 1.
  package var epoch: Int
  /// Mean of the loss over its steps.
  package var loss: Double
  /// Mean of the loss of boxes.
  package var boxLoss: Double
  /// The share of cells with an object that the network gave more than a half.
  package var found: Double
  /// The learning rate of the last step.
  package var learningRate: Double
  /// Places of backgrounds that the next round is shown.
  package var mined = 0
  /// False finds of more than a half for each million of pixels of the backgrounds that are held out, or of all.
  package var falseFindsPerMegapixel: Double?
  /// On canvases that are held out: average precision, and recall at 50 false finds.
  package var canvasPrecision: Double?
  package var canvasRecall: Double?
  /// On pictures with boxes: average precision, and recall at 10 and at 50 false finds.
  package var averagePrecision: Double?
  package var recallAt10: Double?
  package var recallAt50: Double?
  /// Seconds for steps, and for everything after them.
  package var stepSeconds: Double?
  package var searchSeconds: Double?

  /// A record without what is measured after the steps.
  package init(epoch: Int, loss: Double, boxLoss: Double, found: Double, learningRate: Double) {
    self.epoch = epoch
    self.loss = loss
    self.boxLoss = boxLoss
    self.found = found
    self.learningRate = learningRate
  }

  private typealias Field = (key: StaticString, path: WritableKeyPath<DetectorRecord, Double?> & Sendable)

  private static let measured: [Field] = [
    ("false_finds_per_megapixel", \.falseFindsPerMegapixel), ("canvas_precision", \.canvasPrecision),
    ("canvas_recall", \.canvasRecall), ("average_precision", \.averagePrecision),
    ("recall_at_10", \.recallAt10), ("recall_at_50", \.recallAt50),
  ]
  private static let times: [Field] = [
    ("step_seconds", \.stepSeconds), ("search_seconds", \.searchSeconds),
  ]

  /// - Parameter withTimes: Whether times are among them, which differ from run to run.
  package func writeFields(to json: inout JSONWriter, withTimes: Bool = true) {
    json.field("epoch", epoch)
    json.field("loss", loss)
    json.field("box_loss", boxLoss)
    json.field("found", found)
    json.field("learning_rate", learningRate)
    json.field("mined", mined)
    for (key, path) in Self.measured + (withTimes ? Self.times : []) {
      if let value = self[keyPath: path] { json.field(key, value) }
    }
  }

  /// - Throws: ``Failure`` (`badInput`) if a number is missing.
  package init(_ json: JSONValue) throws(Failure) {
    guard let epoch = json["epoch"]?.int, let loss = json["loss"]?.double,
      let boxLoss = json["box_loss"]?.double, let found = json["found"]?.double,
      let rate = json["learning_rate"]?.double, let mined = json["mined"]?.int, epoch >= 0
    else {
      throw Failure(.badInput, step: "reading the history", cause: "a round lacks its numbers")
    }
    self.init(epoch: epoch, loss: loss, boxLoss: boxLoss, found: found, learningRate: rate)
    self.mined = mined
    for (key, path) in Self.measured + Self.times { self[keyPath: path] = json["\(key)"]?.double }
  }
}
