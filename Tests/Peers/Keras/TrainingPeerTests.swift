import ExpressionNet
import ExpressionTraining
import Foundation
import KerasWriting
import NetworkEngine
import NetworkModel
import NetworkTraining
import SystemIO
import Testing

/// Training against Keras itself: every optimizer on a network of branches, and Keras continuing from our files.
/// Skipped where there is no Keras.
@Suite(.serialized, .enabled(if: Keras.isInstalled, "no Python with Keras; FM_PYTHON names one"))
struct TrainingPeerTests {
  private static let script = Keras.folder.appendingPathComponent("train_models.py").path
  private static let batches = [0..<8, 8..<16, 16..<24, 24..<29]

  private func model(_ path: URL) throws -> ExpressionModel {
    try ExpressionModel(
      path: path.path, classes: (0..<5).map { "class \($0)" }, keepingTrainingState: true)
  }

  /// How far `a` is from `b`, in parts of the way there from `start`.
  private func distance(_ a: [Float], _ b: [Float], from start: [Float]) -> Double {
    var (left, way) = (0.0, 0.0)
    for i in b.indices {
      left += pow(Double(a[i] - b[i]), 2)
      way += pow(Double(b[i] - start[i]), 2)
    }
    return left == 0 ? 0 : (left / way).squareRoot()
  }

  private func values(_ state: TrainingState) -> [[Float]] {
    state.optimizer.compactMap { if case .floats(let values) = $0.values { values } else { nil } }
  }

  @Test func everyOptimizerEqualsKerasAndKerasGoesOn() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fm-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let names = try Keras.run([Self.script, "make", folder.path]).split(separator: "\n").map(String.init)
    #expect(names.count == 7)
    let pictures = try Keras.floats(folder.appendingPathComponent("data.input"))
    let targets = try Keras.floats(folder.appendingPathComponent("data.targets"))
    for name in names {
      let start = try model(folder.appendingPathComponent(name + ".start.keras"))
      let after = try model(folder.appendingPathComponent(name + ".after.keras"))
      let losses = try Keras.floats(folder.appendingPathComponent(name + ".losses"))
      let network = try TrainingNetwork(start.graph, .init(threads: 2))
      let optimizer = try Optimizer(
        TrainingState(compilation: start.trainingState.compilation), parameters: network.parameters,
        threads: 2)
      for (step, range) in Self.batches.enumerated() {
        let result = try network.step(count: range.count, seed: 0) { input, target, _ in
          _ = input.update(fromContentsOf: pictures[(range.lowerBound * 224)..<(range.upperBound * 224)])
          _ = target.update(fromContentsOf: targets[(range.lowerBound * 5)..<(range.upperBound * 5)])
        }
        #expect(abs(result.loss - Double(losses[step])) < 1e-4 * result.loss, "\(name), step \(step)")
        try network.withWeights { (weights) throws(Failure) in
          try network.withGradients { gradients in
            optimizer.step(weights: weights, gradients: gradients, learningRate: optimizer.learningRate)
          }
        }
      }
      let graph = network.graph()
      for (layer, (before, end)) in zip(graph.layers, zip(start.graph.layers, after.graph.layers)) {
        for (index, weight) in layer.weights.enumerated() {
          let far = distance(weight.values, end.weights[index].values, from: before.weights[index].values)
          #expect(far < 2e-3, "\(name): \(layer.name) \(weight.name) is \(far) off")
        }
      }
      // Keras's optimizer variables are ours, read from its file or computed here.
      let again = try Optimizer(after.trainingState, parameters: network.parameters)
      #expect(again.iterations == 4 && optimizer.iterations == 4)
      let state = try optimizer.trainingState()
      guard optimizer.configuration.averageMomentum == nil else {
        let averages = (again.averagedWeights ?? [], optimizer.averagedWeights ?? [])
        let zero = [Float](repeating: 0, count: averages.0.count)
        #expect(distance(averages.1, averages.0, from: zero) < 1e-4)
        continue
      }
      let (ours, theirs) = (values(state), values(after.trainingState))
      #expect(ours.count == theirs.count)
      for (a, b) in zip(ours, theirs) {
        #expect(distance(a, b, from: [Float](repeating: 0, count: b.count)) < 5e-3, "\(name)")
      }
      var written = ExpressionModel(graph: graph, classes: start.classes)
      written.trainingState = state
      try written.file.write(to: folder.appendingPathComponent(name + ".ours.keras").path)
    }
    try aLossWithTeachersEqualsKeras(folder, pictures, targets)
    let going = names.filter { $0 != "adam_average" }
    let lines = try Keras.run([Self.script, "continue", folder.path] + going).split(separator: "\n")
    #expect(lines.count == going.count)
    for line in lines {
      let words = line.split(separator: " ")
      #expect(Double(words[1])! < 1e-2 && words[2] == "6", "\(line)")
    }
  }

  /// One step on all pictures, with the loss of Keras's own example of distillation.
  private func aLossWithTeachersEqualsKeras(_ folder: URL, _ pictures: [Float], _ targets: [Float]) throws {
    try Keras.run([Self.script, "distill", folder.path, "3", "0.7"])
    let teachers = try Keras.floats(folder.appendingPathComponent("data.teachers"))
    let start = try model(folder.appendingPathComponent("distilled.start.keras"))
    let after = try model(folder.appendingPathComponent("distilled.after.keras"))
    let losses = try Keras.floats(folder.appendingPathComponent("distilled.losses"))
    var options = TrainingNetwork.Options(threads: 2)
    options.objective = .classification(try Distillation(temperature: 3, weight: 0.7))
    let network = try TrainingNetwork(start.graph, options)
    let result = try network.step(count: 29, seed: 0) { input, target, _ in
      _ = input.update(fromContentsOf: pictures)
      _ = target.update(fromContentsOf: targets)
    } teach: { _, probabilities in
      _ = probabilities.update(fromContentsOf: teachers)
    }
    #expect(abs(result.loss - Double(losses[0])) < 1e-4 * result.loss, "\(result.loss), not \(losses[0])")
    let gradients = try network.withGradients { Array($0) }
    try network.withWeights { weights in
      for place in weights.indices { weights[place] -= 0.5 * gradients[place] }
    }
    for (layer, (before, end)) in zip(network.graph().layers, zip(start.graph.layers, after.graph.layers)) {
      for (index, weight) in layer.weights.enumerated() {
        let far = distance(weight.values, end.weights[index].values, from: before.weights[index].values)
        #expect(far < 2e-3, "\(layer.name) \(weight.name) is \(far) off")
      }
    }
  }
}
