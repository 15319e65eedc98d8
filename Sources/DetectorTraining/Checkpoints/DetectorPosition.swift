import FrameStream

/// The progress of a detector's training.
struct DetectorPosition: Equatable {
  /// Rounds done.
  var epoch = 0
  /// Steps done of the current round.
  var step = 0
  // Sums over the current round.
  var lossSum = 0.0
  var boxSum = 0.0
  var found = 0
  var cells = 0
  var seconds = 0.0
  /// The learning rate of the last step.
  var learningRate = 0.0

  var loss: Double { step > 0 ? lossSum / Double(step) : 0 }
  var boxLoss: Double { step > 0 ? boxSum / Double(step) : 0 }
  var foundShare: Double { cells > 0 ? Double(found) / Double(cells) : 0 }

  /// Moves on to the next round.
  mutating func endEpoch() {
    let (epoch, rate) = (epoch + 1, learningRate)
    self = DetectorPosition()
    (self.epoch, learningRate) = (epoch, rate)
  }

  func write(to writer: inout JSONWriter) {
    writer.object { json in
      json.field("epoch", epoch)
      json.field("step", step)
      json.field("loss_sum", lossSum)
      json.field("box_sum", boxSum)
      json.field("found", found)
      json.field("cells", cells)
      json.field("seconds", seconds)
      json.field("learning_rate", learningRate)
    }
  }

  init() {}

  /// Nil if a key is missing, of the wrong type, or no count.
  init?(_ json: JSONValue) {
    let counts = 0...1 << 40
    guard let epoch = json["epoch"]?.int, let step = json["step"]?.int,
      let lossSum = json["loss_sum"]?.double, let boxSum = json["box_sum"]?.double,
      let found = json["found"]?.int, let cells = json["cells"]?.int,
      let seconds = json["seconds"]?.double, let rate = json["learning_rate"]?.double,
      counts.contains(epoch), counts.contains(step), counts.contains(cells), (0...cells).contains(found),
      seconds >= 0
    else { return nil }
    (self.epoch, self.step, self.lossSum, self.boxSum) = (epoch, step, lossSum, boxSum)
    (self.found, self.cells, self.seconds, learningRate) = (found, cells, seconds, rate)
  }
}
