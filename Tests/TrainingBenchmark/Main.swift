import ExpressionNet
import ExpressionTraining
import Glibc
import SystemIO

/// Times training steps when benchmark.py asks for it, so that they can be measured in turns with Keras or PyTorch.
///
/// Arguments: network (classic, compact), pictures a step, threads, f32 or bf16; `--steps` after them lists the parts of
/// a step. Each line of standard input asks for that many steps; the answer is the milliseconds of one, and the loss.
@main struct TrainingBenchmark {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count >= 5, let count = Int(arguments[2]), let threads = Int(arguments[3]) else {
      print("usage: training-benchmark classic|compact COUNT THREADS f32|bf16 [--steps]")
      exit(64)
    }
    let network = try TrainingNetwork(
      graph(arguments[1] == "classic" ? classic : compact),
      .init(threads: threads, precision: arguments[4] == "bf16" ? .bf16 : .f32))
    if arguments.count > 5 {
      for step in try network.steps(count: count) { print(step.implementation, step.layer) }
      return
    }
    let optimizer = Optimizer(.init(.adam), parameters: network.parameters, threads: threads)
    var noise = Noise(1)
    let pictures = (0..<(count * network.inputCount)).map { _ in (noise.next() + 1) * 127.5 }
    var seed: UInt64 = 0
    while let line = readLine() {
      var loss = 0.0
      let start = now()
      let steps = Int(line) ?? 1
      for _ in 0..<steps {
        seed += 1
        loss = try network.step(count: count, seed: seed) { input, targets, _ in
          _ = input.update(fromContentsOf: pictures)
          targets.update(repeating: 0)
          for row in 0..<count { targets[row * 7 + row % 7] = 1 }
        }.loss
        try network.withWeights { (weights) throws(Failure) in
          try network.withGradients {
            optimizer.step(weights: weights, gradients: $0, learningRate: 1e-4)
          }
        }
      }
      print((now() - start) / Double(steps), loss)
      fflush(nil)
    }
  }

  /// The network of the design: 2,641,543 weights.
  static var classic: [Operation] {
    func convolution(_ filters: Int, _ kernel: Int) -> [Operation] {
      [
        .convolution(
          filters: filters, window: Window(kernel: .init(kernel, kernel)), groups: 1, bias: true, .relu()),
        .maximumPooling(Window(kernel: .init(2, 2), strides: .init(2, 2))), .dropout(rate: 0.5),
      ]
    }
    return [.affine(scale: [1 / 255], offset: [0])] + convolution(128, 9) + convolution(256, 6)
      + convolution(512, 3) + [
        .flatten(pixelsFirst: false), .dense(units: 128, bias: true, .relu()),
        .dense(units: 64, bias: true, .relu()), .dense(units: 7, bias: true, .softmax),
      ]
  }

  /// Four blocks of two convolutions with batch normalisation: 1.17 million weights.
  static var compact: [Operation] {
    var operations: [Operation] = [.affine(scale: [1 / 127.5], offset: [-1])]
    for filters in [32, 64, 128, 256] {
      for _ in 0..<2 {
        operations.append(
          .convolution(
            filters: filters, window: Window(kernel: .init(3, 3), same: true), groups: 1, bias: false,
            .linear))
        operations.append(.batchNormalization(epsilon: 1e-3, momentum: 0.99, center: true, scale: true))
        operations.append(.activation(.relu()))
      }
      if filters < 256 {
        operations.append(.maximumPooling(Window(kernel: .init(2, 2), strides: .init(2, 2))))
      }
    }
    return operations + [
      .globalAveragePooling(keepingDimensions: false), .dropout(rate: 0.3),
      .dense(units: 7, bias: true, .softmax),
    ]
  }

  /// With weights by Glorot's rule.
  static func graph(_ operations: [Operation]) throws -> ModelGraph {
    var graph = try ModelGraph(
      name: "benchmark", inputShape: [48, 48, 1],
      sequence: operations.enumerated().map { ("layer\($0.offset)", $0.element) })
    var noise = Noise(2)
    for index in graph.layers.indices {
      for weight in graph.layers[index].weights {
        let size = weight.shape.reduce(1, *)
        let values: [Float]
        if weight.shape.count > 1 {
          let last = weight.shape[weight.shape.count - 1]
          let before = weight.shape[weight.shape.count - 2]
          let limit = (6 / Float(size / last + size / before)).squareRoot()
          values = (0..<size).map { _ in noise.next() * limit }
        } else {
          let isOne = weight.name == "gamma" || weight.name == "moving_variance"
          values = [Float](repeating: isOne ? 1 : 0, count: size)
        }
        try graph.setWeight(weight.name, ofLayer: index, to: values)
      }
    }
    return graph
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) * 1000 + Double(time.tv_nsec) / 1e6
  }
}

/// Reproducible numbers between -1 and 1 (SplitMix64).
struct Noise {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> Float {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Float(Int64(bitPattern: z ^ (z >> 31)) >> 40) / Float(1 << 23)
  }
}
