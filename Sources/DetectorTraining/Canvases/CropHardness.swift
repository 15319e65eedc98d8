import NetworkEngine
import PictureData

/// How badly the network finds each crop: crops that it finds badly are drawn more often.
struct CropHardness: Sendable, Equatable {
  /// A moving mean of the loss of each crop's cells; -1 for one that no canvas has shown yet.
  private(set) var losses: [Float]

  /// How much of a new loss goes into the mean.
  private static let change: Float = 0.3
  /// How likely a crop without any loss is drawn, compared with one of the mean loss plus this.
  private static let least: Float = 0.5
  /// The most: what cannot be learned, as a crop without the object, must not take over.
  private static let most: Float = 3

  /// Nothing is known of any crop.
  init(count: Int) { losses = [Float](repeating: -1, count: count) }

  /// As a checkpoint keeps it.
  init(losses: [Float]) { self.losses = losses }

  /// Adds what a step has shown.
  /// - Parameters:
  ///   - crops: For each cell, the crop that it is to find, or -1.
  ///   - cells: For each cell the four values that ``TrainingNetwork/withOutput(_:)`` gives.
  mutating func add(
    _ crops: UnsafeBufferPointer<Int32>, _ cells: UnsafeBufferPointer<Float>, boxWeight: Float
  ) {
    var sums: [Int: (loss: Float, cells: Float)] = [:]
    var order: [Int] = []
    for (cell, crop) in crops.enumerated() where crop >= 0 && losses.indices.contains(Int(crop)) {
      let loss = cells[4 * cell + 1] + boxWeight * cells[4 * cell + 2]
      if sums[Int(crop)] == nil { order.append(Int(crop)) }
      let sum = sums[Int(crop)] ?? (0, 0)
      sums[Int(crop)] = (sum.loss + loss, sum.cells + 1)
    }
    for crop in order {
      guard let sum = sums[crop], case let mean = sum.loss / sum.cells, mean.isFinite else { continue }
      losses[crop] = losses[crop] < 0 ? mean : losses[crop] + (mean - losses[crop]) * Self.change
    }
  }

  /// How likely each crop is to be drawn, compared with the others.
  var weights: [Float] {
    let known = losses.filter { $0 >= 0 }
    let mean = known.isEmpty ? 0 : known.reduce(0, +) / Float(known.count)
    guard mean > 0 else { return [Float](repeating: 1, count: losses.count) }
    return losses.map { $0 < 0 ? 1 : min(Self.least + $0 / mean, Self.most) }
  }
}
