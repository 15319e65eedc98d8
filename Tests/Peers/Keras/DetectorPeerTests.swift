import Checkout
import DetectorTraining
import Foundation
import KerasWriting
import NetworkEngine
import NetworkModel
import NetworkTraining
import SeededNoise
import SystemIO
import Testing

/// A detector of ours in Keras itself, a new one and the one that comes with the tools: it opens, gives the same map for a picture of another size, and learns the same from
/// the same batches. Skipped where there is no Keras.
@Suite(.serialized, .enabled(if: Keras.isInstalled, "no Python with Keras; FM_PYTHON names one"))
struct DetectorPeerTests {
  @Test func kerasRunsAndTrainsADetector() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fm-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func file(_ name: String) -> URL { folder.appendingPathComponent(name) }
    func write(_ values: [Float], _ name: String) throws {
      try values.withUnsafeBytes { try Data($0).write(to: file(name)) }
    }
    var noise = Noise(3)
    let graph = try DetectorArchitecture().graph(side: 64, seed: 5)
    try ModelFile(graph: graph).write(to: file("start.keras").path)
    let picture = noise.values(64 * 96, scale: 2)
    let pictures = noise.values(16 * 64 * 64, scale: 2)
    var targets = noise.values(16 * 64 * 4, scale: 0.5)
    for cell in 0..<(16 * 64) { targets[4 * cell] = [0, 0, 0, 1, -1, 0, 0][cell % 7] }
    try write(picture, "picture.input")
    try write(pictures, "data.input")
    try write(targets, "data.targets")
    let shipped = Checkout.root.appendingPathComponent("Sources/fm-detect/Detectors/faces.keras")
    try FileManager.default.copyItem(at: shipped, to: file("shipped.keras"))
    try Keras.run([Keras.folder.appendingPathComponent("train_detector.py").path, folder.path])

    for (name, graph) in [
      ("picture", try graph.resized(height: 64, width: 96)),
      ("shipped", try ModelFile(path: shipped.path, freeSize: .init(64, 96)).graph),
    ] {
      let map = try Network(graph, threads: 1).predict(picture)
      let theirs = try Keras.floats(file("\(name).output"))
      #expect(map.count == theirs.count)
      let far = zip(map, theirs).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
      #expect(far < 1e-4, "\(name): \(far)")
    }

    let network = try TrainingNetwork(graph, .init(threads: 2, objective: .detection(DetectionLoss())))
    var configuration = OptimizerConfiguration(.adamW)
    configuration.weightDecay = 1e-4
    configuration.clipping = .globalNorm(5)
    let optimizer = Optimizer(configuration, parameters: network.parameters)
    let losses = try Keras.floats(file("losses"))
    for step in 0..<4 {
      let result = try network.step(count: 4, seed: 0) { input, target, _ in
        _ = input.update(fromContentsOf: pictures[(step * 4 * 4096)..<((step + 1) * 4 * 4096)])
        _ = target.update(fromContentsOf: targets[(step * 4 * 256)..<((step + 1) * 4 * 256)])
      }
      #expect(abs(result.loss - Double(losses[step])) < 1e-3 * result.loss, "step \(step)")
      try network.withWeights { (weights) throws(Failure) in
        try network.withGradients { gradients in
          optimizer.step(weights: weights, gradients: gradients, learningRate: 0.0025)
        }
      }
    }
    let after = try ModelFile(path: file("after.keras").path, freeSize: .init(64, 64)).graph
    var (left, way) = (0.0, 0.0)
    for (layer, (before, end)) in zip(network.graph().layers, zip(graph.layers, after.layers)) {
      #expect(layer.name == end.name)
      for (index, weight) in layer.weights.enumerated() {
        for (place, value) in weight.values.enumerated() {
          left += pow(Double(value - end.weights[index].values[place]), 2)
          way += pow(Double(end.weights[index].values[place] - before.weights[index].values[place]), 2)
        }
      }
    }
    // Adam's first steps turn the smallest gradients, which are rounding, into whole steps.
    #expect((left / way).squareRoot() < 2e-2, "\((left / way).squareRoot())")
  }
}
