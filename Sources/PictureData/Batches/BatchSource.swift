import SystemIO

/// Where a batch is written.
package struct Batch: @unchecked Sendable {
  /// The pictures in the network's layout, one after the other.
  package let input: UnsafeMutablePointer<Float>
  /// What the network is to answer, a row for each picture.
  package let targets: UnsafeMutablePointer<Float>
  /// How much each picture's loss counts.
  package let weights: UnsafeMutablePointer<Float>
  /// What else belongs to each picture, as many numbers as the source says.
  package let notes: UnsafeMutablePointer<Int32>

  /// A place for a batch.
  package init(
    input: UnsafeMutablePointer<Float>, targets: UnsafeMutablePointer<Float>,
    weights: UnsafeMutablePointer<Float>, notes: UnsafeMutablePointer<Int32>
  ) {
    self.input = input
    self.targets = targets
    self.weights = weights
    self.notes = notes
  }

  /// Room for as many pictures as a source's batches have.
  static func allocate(for source: some BatchSource) -> Batch {
    let count = source.pictureLimit
    return Batch(
      input: .allocate(capacity: count * source.inputCount),
      targets: .allocate(capacity: count * source.targetCount), weights: .allocate(capacity: count),
      notes: .allocate(capacity: max(count * source.noteCount, 1)))
  }

  func deallocate() {
    input.deallocate()
    targets.deallocate()
    weights.deallocate()
    notes.deallocate()
  }

  /// Copies the first `count` pictures of another batch of the same source.
  func copy(_ other: Batch, _ count: Int, of source: some BatchSource) {
    input.update(from: other.input, count: count * source.inputCount)
    targets.update(from: other.targets, count: count * source.targetCount)
    weights.update(from: other.weights, count: count)
    notes.update(from: other.notes, count: count * source.noteCount)
  }
}

/// Makes batches; for one thread.
package protocol BatchMaking {
  /// What a batch depends on besides its step.
  associatedtype Epoch: Sendable

  /// Writes the batch of a step.
  /// - Throws: ``Failure`` if that is not possible on this machine.
  mutating func make(step: Int, of epoch: Epoch, into batch: Batch) throws(Failure)
}

/// What batches are made of: pictures, and how many. A batch is a function of the epoch and the step alone.
package protocol BatchSource: Sendable {
  /// Makes the batches, on any thread.
  associatedtype Maker: BatchMaking

  /// Steps of an epoch.
  var stepCount: Int { get }
  /// The most pictures of a batch.
  var pictureLimit: Int { get }
  /// Values of a picture.
  var inputCount: Int { get }
  /// Values of a picture's target.
  var targetCount: Int { get }
  /// Numbers of a picture's notes.
  var noteCount: Int { get }

  /// Pictures of a step; 0 for one after the epoch's last.
  func count(ofStep step: Int) -> Int
  /// What a thread makes batches with.
  /// - Throws: ``Failure`` if that is not possible on this machine.
  func makeMaker() throws(Failure) -> Maker
}
