import FrameStream
import SystemIO

/// Weights in the groups of Keras 3's `model.weights.h5`: `layers/conv2d/vars/0`, `layers/conv2d/vars/1`…
struct KerasWeights {
  let file: HDF5File

  /// Fills in every layer's weights.
  /// - Throws: ``Failure`` (`badInput`) naming the layer whose weights are missing, too many or wrongly shaped.
  func load(into graph: inout ModelGraph) throws(Failure) {
    var known: Set<String> = []
    for layer in graph.layers { known.insert(layer.weightsPath) }
    var read: [String: [Weight]] = [:]
    for index in graph.layers.indices where !graph.layers[index].weights.isEmpty {
      let layer = graph.layers[index]
      if let weights = read[layer.weightsPath] {
        graph.layers[index].weights = weights
        continue
      }
      do throws(Failure) {
        let weights = try weights(of: layer)
        graph.layers[index].weights = weights
        read[layer.weightsPath] = weights
      } catch {
        throw error.within("layer \(layer.name)")
      }
    }
    for root in ["layers", Self.olderLayers] { try refuseExtra(root, known, depth: 0) }
  }

  private func weights(of layer: Layer) throws(Failure) -> [Weight] {
    let group = try group(of: layer.weightsPath)
    var found = try file.names(group)
    let mode = layer.quantization
    if let mode {
      guard mode == "int8", case .dense = layer.operation, found.count == layer.weights.count + 1 else {
        throw Failure(
          .badInput, step: "reading weights", cause: "weights quantized as \(mode) are not supported here")
      }
      // The last are the scales.
      found.removeLast()
    }
    // Counts of pictures seen by a normalization are not used, and not everybody wrote them.
    let needed = layer.weights.filter { $0.name != "count" }
    guard found.count >= needed.count, found.count <= layer.weights.count else {
      throw Failure(
        .badInput, step: "reading weights",
        cause:
          "\(found.count) in the file, the layer has \(needed.count) (\(needed.map(\.name).joined(separator: ", ")))"
      )
    }
    var weights = layer.weights
    for (position, weight) in layer.weights.enumerated() {
      if position >= found.count {
        weights[position].values = [0]
        continue
      }
      weights[position].values = try file.floats("\(group)/\(position)", expected: weight.shape).values
    }
    if mode != nil, let kernel = weights.firstIndex(where: { $0.name == "kernel" }) {
      // Keras divides by what it multiplied with before it rounded: one factor for each unit.
      let units = weights[kernel].shape[1]
      let factors = try file.floats("\(group)/\(found.count)", expected: [units]).values
      for index in weights[kernel].values.indices { weights[kernel].values[index] /= factors[index % units] }
    }
    return weights
  }

  /// How the kernels are stored: as the first of them is. Weights must have been loaded.
  func format(_ graph: ModelGraph) throws(Failure) -> WeightFormat {
    for layer in graph.layers {
      guard let position = layer.weights.firstIndex(where: \.isKernel) else { continue }
      let type = try file.type(of: "\(group(of: layer.weightsPath))/\(position)")
      return type.kind == .float && type.size == 2 ? .float16 : .float32
    }
    return .float32
  }

  /// The optimizer's variables, if there are any.
  func optimizer(_ graph: ModelGraph) throws(Failure) -> [TrainingState.Variable] {
    let group = "optimizer/vars"
    return try file.variables(file.names(group).indices.map { "\(group)/\($0)" }, of: graph)
  }

  private static let olderLayers = "_layer_checkpoint_dependencies"

  /// Keras before 2.14 called the groups of layers otherwise.
  private func group(of path: String) throws(Failure) -> String {
    let group = path + "/vars"
    if try file.kind(group) == .group { return group }
    let older = group.replacingComponent("layers", by: Self.olderLayers)
    return try file.kind(older) == .group ? older : group
  }

  /// A group with values that belongs to no layer means that file and configuration do not fit.
  private func refuseExtra(_ path: String, _ known: Set<String>, depth: Int) throws(Failure) {
    for name in try file.names(path) {
      let group = "\(path)/\(name)"
      let isKnown = known.contains(group.replacingComponent(Self.olderLayers, by: "layers"))
      let values = isKnown ? [] : try file.names(group + "/vars")
      guard values.isEmpty else {
        throw Failure(
          .badInput, step: "reading weights", subject: group,
          cause: "weights of a layer that the model does not have")
      }
      // A nested model's own layers. Deeper than this no configuration was read.
      guard depth < 64 else { continue }
      for inner in ["layers", Self.olderLayers] {
        try refuseExtra("\(group)/\(inner)", known, depth: depth + 1)
      }
    }
  }
}

extension HDF5File {
  /// The optimizer's variables at these paths.
  func variables(_ paths: [String], of graph: ModelGraph) throws(Failure) -> [TrainingState.Variable] {
    // Iterations and the like, and up to four values for each weight.
    var left = graph.parameterCount * 4 + 1024
    var result: [TrainingState.Variable] = []
    for path in paths {
      let variable = try variable(path, limit: left)
      left -= variable.shape.reduce(1, *)
      result.append(variable)
    }
    return result
  }
}

extension String {
  /// A path with every component `name` replaced.
  func replacingComponent(_ name: String, by other: String) -> String {
    split(separator: "/").map { $0 == name ? other : String($0) }.joined(separator: "/")
  }
}

extension Layer {
  /// How Keras quantized the layer's weights (`int8`, `int4`…); nil if it did not.
  var quantization: String? { configuration?["dtype"]?["config"]?["mode"]?.string }
}
