import SeededNoise
import SystemIO
import Testing

@testable import NetworkEngine
@testable import NetworkModel

/// The loss of maps, and training through all that a detector is made of.
struct DetectionLossTests {
  private let loss = DetectionLoss()

  @Test func slopesOfCellsEqualDifferences() {
    for logit in stride(from: Float(-6), through: 6, by: 0.75) {
      for isObject in [false, true] {
        let (above, below) = (
          loss.objectness(logit + 1e-2, isObject: isObject).loss,
          loss.objectness(logit - 1e-2, isObject: isObject).loss
        )
        let slope = loss.objectness(logit, isObject: isObject).slope
        #expect(abs(slope - (above - below) / 2e-2) < 2e-3, "\(logit) \(isObject)")
      }
    }
    for distance: Float in [-2, -0.7, -0.1, 0, 0.05, 0.3, 1.5] {
      for weight: Float in [1, 3] {
        let difference =
          (loss.box(distance + 1e-3, weight: weight).loss - loss.box(distance - 1e-3, weight: weight).loss)
          / 2e-3
        #expect(abs(loss.box(distance, weight: weight).slope - difference) < 1e-2, "\(distance) \(weight)")
      }
    }
  }

  @Test func extremesAreFinite() {
    for logit: Float in [-1e4, -100, 100, 1e4] {
      for isObject in [false, true] {
        let (probability, value, slope) = loss.objectness(logit, isObject: isObject)
        #expect(value.isFinite && slope.isFinite && (0...1).contains(probability))
      }
    }
  }

  /// Convolution with stride, batch normalization, rectifier, residual sum, depthwise and pointwise convolution, map.
  private func graph(_ noise: inout Noise) throws -> ModelGraph {
    func conv(_ filters: Int, _ kernel: Int, _ stride: Int, bias: Bool = false) -> NetworkModel.Operation {
      .convolution(
        filters: filters,
        window: Window(kernel: .init(kernel, kernel), strides: .init(stride, stride), same: true), groups: 1,
        bias: bias, .linear)
    }
    let norm = NetworkModel.Operation.batchNormalization(
      epsilon: 1e-3, momentum: 0.9, center: true, scale: true)
    let depthwise = NetworkModel.Operation.depthwiseConvolution(
      multiplier: 1, window: Window(kernel: .init(5, 5), same: true), bias: false, .linear)
    let operations: [(NetworkModel.Operation, [Int])] = [
      (conv(4, 5, 2), [0]), (norm, [1]), (.activation(.relu()), [2]),
      (conv(4, 3, 1), [3]), (norm, [4]), (.activation(.relu()), [5]), (.add, [3, 6]),
      (depthwise, [7]), (norm, [8]), (.activation(.relu()), [9]), (conv(4, 1, 1), [10]), (norm, [11]),
      (.activation(.relu()), [12]), (.add, [7, 13]), (conv(4, 1, 1, bias: true), [14]),
    ]
    var layers = [Layer(name: "input", kind: "InputLayer", operation: .input, inputs: [], weightsPath: "")]
    for (index, (operation, inputs)) in operations.enumerated() {
      layers.append(
        Layer(
          name: "layer\(index + 1)", kind: "Test", operation: operation, inputs: inputs,
          weightsPath: "layers/\(index + 1)"))
    }
    var graph = try ModelGraph(
      name: "test", layers: layers, output: layers.count - 1, inputShape: [12, 10, 1])
    for index in graph.layers.indices {
      for weight in graph.layers[index].weights.indices {
        let count = graph.layers[index].weights[weight].shape.reduce(1, *)
        var values = noise.values(count, scale: 0.5)
        let name = graph.layers[index].weights[weight].name
        if name.hasSuffix("variance") || name == "gamma" { values = values.map { abs($0) + 0.5 } }
        graph.layers[index].weights[weight].values = values
      }
    }
    return graph
  }

  private func network(_ graph: ModelGraph) throws -> TrainingNetwork {
    try TrainingNetwork(graph, .init(threads: 1, objective: .detection(loss)))
  }

  private struct Batch {
    var pictures, targets: [Float]
    let count = 3

    init(_ network: TrainingNetwork, _ noise: inout Noise) {
      pictures = noise.values(count * network.inputCount)
      targets = noise.values(count * network.outputCount)
      for cell in stride(from: 0, to: targets.count, by: 4) {
        targets[cell] = [0, 0, 1, -1, 0][cell / 4 % 5]
      }
    }

    func step(_ network: TrainingNetwork) throws -> TrainingNetwork.StepResult {
      try network.step(count: count, seed: 1) { input, target, weights in
        _ = input.update(fromContentsOf: pictures)
        _ = target.update(fromContentsOf: targets)
        weights[1] = 0.5
      }
    }
  }

  @Test func gradientEqualsDifferences() throws {
    var noise = Noise(5)
    let network = try network(graph(&noise))
    let batch = Batch(network, &noise)
    let base = try batch.step(network)
    #expect(base.objectCells == 18 && base.boxLoss > 0 && base.loss > 0)
    let gradients = try network.withGradients { Array($0) }
    var (told, asked) = (0, 0)
    for parameter in network.parameters {
      var pairs: [(known: Double, measured: Double)] = []
      let wanted = min(parameter.count, 8)
      for _ in 0..<(16 * wanted) where pairs.count < wanted {
        let place = parameter.offset + noise.below(parameter.count)
        func at(_ offset: Float) throws -> Double {
          let old = try network.withWeights { $0[place] }
          try network.withWeights { $0[place] = old + offset }
          let result = try batch.step(network).loss
          try network.withWeights { $0[place] = old }
          return result
        }
        let (above, below) = (try at(1e-3), try at(-1e-3))
        let wide = try (at(4e-3) - at(-4e-3)) / 8e-3
        // Where a kink lies near, differences of two widths disagree, or those to both sides.
        if abs(wide - (above - below) / 2e-3) > 2e-3 * max(0.05, abs(wide)) { continue }
        if abs(above + below - 2 * base.loss) / 1e-3 > 3e-2 * max(0.1, abs(wide)) { continue }
        pairs.append((Double(gradients[place]), wide))
      }
      told += pairs.count
      asked += wanted
      let scale = max(0.02, pairs.map { abs($0.measured) }.max() ?? 0)
      for (known, measured) in pairs {
        #expect(
          abs(known - measured) < 1.5e-2 * scale,
          "\(parameter.layer) \(parameter.name): \(known), by differences \(measured)")
      }
    }
    #expect(told * 2 >= asked, "\(told) of \(asked) values show anything")
  }

  /// The results of cells: a probability, and losses only where the cell counts.
  @Test func cellsAreReported() throws {
    var noise = Noise(6)
    let network = try network(graph(&noise))
    let batch = Batch(network, &noise)
    let result = try batch.step(network)
    let cells = try network.withOutput { Array($0) }
    var (total, boxes) = (0.0, 0.0)
    for cell in stride(from: 0, to: cells.count, by: 4) {
      #expect((0...1).contains(cells[cell]))
      let target = batch.targets[cell]
      #expect((cells[cell + 1] > 0) == (target >= 0) && (cells[cell + 2] > 0) == (target > 0))
      let weight: Float = cell / network.outputCount == 1 ? 0.5 : 1
      total += Double(cells[cell + 1] * weight)
      boxes += Double(cells[cell + 2] * weight)
    }
    let divisor = Double(result.objectCells + 1)
    #expect(abs(result.boxLoss - boxes / divisor) < 1e-4)
    #expect(abs(result.loss - (total + 0.3 * boxes) / divisor) < 1e-4)
  }

  @Test func nothingButAMapIsTrained() throws {
    var noise = Noise(7)
    let graph = try graph(&noise)
    let failure = #expect(throws: Failure.self) { try TrainingNetwork(graph, .init(threads: 1)) }
    #expect(failure?.description.contains("softmax") == true)
    let classes = try ModelGraph(
      name: "c", inputShape: [8], sequence: [("dense", .dense(units: 3, bias: true, .softmax))])
    #expect(throws: Failure.self) { try network(classes) }
  }

  @Test func notANumberIsNoticed() throws {
    var noise = Noise(8)
    let network = try network(graph(&noise))
    var batch = Batch(network, &noise)
    batch.pictures[0] = .nan
    #expect(try !batch.step(network).loss.isFinite)
  }
}
