import NetworkModel
import SystemIO

/// Where a model's weights lie in training: one flat array of the trained ones (with those that training leaves alone
/// behind them), one of moving statistics. A layer that is called twice has its weights once.
struct ParameterTable {
  /// Where a weight lies in the flat array, and which trainable parameter it is.
  struct Entry {
    var offset: Int
    var shape: [Int]
    /// Index in ``parameters``; nil for a weight of a frozen layer.
    var parameter: Int?

    var count: Int { shape.reduce(1, *) }
  }

  private(set) var parameters: [TrainingNetwork.Parameter] = []
  private(set) var statistics: [TrainingNetwork.Parameter] = []
  /// Values of the trainable parameters, and of all weights, gaps included.
  private(set) var trainableCount = 0
  private(set) var weightCount = 0
  private(set) var statisticsCount = 0
  /// By the layer's identity, then the weight's name.
  private(set) var entries: [String: [String: Entry]] = [:]
  private(set) var statisticOffsets: [String: [String: Int]] = [:]

  /// Parameters begin on 64-byte boundaries, as vector instructions like it.
  private static let alignment = 16

  /// Keras's order of a model's weights: that of its layers. A flat graph that no file has put in order is listed as
  /// Keras would list it.
  private static func order(_ graph: ModelGraph) -> [Int] {
    if graph.layers.contains(where: { $0.name.contains("/") }) { return Array(graph.layers.indices) }
    return KerasOrder.calls(graph).compactMap(\.first)
  }

  init(_ graph: ModelGraph) throws(Failure) {
    var names: [String: Int] = [:]
    let order = Self.order(graph)
    var seen: Set<String> = []
    for index in order where seen.insert(graph.layers[index].identity).inserted {
      names[graph.layers[index].name, default: 0] += 1
    }
    seen = []
    var frozen: [Layer] = []
    for index in order {
      let layer = graph.layers[index]
      guard !layer.weights.isEmpty, seen.insert(layer.identity).inserted else { continue }
      for weight in layer.weights where weight.values.count != weight.shape.reduce(1, *) {
        throw Failure(
          .failed, step: "preparing training", subject: "layer \(layer.name)", cause: "weights are missing")
      }
      if case .normalization = layer.operation { continue }
      guard layer.isTrainable else {
        frozen.append(layer)
        continue
      }
      add(layer, name: names[layer.name] == 1 ? layer.name : layer.weightsPath)
    }
    trainableCount = weightCount
    for layer in frozen {
      // A frozen normalization keeps its moving statistics: it has no weights here.
      if case .batchNormalization = layer.operation { continue }
      for weight in layer.weights { enter(weight, of: layer, parameter: nil) }
    }
  }

  /// Whether a layer, by its identity, has weights that are trained.
  func isTrained(_ identity: String) -> Bool {
    entries[identity]?.values.contains { $0.parameter != nil } ?? false
  }

  private mutating func add(_ layer: Layer, name: String) {
    for weight in layer.weights {
      if weight.name.hasPrefix("moving_") {
        let count = weight.shape.reduce(1, *)
        statistics.append(
          .init(
            layer: name, name: weight.name, shape: weight.shape, offset: statisticsCount, count: count))
        statisticOffsets[layer.identity, default: [:]][weight.name] = statisticsCount
        statisticsCount = Self.aligned(statisticsCount + count)
      } else {
        let offset = weightCount
        enter(weight, of: layer, parameter: parameters.count)
        parameters.append(
          .init(
            layer: name, name: weight.name, shape: weight.shape, offset: offset,
            count: weight.shape.reduce(1, *)))
      }
    }
  }

  private mutating func enter(_ weight: Weight, of layer: Layer, parameter: Int?) {
    let entry = Entry(offset: weightCount, shape: weight.shape, parameter: parameter)
    entries[layer.identity, default: [:]][weight.name] = entry
    weightCount = Self.aligned(weightCount + entry.count)
  }

  private static func aligned(_ count: Int) -> Int { (count + alignment - 1) / alignment * alignment }
}
