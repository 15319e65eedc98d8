import NetworkModel
import SystemIO

/// A flat array of floats that stays where it is.
final class FlatArray {
  let values: UnsafeMutableBufferPointer<Float>
  private let buffer: AlignedBuffer

  init(count: Int) {
    buffer = AlignedBuffer(byteCount: count * MemoryLayout<Float>.stride)
    values = UnsafeMutableBufferPointer(
      start: buffer.base.bindMemory(to: Float.self, capacity: count), count: count)
  }
}

/// A model's weights, gradients and moving statistics as flat arrays.
final class ParameterStore {
  let table: ParameterTable
  let weights: FlatArray
  let gradients: FlatArray
  let statistics: FlatArray

  init(_ graph: ModelGraph) throws(Failure) {
    table = try ParameterTable(graph)
    weights = FlatArray(count: table.weightCount)
    gradients = FlatArray(count: table.trainableCount)
    statistics = FlatArray(count: table.statisticsCount)
    read(graph)
  }

  /// Takes the values of `graph`'s weights, whose shapes are this model's.
  func read(_ graph: ModelGraph) {
    visit(graph) { layer, weight, target in
      _ = target.update(fromContentsOf: graph.layers[layer].weights[weight].values)
    }
  }

  /// Gives `graph` the present values.
  func write(_ graph: inout ModelGraph) {
    var found: [(layer: Int, weight: Int, values: [Float])] = []
    visit(graph) { layer, weight, source in found.append((layer, weight, Array(source))) }
    for (layer, weight, values) in found { graph.setValues(values, ofLayer: layer, weight: weight) }
  }

  private func visit(
    _ graph: ModelGraph, _ body: (_ layer: Int, _ weight: Int, UnsafeMutableBufferPointer<Float>) -> Void
  ) {
    for (index, layer) in graph.layers.enumerated() {
      let identity = layer.identity
      for (position, weight) in layer.weights.enumerated() {
        let count = weight.shape.reduce(1, *)
        if let entry = table.entries[identity]?[weight.name] {
          body(index, position, .init(rebasing: weights.values[entry.offset..<(entry.offset + count)]))
        } else if let offset = table.statisticOffsets[identity]?[weight.name] {
          body(index, position, .init(rebasing: statistics.values[offset..<(offset + count)]))
        }
      }
    }
  }
}
