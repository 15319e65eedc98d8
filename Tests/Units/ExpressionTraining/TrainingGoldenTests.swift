import Checkout
import ExpressionNet
import ExpressionTraining
import Foundation
import NetworkEngine
import NetworkTraining
import PictureData
import SystemIO
import Testing

/// Ten steps of Keras's Adam on real pictures: the losses on the way and the weights at the end.
/// Skipped where the reference data are absent.
struct TrainingGoldenTests {
  private static let folder = Checkout.shared.appendingPathComponent("golden/keras/training")
  private static let archive = Checkout.shared.appendingPathComponent("data/fer2013.tar.gz")
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

  /// The named pictures of the validation split, taken out of the archive and loaded.
  private func pictures(_ golden: Golden) throws -> PictureSet {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fm-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      ["tar", "-xzf", Self.archive.path, "-C", folder.path, "--wildcards"]
      + golden.filesInOrder.map { "*validation/\($0)" }
    try process.run()
    process.waitUntilExit()
    let found = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.allObjects ?? []
    let validation = found.compactMap { $0 as? URL }.first { $0.lastPathComponent == "validation" }
    return try PictureSet(
      folder: try #require(validation, "the archive has no such folder").path, classes: golden.classes,
      options: LoadingOptions(width: 48, height: 48))
  }

  @Test(.enabled(if: isThere, "no reference data; FM_SHARED names their folder"))
  func tenStepsEqualKeras() throws {
    let json = try Data(contentsOf: Self.folder.appendingPathComponent("compact_training.json"))
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let golden = try decoder.decode(Golden.self, from: json)
    let pictures = try pictures(golden)
    var byName: [String: Int] = [:]
    for index in 0..<pictures.count { byName[pictures.name(index)] = index }
    let order = try golden.filesInOrder.map { try #require(byName[$0], "\($0) is not in the archive") }
    let start = try ExpressionModel(path: Self.folder.appendingPathComponent("compact_start.keras").path)
    let end = try ExpressionModel(path: Self.folder.appendingPathComponent("compact_after10.keras").path)
    let network = try TrainingNetwork(start.graph, .init(threads: 2))
    let optimizer = Optimizer(.init(.adam), parameters: network.parameters, threads: 2)
    // The file's losses were made from those of train_on_batch as if these were means over all steps so far, which in
    // Keras 3.15 they are not: the mean of the file's values so far is the step's own loss.
    var sum = 0.0
    let losses = golden.lossPerStep.enumerated().map { step, loss in
      sum += loss
      return sum / Double(step + 1)
    }
    for (step, batch) in golden.batchOrder.enumerated() {
      let first = batch * golden.batchSize
      let result = try network.step(count: golden.batchSize, seed: 0) { input, targets, _ in
        targets.update(repeating: 0)
        for row in 0..<golden.batchSize {
          let size = network.inputCount
          let picture = order[first + row]
          pictures.withPixels(picture) { pixels in
            for place in 0..<size { input[row * size + place] = Float(pixels[place]) }
          }
          targets[row * network.outputCount + pictures.label(picture)] = 1
        }
      }
      let expected = losses[step]
      #expect(
        abs(result.loss - expected) < 1e-4 * expected, "step \(step): \(result.loss), Keras \(expected)")
      try network.withWeights { (weights) throws(Failure) in
        try network.withGradients { gradients in
          optimizer.step(weights: weights, gradients: gradients, learningRate: 0.001)
        }
      }
    }
    // The difference that is left, against the way that the weights went. Where two values under a pooling window are
    // equal but for rounding, another order of summation lets the other one win, and Adam makes much of the small
    // gradients that this changes. Keras against itself, with one thread or without oneDNN, differs by 1.6e-4 to
    // 1.4e-3 of the way: closer than that nobody can be asked to be.
    var total = (left: 0.0, way: 0.0)
    for (layer, (before, after)) in zip(network.graph().layers, zip(start.graph.layers, end.graph.layers)) {
      for (index, weight) in layer.weights.enumerated() {
        var (left, way) = (0.0, 0.0)
        let ends = zip(before.weights[index].values, after.weights[index].values)
        for (value, (from, to)) in zip(weight.values, ends) {
          left += pow(Double(value - to), 2)
          way += pow(Double(to - from), 2)
        }
        let ratio = (left / way).squareRoot()
        #expect(ratio <= 2e-2, "\(layer.name) \(weight.name): \(ratio)")
        // Moving variances are much larger than weights, and would hide them.
        if !weight.name.hasPrefix("moving_") { total = (total.left + left, total.way + way) }
      }
    }
    let ratio = (total.left / total.way).squareRoot()
    #expect(ratio <= 5e-3, "all weights: \(ratio)")
  }
}
