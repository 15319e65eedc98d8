import Glibc
import KerasWriting
import NetworkEngine
import NetworkModel
import SeededNoise
import SystemIO

/// Times networks when benchmark.py asks for it, so that they can be measured in turns with others.
///
///     network-benchmark --write FILE            writes DESIGN's network with seeded weights
///     network-benchmark FILE PRECISION THREADS  each line of standard input is a batch size; the answer is the
///                                               milliseconds that one prediction of it took
///     network-benchmark --steps FILE PRECISION BATCH   what oneDNN chose for each layer
///     network-benchmark --batches FILE PRECISION       whether a picture's result depends on the others' number
///     network-benchmark --onnx FILE PRECISION THREADS   an ONNX network; each line is HEIGHT WIDTH
///     network-benchmark --onnx-steps FILE PRECISION HEIGHT WIDTH
@main struct NetworkBenchmark {
  static func main() throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      switch arguments.first {
      case "--write" where arguments.count == 2: try writeDesign(to: arguments[1])
      case "--batches" where arguments.count == 3: try compareBatches(arguments[1], arguments[2])
      case "--steps" where arguments.count == 4:
        let network = try network(arguments[1], arguments[2], threads: 2)
        for step in try network.steps(batch: Int(arguments[3]) ?? 1) {
          print(step.layer, step.implementation)
        }
      case "--onnx" where arguments.count == 4:
        try ONNXNetworks(arguments[1], arguments[2], threads: Int(arguments[3]) ?? 1).answer()
      case "--onnx-steps" where arguments.count == 5:
        try ONNXNetworks(arguments[1], arguments[2], threads: 1)
          .describe(Int(arguments[3]) ?? 320, Int(arguments[4]) ?? 320)
      case .some where arguments.count == 3:
        try answer(network(arguments[0], arguments[1], threads: Int(arguments[2]) ?? 2))
      default:
        print("usage: network-benchmark FILE f32|bf16|int8 THREADS; see the source")
        exit(64)
      }
    } catch {
      print(error)
      exit(1)
    }
  }

  static func network(_ path: String, _ precision: String, threads: Int) throws -> Network {
    let model = try ModelFile(path: path)
    guard let precision = Precision(rawValue: precision) else { exit(64) }
    let calibration: Calibration
    if let known = try model.calibration() {
      calibration = known
    } else {
      // Noise as pictures: good enough to time with.
      let calibrator = try Calibrator(model.graph, threads: threads)
      var noise = Noise(3)
      for _ in 0..<4 {
        try calibrator.observe(
          noise.values(8 * model.graph.inputShape.reduce(1, *), scale: 128).map { $0 + 128 })
      }
      calibration = calibrator.calibration
    }
    return try Network(model.graph, threads: threads, precision: precision, calibration: calibration)
  }

  /// Answers each line, a batch size, with milliseconds.
  static func answer(_ network: Network) throws {
    var noise = Noise(5)
    var inputs: [Int: [Float]] = [:]
    while let line = readLine() {
      guard let batch = Int(line), (1...256).contains(batch) else { continue }
      if inputs[batch] == nil {
        inputs[batch] = noise.values(batch * network.inputCount, scale: 128).map { $0 + 128 }
        try network.prepare(batch: batch)
      }
      let pictures = inputs[batch]!
      var start = 0.0
      let first = try network.predict(batch: batch) { input in
        _ = input.update(fromContentsOf: pictures)
        start = MonotonicClock.seconds()
      } read: {
        $0[0]
      }
      print((MonotonicClock.seconds() - start) * 1000, first)
      fflush(nil)
    }
  }

  static func compareBatches(_ path: String, _ precision: String) throws {
    let network = try network(path, precision, threads: 2)
    var noise = Noise(7)
    let pictures = noise.values(16 * network.inputCount, scale: 128).map { $0 + 128 }
    var alone: [Float] = []
    for face in 0..<16 {
      alone += try network.predict(
        Array(pictures[face * network.inputCount..<(face + 1) * network.inputCount]))
    }
    for batch in 2...16 {
      let together = try network.predict(Array(pictures[..<(batch * network.inputCount)]))
      var worst: Float = 0
      for (a, b) in zip(together, alone) { worst = max(worst, abs(a - b)) }
      print("batch \(batch): largest difference to batch 1: \(worst)")
    }
  }

  /// The network of the Python program, Glorot-uniform kernels from a seed.
  static func writeDesign(to path: String) throws {
    func convolution(_ filters: Int, _ side: Int) -> Operation {
      .convolution(
        filters: filters, window: Window(kernel: .init(side, side)), groups: 1, bias: true, .relu())
    }
    let pool = Operation.maximumPooling(Window(kernel: .init(2, 2), strides: .init(2, 2)))
    var graph = try ModelGraph(
      name: "design", inputShape: [48, 48, 1],
      sequence: [
        ("rescaling", .affine(scale: [1 / 255], offset: [0])),
        ("conv2d", convolution(128, 9)), ("max_pooling2d", pool), ("dropout", .dropout(rate: 0.5)),
        ("conv2d_1", convolution(256, 6)), ("max_pooling2d_1", pool), ("dropout_1", .dropout(rate: 0.5)),
        ("conv2d_2", convolution(512, 3)), ("max_pooling2d_2", pool), ("dropout_2", .dropout(rate: 0.5)),
        ("flatten", .flatten(pixelsFirst: false)),
        ("dense", .dense(units: 128, bias: true, .relu())),
        ("dense_1", .dense(units: 64, bias: true, .relu())),
        ("dense_2", .dense(units: 7, bias: true, .softmax)),
      ])
    var noise = Noise(1)
    for (index, layer) in graph.layers.enumerated() {
      for weight in layer.weights {
        let count = weight.shape.reduce(1, *)
        let field = weight.shape.dropLast(2).reduce(1, *)
        let sides = weight.shape.suffix(2)
        let limit = weight.name == "bias" ? 0 : (6 / Float(field * sides.reduce(0, +))).squareRoot()
        try graph.setWeight(weight.name, ofLayer: index, to: noise.values(count, scale: limit))
      }
    }
    let classes = ["angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"]
    try ModelFile(graph: graph, information: ModelInformation(classes: classes)).write(to: path)
  }
}
