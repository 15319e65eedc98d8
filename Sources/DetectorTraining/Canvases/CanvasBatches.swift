import NetworkModel
import PictureData
import SystemIO

/// Batches of canvases, each made for its number in the training.
struct CanvasBatches: BatchSource {
  /// What canvases depend on besides their numbers.
  struct Epoch: Sendable {
    /// Which one it is, from 0.
    var number: Int
    /// What the network has taught before it.
    var feedback: CanvasFeedback
  }

  let synthesis: CanvasSynthesis
  let targets: CellTargets
  let preprocessing: Preprocessing
  let seed: UInt64
  let stepCount: Int
  let pictureLimit: Int

  var inputCount: Int { targets.side * targets.side }
  var targetCount: Int { 4 * targets.count }
  /// The crop of the object that each cell is to find, or -1.
  var noteCount: Int { targets.count }

  func count(ofStep step: Int) -> Int { (0..<stepCount).contains(step) ? pictureLimit : 0 }

  func makeMaker() throws(Failure) -> CanvasBatchMaker { try CanvasBatchMaker(self) }
}

/// Makes them; for one thread.
struct CanvasBatchMaker: BatchMaking {
  private let source: CanvasBatches
  private let painter: CanvasPainter
  private var pixels: [UInt8]
  private var placed: [PlacedObject] = []
  /// The input's value for each gray level.
  private let values: [Float]

  init(_ source: CanvasBatches) throws(Failure) {
    self.source = source
    painter = try CanvasPainter(source.synthesis)
    pixels = [UInt8](repeating: 0, count: source.inputCount)
    let (scale, offset) = (source.preprocessing.scale, source.preprocessing.offset)
    values = (0..<256).map { Float($0) * scale + offset }
  }

  mutating func make(step: Int, of epoch: CanvasBatches.Epoch, into batch: Batch) throws(Failure) {
    let count = source.pictureLimit
    let first = (epoch.number * source.stepCount + step) * count
    for picture in 0..<count {
      try pixels.withUnsafeMutableBufferPointer { (pixels) throws(Failure) in
        try painter.paint(
          UInt64(first + picture), seed: source.seed, epoch.feedback, into: pixels.baseAddress!, &placed)
      }
      let input = batch.input + picture * source.inputCount
      for index in pixels.indices { input[index] = values[Int(pixels[index])] }
      source.targets.write(
        placed, to: batch.targets + picture * source.targetCount, batch.notes + picture * source.noteCount)
      batch.weights[picture] = 1
    }
  }
}
