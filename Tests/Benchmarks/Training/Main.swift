import ExpressionTraining
import Glibc
import NetworkEngine
import NetworkTraining
import PictureData
import SystemIO

/// Times training steps when benchmark.py asks for it, so that they can be measured in turns with Keras or PyTorch.
///
/// Arguments: network (classic, compact), pictures a step, threads, f32 or bf16; `--steps` after them lists the parts
/// of a step. Each line of standard input asks for that many steps; the answer is the milliseconds of one, and the
/// loss.
@main struct TrainingBenchmark {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count >= 5, let name = Architecture.Name(rawValue: arguments[1]),
      let count = Int(arguments[2]), let threads = Int(arguments[3])
    else {
      print("usage: training-benchmark classic|compact COUNT THREADS f32|bf16 [--steps]")
      exit(64)
    }
    let network = try TrainingNetwork(
      Architecture(name).graph(inputShape: [48, 48, 1], classes: 7, seed: 2),
      .init(threads: threads, precision: arguments[4] == "bf16" ? .bf16 : .f32))
    if arguments.count > 5 {
      for step in try network.steps(count: count) { print(step.implementation, step.layer) }
      return
    }
    let optimizer = Optimizer(.init(.adam), parameters: network.parameters, threads: threads)
    var generator = SeededGenerator(seed: 1)
    let pictures = (0..<(count * network.inputCount)).map { _ in Float(generator.uniform() * 255) }
    var seed: UInt64 = 0
    while let line = readLine() {
      var loss = 0.0
      let start = MonotonicClock.seconds()
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
      print((MonotonicClock.seconds() - start) / Double(steps) * 1000, loss)
      fflush(nil)
    }
  }
}
