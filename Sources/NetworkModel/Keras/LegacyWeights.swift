import SystemIO

/// Weights in a whole-model HDF5 file of Keras 2: a group for each layer of the outermost model, whose attribute
/// `weight_names` lists its data sets; a nested model's are all in its group.
struct LegacyWeights {
  /// A layer of the outermost model and the layers of the graph that it is made of.
  struct Group {
    var name: String
    var layers: Range<Int>
  }

  let file: HDF5File
  let groups: [Group]

  /// Fills in every layer's weights.
  /// - Throws: ``Failure`` (`badInput`) naming the layer whose weights are missing, too many or wrongly shaped.
  func load(into graph: inout ModelGraph) throws(Failure) {
    // Very old files have the groups at the root.
    let root = try file.kind("model_weights") == .group ? "model_weights" : "/"
    var read: [String: [Weight]] = [:]
    for group in groups {
      var members: [Int] = []
      var paths: Set<String> = []
      for index in group.layers where !graph.layers[index].weights.isEmpty {
        if read[graph.layers[index].weightsPath] == nil,
          paths.insert(graph.layers[index].weightsPath).inserted
        {
          members.append(index)
        }
      }
      // A layer that is called again has its weights already.
      let isRead = members.isEmpty && group.layers.contains { read[graph.layers[$0].weightsPath] != nil }
      if !isRead {
        try load(group, members, root, &graph, &read)
      }
      for index in group.layers { graph.layers[index].weights = read[graph.layers[index].weightsPath] ?? [] }
    }
    let known = Set(groups.map(\.name))
    for name in try file.list(root, attribute: "layer_names") where !known.contains(name) {
      guard try file.list(root + "/" + name, attribute: "weight_names").isEmpty else {
        throw Failure(
          .badInput, step: "reading weights", subject: "layer \(name)",
          cause: "the file has weights for it, but the model does not have it")
      }
    }
  }

  private func load(
    _ group: Group, _ members: [Int], _ root: String, _ graph: inout ModelGraph,
    _ read: inout [String: [Weight]]
  ) throws(Failure) {
    do throws(Failure) {
      let names = try file.list(root + "/" + group.name, attribute: "weight_names")
      let sources = try match(names, members.map { graph.layers[$0] })
      for (index, sources) in zip(members, sources) {
        for (position, source) in sources.enumerated() {
          let shape = graph.layers[index].weights[position].shape
          graph.layers[index].weights[position].values =
            try source.map { (name) throws(Failure) in
              try file.floats("\(root)/\(group.name)/\(name)", expected: shape).values
            } ?? [0]
        }
        read[graph.layers[index].weightsPath] = graph.layers[index].weights
      }
    } catch {
      throw error.within("layer \(group.name)")
    }
  }

  /// For each layer the names of its weights in the file, in the layer's own order; nil where one may be absent.
  private func match(_ names: [String], _ layers: [Layer]) throws(Failure) -> [[String?]] {
    let needed = layers.reduce(0) { $0 + $1.weights.count { $0.name != "count" } }
    let most = layers.reduce(0) { $0 + $1.weights.count }
    guard names.count >= needed, names.count <= most else {
      throw Failure(
        .badInput, step: "reading weights", cause: "\(names.count) in the file, the layer has \(needed)")
    }
    return matchByName(names, layers) ?? matchByOrder(names, layers)
  }

  /// By the layer's name and the weight's: `conv2d_1/kernel:0`. Nil if a name is not found, or not the only one.
  private func matchByName(_ names: [String], _ layers: [Layer]) -> [[String?]]? {
    var found: [String: String] = [:]
    for name in names {
      let parts = (name.split(separator: ":").first ?? "").split(separator: "/").suffix(2).map(String.init)
      guard parts.count == 2 else { return nil }
      // One layer's weights need no name of the layer, which a second session may have changed.
      let key = layers.count == 1 ? parts[1] : parts[0] + "/" + parts[1]
      guard found.updateValue(name, forKey: key) == nil else { return nil }
    }
    var result: [[String?]] = []
    for layer in layers {
      let own = layer.name.split(separator: "/").last.map(String.init) ?? layer.name
      var sources: [String?] = []
      for weight in layer.weights {
        let prefix = layers.count == 1 ? "" : own + "/"
        // Keras 2's name for a depthwise convolution's kernel.
        let source = found[prefix + weight.name] ?? found[prefix + "depthwise_" + weight.name]
        guard source != nil || weight.name == "count" else { return nil }
        sources.append(source)
      }
      result.append(sources)
    }
    return result
  }

  /// By Keras's order of saving: what training changes, layer by layer, then what it does not.
  private func matchByOrder(_ names: [String], _ layers: [Layer]) -> [[String?]] {
    var result = layers.map { [String?](repeating: nil, count: $0.weights.count) }
    var next = names.makeIterator()
    let fixed: Set<String> = ["moving_mean", "moving_variance", "mean", "variance", "count"]
    for isTrained in [true, false] {
      for (index, layer) in layers.enumerated() {
        for (position, weight) in layer.weights.enumerated()
        where (layer.isTrainable && !fixed.contains(weight.name)) == isTrained {
          result[index][position] = next.next()
        }
      }
    }
    return result
  }
}
