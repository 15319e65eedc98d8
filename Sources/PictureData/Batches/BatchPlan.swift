import FaceInput
import SystemIO

/// What all threads of a loader share; immutable.
struct BatchPlan: BatchSource {
  let set: PictureSet
  let options: BatchLoader.Options
  let input: NetworkInput

  init(_ set: PictureSet, _ options: BatchLoader.Options) throws(Failure) {
    self.set = set
    self.options = options
    input = try NetworkInput(
      options.inputShape, channelsFirst: options.channelsFirst, options.preprocessing)
    try input.check(set)
    func wrong(_ cause: String) -> Failure { Failure(.usage, step: "preparing batches", cause: cause) }
    guard (1...65_536).contains(options.batch) else { throw wrong("a batch of \(options.batch) pictures") }
    guard (0...64).contains(options.threads) else { throw wrong("\(options.threads) threads") }
    guard (0...1).contains(options.labelSmoothing) else {
      throw wrong("label smoothing of \(options.labelSmoothing), which is not from 0 to 1")
    }
    if let weights = options.classWeights {
      guard weights.count == set.classes.count, weights.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
        throw wrong("there must be a class weight from 0 up for each of \(set.classes.count) classes")
      }
    }
    guard set.count > 0 else {
      throw Failure(.badInput, step: "preparing batches", cause: "there are no pictures")
    }
  }

  var stepCount: Int { (set.count + options.batch - 1) / options.batch }

  var pictureLimit: Int { min(options.batch, set.count) }
  var inputCount: Int { input.count }
  var targetCount: Int { self.set.classes.count }
  var noteCount: Int { 0 }

  func makeMaker() -> BatchMaker { BatchMaker(self) }

  /// Pictures of a step; 0 for one after the epoch's last.
  func count(ofStep step: Int) -> Int {
    step < 0 || step >= stepCount ? 0 : min(options.batch, set.count - step * options.batch)
  }

  /// The pictures of an epoch in its order.
  func order(ofEpoch epoch: Int) -> [Int] {
    var order = Array(0..<set.count)
    guard options.shuffles else { return order }
    var random = CounterRandom(seed: options.seed, purpose: .order, epoch: epoch, index: 0)
    random.shuffle(&order)
    return order
  }
}

/// Makes batches; for one thread.
struct BatchMaker: BatchMaking {
  /// An epoch's number, and its pictures in order.
  struct Epoch: Sendable {
    var number: Int
    var order: [Int]
  }

  private let plan: BatchPlan
  private var augmenter: PictureAugmenter
  private var picture: [Float]

  init(_ plan: BatchPlan) {
    self.plan = plan
    augmenter = PictureAugmenter(
      plan.options.augmentation, seed: plan.options.seed, stored: (plan.set.width, plan.set.height),
      size: (plan.input.width, plan.input.height))
    picture = [Float](repeating: 0, count: plan.input.width * plan.input.height)
  }

  mutating func make(step: Int, of epoch: Epoch, into batch: Batch) {
    let (epoch, order) = (epoch.number, epoch.order)
    let count = plan.count(ofStep: step)
    let first = step * plan.options.batch
    let classes = plan.set.classes.count
    for number in 0..<count {
      let index = order[first + number]
      let input = batch.input + number * plan.input.count
      picture.withUnsafeMutableBufferPointer { picture in
        plan.set.withPixels(index) { pixels in
          let statistics = augmenter.augment(
            pixels, epoch: epoch, index: index, into: picture.baseAddress!)
          plan.input.write(picture.baseAddress!, statistics, to: input)
        }
      }
      let targets = UnsafeMutableBufferPointer(start: batch.targets + number * classes, count: classes)
      plan.set.write(targetsOf: index, to: targets)
      batch.weights[number] = weight(of: targets)
      smooth(targets)
    }
    if plan.options.augmentation.mixup > 0 { mix(batch, count, epoch, order[first..<(first + count)]) }
  }

  private func weight(of targets: UnsafeMutableBufferPointer<Float>) -> Float {
    guard let weights = plan.options.classWeights else { return 1 }
    var sum: Float = 0
    for (number, share) in targets.enumerated() { sum += share * weights[number] }
    return sum
  }

  private func smooth(_ targets: UnsafeMutableBufferPointer<Float>) {
    let part = plan.options.labelSmoothing
    guard part > 0 else { return }
    for number in targets.indices {
      targets[number] = targets[number] * (1 - part) + part / Float(targets.count)
    }
  }

  /// Mixes the first picture with the last one, the second with the last but one, and so on (mixup: Zhang et al.,
  /// 2018), each with a weight of its own.
  private func mix(_ batch: Batch, _ count: Int, _ epoch: Int, _ indices: ArraySlice<Int>) {
    func share(_ number: Int) -> Float {
      var random = CounterRandom(
        seed: plan.options.seed, purpose: .mixing, epoch: epoch,
        index: UInt64(indices[indices.startIndex + number]))
      return random.beta(Double(plan.options.augmentation.mixup))
    }
    func mix(_ values: UnsafeMutablePointer<Float>, _ length: Int, _ i: Int, _ j: Int, _ p: Float, _ q: Float)
    {
      let (first, second) = (values + i * length, values + j * length)
      for index in 0..<length {
        let (a, b) = (first[index], second[index])
        first[index] = b + (a - b) * p
        second[index] = a + (b - a) * q
      }
    }
    for number in 0..<(count / 2) {
      let other = count - 1 - number
      let (p, q) = (share(number), share(other))
      mix(batch.input, plan.input.count, number, other, p, q)
      mix(batch.targets, plan.set.classes.count, number, other, p, q)
      mix(batch.weights, 1, number, other, p, q)
    }
  }
}
