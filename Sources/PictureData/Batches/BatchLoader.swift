import NetworkModel
import SystemIO

/// Gives a network its pictures in batches, shuffled, augmented and in the network's layout, prepared by threads of its
/// own while the network computes.
///
/// A batch is a function of the seed, the epoch and the step alone. For one thread at a time.
package final class BatchLoader {
  /// How a loader prepares pictures.
  package struct Options: Sendable {
    /// What is changed at random.
    package var augmentation = Augmentation.none
    /// The network's input: height, width, channels, or channels first.
    package var inputShape: [Int]
    /// Whether ``inputShape`` is channels, height, width.
    package var channelsFirst = false
    /// Of a pixel's value 0…255; the margin is not looked at.
    package var preprocessing = Preprocessing()
    /// Pictures of a batch; the last one of an epoch may have fewer.
    package var batch = 32
    /// The seed of the order and of all random changes.
    package var seed: UInt64 = 0
    /// Threads that prepare batches ahead; 0 to prepare each when it is asked for.
    package var threads = 1
    /// Keras's: this part of every target is spread over all classes, 0…1.
    package var labelSmoothing: Float = 0
    /// A weight for each class; nil for 1. With votes, classes count by their share.
    package var classWeights: [Float]?
    /// Whether every epoch has an order of its own; otherwise the set's order is kept.
    package var shuffles = true

    /// The defaults for a network's input.
    package init(inputShape: [Int]) {
      self.inputShape = inputShape
    }
  }

  private let batches: PreparedBatches<BatchPlan>
  private var plan: BatchPlan { batches.source }

  /// - Parameter indices: the pictures of `set` to give; nil for all.
  /// - Throws: ``Failure``: `badInput` if the pictures are smaller than the network's input or there are none,
  ///   `usage` for options that make no sense.
  package init(_ set: PictureSet, indices: [Int]? = nil, _ options: Options) throws(Failure) {
    let chosen = indices.map(set.subset) ?? set
    batches = try PreparedBatches(BatchPlan(chosen, options), threads: options.threads)
  }

  /// Steps of an epoch.
  package var stepCount: Int { plan.stepCount }
  /// Values of one picture.
  package var inputCount: Int { plan.inputCount }
  /// Shares of one target.
  package var classCount: Int { plan.targetCount }

  /// Goes to an epoch, and a step of it: what follows is the same as if all before it had been asked for.
  package func begin(epoch: Int, fromStep step: Int = 0) {
    batches.begin(.init(number: epoch, order: plan.order(ofEpoch: epoch)), fromStep: step)
  }

  /// Pictures of the batch that ``next(input:targets:weights:)`` gives; 0 at the epoch's end.
  package var nextCount: Int { batches.nextCount }

  /// Writes the next batch.
  /// - Parameters:
  ///   - input: room for ``nextCount`` · ``inputCount`` values at least.
  ///   - targets: for ``nextCount`` · ``classCount``.
  ///   - weights: for ``nextCount``: how much each picture's loss counts.
  /// - Returns: the number of pictures; 0 at the epoch's end.
  /// - Throws: ``Failure`` (`failed`) if there is not that much room.
  package func next(
    input: UnsafeMutableBufferPointer<Float>, targets: UnsafeMutableBufferPointer<Float>,
    weights: UnsafeMutableBufferPointer<Float>
  ) throws(Failure) -> Int {
    let count = nextCount
    guard count > 0 else { return 0 }
    guard input.count >= count * inputCount, targets.count >= count * classCount, weights.count >= count
    else {
      throw Failure(.failed, step: "preparing a batch", cause: "no room for \(count) pictures")
    }
    // There are no notes: any address will do.
    var note: Int32 = 0
    try withUnsafeMutablePointer(to: &note) { (note) throws(Failure) in
      try batches.next(
        into: Batch(
          input: input.baseAddress!, targets: targets.baseAddress!, weights: weights.baseAddress!, notes: note
        ))
    }
    return count
  }
}
