import NetworkModel
import SystemIO
import Testing

@testable import PictureData

@Suite struct DataBatchLoaderTests {
  private static func makeSet(_ count: Int = 37, side: Int = 6) throws -> PictureSet {
    var random = CounterRandom(seed: 2, purpose: .order, epoch: 0, index: 0)
    return try PictureSet(
      classes: ["a", "b", "c"], width: side, height: side, names: (0..<count).map { "\($0)" },
      labels: (0..<count).map { $0 % 3 },
      pixels: (0..<(count * side * side)).map { _ in UInt8(truncatingIfNeeded: random.next()) })
  }

  struct Step: Equatable {
    var input: [Float]
    var targets: [Float]
    var weights: [Float]
  }

  private func steps(_ loader: BatchLoader, epoch: Int, from step: Int = 0) throws -> [Step] {
    loader.begin(epoch: epoch, fromStep: step)
    var steps: [Step] = []
    while true {
      let count = loader.nextCount
      var step = Step(
        input: [Float](repeating: -1, count: count * loader.inputCount),
        targets: [Float](repeating: -1, count: count * loader.classCount),
        weights: [Float](repeating: -1, count: count))
      let written = try step.input.withUnsafeMutableBufferPointer { input in
        try step.targets.withUnsafeMutableBufferPointer { targets in
          try step.weights.withUnsafeMutableBufferPointer { weights in
            try loader.next(input: input, targets: targets, weights: weights)
          }
        }
      }
      #expect(written == count)
      if written == 0 { return steps }
      steps.append(step)
    }
  }

  private func options(_ change: (inout BatchLoader.Options) -> Void = { _ in }) -> BatchLoader.Options {
    var options = BatchLoader.Options(inputShape: [6, 6, 1])
    options.batch = 8
    options.seed = 11
    change(&options)
    return options
  }

  @Test func anEpochHasEveryPictureOnce() throws {
    let set = try Self.makeSet()
    let loader = try BatchLoader(set, options())
    #expect(loader.stepCount == 5)
    let first = try steps(loader, epoch: 0)
    #expect(first.map(\.weights.count) == [8, 8, 8, 8, 5])
    let all = first.flatMap(\.input)
    let pictures = Set((0..<37).map { Array(all[($0 * 36)..<($0 * 36 + 36)]) })
    #expect(pictures == Set((0..<37).map { set.withPixels($0) { $0.map { Float($0) } } }))
    #expect(try steps(loader, epoch: 1) != first)
    #expect(try steps(loader, epoch: 0) == first)
    let ordered = try steps(BatchLoader(set, indices: [3, 1], options { $0.shuffles = false }), epoch: 4)
    #expect(ordered[0].targets == [1, 0, 0, 0, 1, 0])
  }

  @Test func threadsAndResumingChangeNothing() throws {
    let set = try Self.makeSet()
    func make(_ threads: Int) throws -> BatchLoader {
      try BatchLoader(
        set,
        options {
          $0.inputShape = [5, 5, 1]
          $0.augmentation.flip = 0.5
          $0.augmentation.rotation = 30
          $0.augmentation.erasing.probability = 0.5
          $0.augmentation.mixup = 0.4
          $0.threads = threads
        })
    }
    let reference = try steps(make(0), epoch: 6)
    for threads in [1, 3] {
      let loader = try make(threads)
      #expect(try steps(loader, epoch: 6) == reference)
      #expect(try steps(loader, epoch: 6, from: 3) == Array(reference[3...]))
      // Left in the middle of an epoch.
      loader.begin(epoch: 1)
      #expect(try steps(loader, epoch: 6, from: 1) == Array(reference[1...]))
      #expect(try steps(loader, epoch: 6, from: 99).isEmpty)
    }
  }

  @Test func weightsSmoothingAndChannels() throws {
    let set = try Self.makeSet()
    let step = try steps(
      BatchLoader(
        set,
        options {
          $0.shuffles = false
          $0.classWeights = [1, 2, 0.5]
          $0.labelSmoothing = 0.3
          $0.inputShape = [6, 6, 3]
          $0.preprocessing.scale = 2
          $0.preprocessing.offset = -1
        }), epoch: 0)[0]
    #expect(step.weights.prefix(4) == [1, 2, 0.5, 1])
    #expect(zip(step.targets.prefix(3), [0.8, 0.1, 0.1]).allSatisfy { abs($0 - $1) < 1e-6 })
    let pixel = set.withPixels(0) { Float($0[1]) }
    #expect(step.input[3..<6] == [pixel * 2 - 1, pixel * 2 - 1, pixel * 2 - 1])
    let planar = try steps(
      BatchLoader(
        set,
        options {
          $0.shuffles = false
          $0.inputShape = [3, 6, 6]
          $0.channelsFirst = true
        }), epoch: 0)[0]
    #expect(planar.input[1] == pixel && planar.input[37] == pixel && planar.input[73] == pixel)
  }

  @Test func standardization() throws {
    let set = try Self.makeSet()
    let step = try steps(BatchLoader(set, options { $0.preprocessing.standardize = true }), epoch: 0)[0]
    let picture = step.input.prefix(36)
    #expect(abs(picture.reduce(0, +)) < 1e-3)
    #expect(abs(picture.map { $0 * $0 }.reduce(0, +) / 36 - 1) < 1e-4)
    let flat = try PictureSet(
      classes: ["a", "b"], width: 6, height: 6, names: ["x"], labels: [0],
      pixels: [UInt8](repeating: 200, count: 36))
    let blank = try steps(BatchLoader(flat, options { $0.preprocessing.standardize = true }), epoch: 0)[0]
    #expect(blank.input.allSatisfy { abs($0) < 1e-2 })
  }

  /// Pictures of one gray for each class: what is mixed must be so in the same parts as its targets.
  @Test func mixingGivesPicturesAndTargetsTheSameParts() throws {
    let grays: [Float] = [10, 100, 250]
    let set = try PictureSet(
      classes: ["a", "b", "c"], width: 6, height: 6, names: (0..<37).map { "\($0)" },
      labels: (0..<37).map { $0 % 3 },
      pixels: (0..<(37 * 36)).map { UInt8(grays[$0 / 36 % 3]) })
    let all = try steps(BatchLoader(set, options { $0.augmentation.mixup = 1 }), epoch: 0)
    var mixed = 0
    for step in all {
      for number in step.weights.indices {
        let targets = step.targets[(number * 3)..<(number * 3 + 3)]
        #expect(abs(targets.reduce(0, +) - 1) < 1e-5)
        if targets.contains(where: { $0 > 0.05 && $0 < 0.95 }) { mixed += 1 }
        let gray: Float = zip(targets, grays).reduce(0) { $0 + $1.0 * $1.1 }
        let pixels = step.input[(number * 36)..<(number * 36 + 36)]
        #expect(pixels.allSatisfy { abs($0 - gray) < 1e-3 }, "\(targets): \(gray), \(pixels.first ?? 0)")
      }
    }
    // Two in three pairs are of different classes.
    #expect(mixed > 10)
  }

  @Test func whatMakesNoSenseIsRefused() throws {
    let set = try Self.makeSet()
    #expect(throws: Failure.self) { try BatchLoader(set, options { $0.inputShape = [7, 6, 1] }) }
    #expect(throws: Failure.self) { try BatchLoader(set, options { $0.inputShape = [6] }) }
    #expect(throws: Failure.self) { try BatchLoader(set, options { $0.batch = 0 }) }
    #expect(throws: Failure.self) { try BatchLoader(set, options { $0.classWeights = [1] }) }
    #expect(throws: Failure.self) { try BatchLoader(set, indices: [], options()) }
  }

  @Test func evaluationViews() throws {
    let set = try Self.makeSet(3, side: 8)
    func views(_ kind: PictureViews, _ side: Int) throws -> [Float] {
      let pictures = try EvaluationPictures(set, inputShape: [side, side, 1], views: kind)
      var values = [Float](repeating: -1, count: 2 * kind.count * side * side)
      try values.withUnsafeMutableBufferPointer { try pictures.write(1..<3, to: $0) }
      return values
    }
    let pixels = set.withPixels(1) { $0.map { Float($0) } }
    #expect(try views(.single, 8).prefix(64) == pixels[...])
    let flip = try views(.flip, 8)
    #expect(flip[64] == pixels[7] && flip[128] == set.withPixels(2) { Float($0[0]) })
    let ten = try views(.tenCrop, 6)
    #expect(ten[0] == pixels[0] && ten[2 * 36] == pixels[2] && ten[4 * 36] == pixels[16])
    #expect(ten[6 * 36] == pixels[18] && ten[8 * 36] == pixels[9] && ten[9 * 36] == pixels[14])
    let moved = try views(.tenCrop, 8)
    #expect(moved[0] == pixels[0] && moved[9] == pixels[0] && moved[8 * 64] == pixels[0])
    let pictures = try EvaluationPictures(set, inputShape: [6, 6, 1], views: .flip)
    #expect(pictures.average([1, 0, 0, 0, 0.5, 0.5]) == [0.5, 0.25, 0.25])
  }
}
