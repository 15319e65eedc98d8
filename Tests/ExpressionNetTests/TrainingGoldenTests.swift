import Foundation
import SystemIO
import Testing

@testable import ExpressionNet

/// Ten steps of Keras's Adam on real pictures: the losses on the way and the weights at the end.
/// Skipped where the reference data are absent.
struct TrainingGoldenTests {
  private static let folder = Reference.keras.appendingPathComponent("training")
  private static let archive = Reference.shared.appendingPathComponent("data/fer2013.tar.gz")
  static let isThere = [folder.appendingPathComponent("compact_training.json"), archive].allSatisfy {
    FileManager.default.fileExists(atPath: $0.path)
  }

  private struct Golden: Decodable {
    var batchSize: Int
    var batchOrder: [Int]
    var filesInOrder: [String]
    var classes: [String]
    var lossPerStep: [Double]
  }

  /// The pixels of the named pictures of the validation split, taken out of the archive.
  private func pictures(_ names: [String]) throws -> [[Float]] {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fm-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      ["tar", "-xzf", Self.archive.path, "-C", folder.path, "--wildcards"] + names.map { "*validation/\($0)" }
    try process.run()
    process.waitUntilExit()
    let found = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.allObjects ?? []
    var byName: [String: URL] = [:]
    for case let file as URL in found {
      byName[file.pathComponents.suffix(2).joined(separator: "/")] = file
    }
    return try names.map { name in
      try GrayPNG(try #require(byName[name], "\(name) is not in the archive")).pixels.map(Float.init)
    }
  }

  @Test(.enabled(if: isThere, "no reference data; FM_SHARED names their folder"))
  func tenStepsEqualKeras() throws {
    let json = try Data(contentsOf: Self.folder.appendingPathComponent("compact_training.json"))
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let golden = try decoder.decode(Golden.self, from: json)
    let pictures = try pictures(golden.filesInOrder)
    let start = try ExpressionModel(path: Self.folder.appendingPathComponent("compact_start.keras").path)
    let end = try ExpressionModel(path: Self.folder.appendingPathComponent("compact_after10.keras").path)
    let network = try TrainingNetwork(start.graph, .init(threads: 2))
    // The file's losses were made from those of train_on_batch as if these were means over all steps so far, which in
    // Keras 3.15 they are not: the mean of the file's values so far is the step's own loss.
    var sum = 0.0
    let losses = golden.lossPerStep.enumerated().map { step, loss in
      sum += loss
      return sum / Double(step + 1)
    }
    var adam = try PlainAdam(count: network.withWeights { $0.count })
    for (step, batch) in golden.batchOrder.enumerated() {
      let first = batch * golden.batchSize
      let result = try network.step(count: golden.batchSize, seed: 0) { input, targets, _ in
        targets.update(repeating: 0)
        for row in 0..<golden.batchSize {
          let size = network.inputCount
          _ = UnsafeMutableBufferPointer(rebasing: input[(row * size)..<((row + 1) * size)])
            .update(fromContentsOf: pictures[first + row])
          let label =
            golden.classes.firstIndex { golden.filesInOrder[first + row].hasPrefix($0 + "/") } ?? 0
          targets[row * network.outputCount + label] = 1
        }
      }
      let expected = losses[step]
      #expect(
        abs(result.loss - expected) < 1e-4 * expected, "step \(step): \(result.loss), Keras \(expected)")
      try network.withWeights { (weights) throws(Failure) in
        try network.withGradients { gradients in adam.update(weights, gradients) }
      }
    }
    // The difference that is left, against the way that each weight went. Where two values under a pooling window are
    // equal but for rounding, another order of summation lets the other one win, and Adam makes much of the small
    // gradients that this changes: Keras on another machine is up to 1 % from its own file, hence no closer bound.
    for (layer, (before, after)) in zip(network.graph().layers, zip(start.graph.layers, end.graph.layers)) {
      for (index, weight) in layer.weights.enumerated() {
        var (left, way) = (0.0, 0.0)
        let ends = zip(before.weights[index].values, after.weights[index].values)
        for (value, (from, to)) in zip(weight.values, ends) {
          left += pow(Double(value - to), 2)
          way += pow(Double(to - from), 2)
        }
        let ratio = (left / way).squareRoot()
        #expect(ratio < 5e-2, "\(layer.name) \(weight.name): \(ratio)")
      }
    }
  }
}

/// keras.optimizers.Adam with its defaults.
private struct PlainAdam {
  var m: [Float]
  var v: [Float]
  var step: Float = 0

  init(count: Int) {
    m = [Float](repeating: 0, count: count)
    v = m
  }

  mutating func update(
    _ weights: UnsafeMutableBufferPointer<Float>, _ gradients: UnsafeMutableBufferPointer<Float>
  ) {
    step += 1
    let alpha = 0.001 * (1 - pow(Float(0.999), step)).squareRoot() / (1 - pow(Float(0.9), step))
    for i in weights.indices {
      m[i] += (gradients[i] - m[i]) * (1 - 0.9)
      v[i] += (gradients[i] * gradients[i] - v[i]) * (1 - 0.999)
      weights[i] -= m[i] * alpha / (v[i].squareRoot() + 1e-7)
    }
  }
}
