import FrameStream
import NetworkEngine
import NetworkModel
import SystemIO
import Testing

@testable import NetworkTraining

/// Optimizers on a few numbers against their formulas in doubles; against Keras itself in KerasPeerTests.
struct OptimizersTests {
  static let parameters = [
    TrainingNetwork.Parameter(layer: "a", name: "kernel", shape: [3, 5], offset: 0, count: 15),
    TrainingNetwork.Parameter(layer: "a", name: "bias", shape: [5], offset: 16, count: 5),
  ]

  private static func gradient(_ place: Int, _ step: Int) -> Float {
    // Between the parameters nothing has a gradient.
    if place == 15 || place > 20 { return 0 }
    let remainder = (place * 7 + step * 3) % 11
    return Float(remainder) / 5 - 1
  }

  @Test func stepsThatNobodyMadeAreRefused() throws {
    var state = try Optimizer(OptimizerConfiguration(.adam), parameters: Self.parameters).trainingState()
    for steps in [-1, 1 << 41, Int64.max] {
      state.optimizer[0].values = .integers([steps], isLong: true)
      #expect(throws: Failure.self) { try Optimizer(state, parameters: Self.parameters) }
    }
    state.optimizer[0].values = .integers([1 << 40], isLong: true)
    #expect(try Optimizer(state, parameters: Self.parameters).iterations == 1 << 40)
  }

  private func run(_ optimizer: Optimizer, steps: Int = 3, from start: [Float]? = nil) -> [Float] {
    var weights = start ?? (0..<21).map { (i: Int) -> Float in Float(i) / 10 - 1 }
    for step in 0..<steps {
      var gradients = (0..<21).map { Self.gradient($0, step) }
      weights.withUnsafeMutableBufferPointer { weights in
        gradients.withUnsafeMutableBufferPointer { gradients in
          optimizer.step(weights: weights, gradients: gradients, learningRate: 0.1)
        }
      }
    }
    return weights
  }

  /// The weights after three steps by `rule`, which is given weight, gradient, state and the step's number.
  private func expected(_ rule: (inout Double, Double, inout (Double, Double), Double) -> Void) -> [Float] {
    (0..<21).map { (place: Int) -> Float in
      var weight = Double(Float(place) / 10 - 1)
      var state = (0.0, 0.0)
      for step in 0..<3 {
        rule(&weight, Double(Self.gradient(place, step)), &state, Double(step + 1))
      }
      return Float(weight)
    }
  }

  private func close(_ a: [Float], _ b: [Float], among places: [Int] = Array(0..<15) + Array(16..<21)) -> Bool
  {
    places.allSatisfy { abs(a[$0] - b[$0]) < 1e-5 }
  }

  private func power(_ base: Double, _ exponent: Double) -> Double {
    (0..<Int(exponent)).reduce(1) { product, _ in product * base }
  }

  @Test func adamFollowsItsFormula() {
    let result = run(Optimizer(.init(.adam), parameters: Self.parameters))
    let plain = expected { w, g, s, t in
      s.0 = 0.9 * s.0 + 0.1 * g
      s.1 = 0.999 * s.1 + 0.001 * g * g
      let alpha: Double = 0.1 * (1 - power(0.999, t)).squareRoot() / (1 - power(0.9, t))
      w -= alpha * s.0 / (s.1.squareRoot() + 1e-7)
    }
    #expect(close(result, plain))
  }

  @Test(arguments: [false, true])
  func momentumFollowsItsFormula(_ nesterov: Bool) {
    var configuration = OptimizerConfiguration(.sgd)
    configuration.momentum = 0.9
    configuration.nesterov = nesterov
    configuration.weightDecay = 0.2
    configuration.l2 = 0.3
    configuration.decaysKernelsOnly = true
    let result = run(Optimizer(configuration, parameters: Self.parameters))
    for (places, factor) in [(Array(0..<15), 1.0), (Array(16..<21), 0.0)] {
      let plain = expected { w, g, s, _ in
        let g = g + 0.3 * factor * w
        w -= w * 0.2 * 0.1 * factor
        s.0 = 0.9 * s.0 - 0.1 * g
        w += nesterov ? 0.9 * s.0 - 0.1 * g : s.0
      }
      #expect(close(result, plain, among: places))
    }
  }

  /// Keras's L1 and L2 of one weight: sign(w)·l1 + 2·l2·w.
  @Test func penaltiesFollowTheirFormula() {
    let optimizer = Optimizer(.init(.sgd), parameters: Self.parameters)
    optimizer.penalties = [WeightPenalty(offset: 16, count: 5, l1: 0.3, l2: 0.2)]
    let result = run(optimizer)
    for (places, factor) in [(Array(0..<15), 0.0), (Array(16..<21), 1.0)] {
      let plain = expected { w, g, _, _ in
        let sign = w > 0 ? 1.0 : w < 0 ? -1 : 0
        w -= 0.1 * (g + factor * (0.3 * sign + 0.4 * w))
      }
      #expect(close(result, plain, among: places))
    }
  }

  /// Keras's AdamW does not open a file that says null.
  @Test func noDecayIsANumberForAdamW() throws {
    for algorithm in OptimizerAlgorithm.allCases {
      var configuration = OptimizerConfiguration(algorithm)
      configuration.weightDecay = 0
      let state = try Optimizer(configuration, parameters: Self.parameters).trainingState()
      let decay = state.compilation?["optimizer"]?["config"]?["weight_decay"]
      #expect(decay != nil && decay?.double == (algorithm == .adamW ? 0 : nil), "\(algorithm)")
      let read = try Optimizer(state, parameters: Self.parameters)
      #expect(read.configuration == configuration)
    }
  }

  @Test func clippingBoundsNorms() {
    func length(_ values: ArraySlice<Float>) -> Float { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    func moved(_ clipping: OptimizerConfiguration.Clipping) -> [Float] {
      var configuration = OptimizerConfiguration(.sgd)
      configuration.clipping = clipping
      return run(
        Optimizer(configuration, parameters: Self.parameters), steps: 1,
        from: [Float](repeating: 0, count: 21)
      ).map { (w: Float) -> Float in w * -10 }
    }
    let norm = moved(.norm(0.5))
    #expect(abs(length(norm[0..<15]) - 0.5) < 1e-5 && abs(length(norm[16..<21]) - 0.5) < 1e-5)
    let global = moved(.globalNorm(0.5))
    #expect(abs(length(global[0..<15] + global[16..<21]) - 0.5) < 1e-5)
    let bounded = moved(.value(0.25))
    #expect(bounded.indices.allSatisfy { $0 == 15 || abs(bounded[$0]) <= 0.250001 })
    let small = moved(.globalNorm(100))
    let unchanged = (0..<21).map { Self.gradient($0, 0) }
    #expect(close(small, unchanged))
  }

  @Test func averageFollowsTheWeights() {
    var configuration = OptimizerConfiguration(.sgd)
    configuration.averageMomentum = 0.75
    let optimizer = Optimizer(configuration, parameters: Self.parameters)
    #expect(optimizer.averagedWeights == nil)
    let first = run(optimizer, steps: 1)
    #expect(optimizer.averagedWeights == first)
    let second = run(optimizer, steps: 1, from: first)
    let average = zip(first, second).map { (a: Float, b: Float) -> Float in a * 0.75 + b * 0.25 }
    #expect(close(optimizer.averagedWeights ?? [], average))
  }

  @Test func snapshotGoesOn() throws {
    for algorithm in OptimizerAlgorithm.allCases {
      var configuration = OptimizerConfiguration(algorithm)
      configuration.momentum = 0.9
      configuration.averageMomentum = 0.9
      let whole = Optimizer(configuration, parameters: Self.parameters)
      let middle = run(whole, steps: 2)
      let other = Optimizer(configuration, parameters: Self.parameters)
      try other.restore(whole.snapshot)
      #expect(run(whole, from: middle) == run(other, from: middle))
      #expect(whole.snapshot == other.snapshot)
      #expect(throws: Failure.self) {
        try Optimizer(.init(.sgd), parameters: Self.parameters).restore(whole.snapshot)
      }
    }
  }

  @Test func stateOfAFileGoesOn() throws {
    for algorithm in OptimizerAlgorithm.allCases {
      var configuration = OptimizerConfiguration(algorithm)
      if algorithm == .sgd { (configuration.momentum, configuration.nesterov) = (0.9, true) }
      configuration.clipping = .globalNorm(2)
      configuration.weightDecay = 0.5
      let optimizer = Optimizer(configuration, parameters: Self.parameters)
      let middle = run(optimizer)
      let state = try optimizer.trainingState()
      #expect(state.optimizer.count == 2 + 2 * configuration.slotCount)
      let read = try Optimizer(state, parameters: Self.parameters)
      #expect(read.configuration == configuration)
      #expect(read.snapshot == optimizer.snapshot && read.learningRate == 0.1)
      #expect(run(read, from: middle) == run(optimizer, from: middle))
      // One that fits nothing.
      var broken = state
      broken.optimizer.removeLast()
      #expect(throws: Failure.self) { try Optimizer(broken, parameters: Self.parameters) }
    }
    let other = try JSONValue(
      JSONText(parsing: Array(#"{"optimizer":{"class_name":"Lion","config":{}}}"#.utf8)))
    #expect(throws: Failure.self) {
      try Optimizer(TrainingState(compilation: other), parameters: Self.parameters)
    }
  }

  /// The same bits for any number of threads.
  @Test func threadsChangeNothing() {
    let count = 200_000
    let parameters = [
      TrainingNetwork.Parameter(layer: "a", name: "kernel", shape: [count], offset: 0, count: count)
    ]
    let results = [1, 2, 3].map { threads in
      let optimizer = Optimizer(.init(.adamW), parameters: parameters, threads: threads)
      var weights = (0..<count).map { (i: Int) -> Float in Float(i % 1000) / 500 - 1 }
      var gradients = (0..<count).map { (i: Int) -> Float in Float(i % 77) / 50 - 0.7 }
      weights.withUnsafeMutableBufferPointer { weights in
        gradients.withUnsafeMutableBufferPointer { gradients in
          optimizer.step(weights: weights, gradients: gradients, learningRate: 0.01)
          optimizer.step(weights: weights, gradients: gradients, learningRate: 0.01)
        }
      }
      return weights
    }
    #expect(results[0] == results[1] && results[0] == results[2])
  }
}
