import FrameStream
import SystemIO

extension ModelFile {
  /// Gives the model another number of outputs, for training on other classes: its last layer, a Dense with at most a
  /// softmax after it, becomes one of `count` units, whose weights are zeros until they are drawn.
  ///
  /// ``information`` stays as it is.
  /// - Returns: The layer's index in the graph; nil if the model does not end like this; it is then unchanged.
  /// - Throws: ``Failure`` (`badInput`) if that many units are over a limit.
  package mutating func replaceOutputs(_ count: Int) throws(Failure) -> Int? {
    var last = graph.output
    if case .activation(.softmax) = graph.layers[last].operation, let input = graph.layers[last].inputs.first
    {
      last = input
    }
    guard case .dense(_, let bias, let activation) = graph.layers[last].operation else { return nil }
    let identity = graph.layers[last].identity
    guard graph.layers.filter({ $0.identity == identity }).count == 1,
      graph.layers.indices.allSatisfy({ $0 == graph.output || !graph.layers[$0].inputs.contains(last) })
    else { return nil }
    var changed = graph
    changed.layers[last].operation = .dense(units: count, bias: bias, activation)
    // Reallocates room for all weights; those of other layers keep their values.
    try changed.inferShapes(graph.inputShape)
    for index in graph.layers.indices where index != last {
      changed.layers[index].weights = graph.layers[index].weights
    }
    for position in changed.layers[last].weights.indices {
      let values = changed.layers[last].weights[position].shape.reduce(1, *)
      changed.layers[last].weights[position].values = [Float](repeating: 0, count: values)
    }
    if let configuration {
      var writer = JSONWriter()
      let path = graph.layers[last].name.split(separator: "/", omittingEmptySubsequences: false)
      Self.writeUnits(configuration, path[...], units: count, to: &writer)
      self.configuration = try JSONValue(JSONText(parsing: writer.bytes))
    }
    graph = changed
    return last
  }

  /// Writes a model's or layer's configuration with another number of units in the layer that `path` leads to.
  private static func writeUnits(
    _ layer: JSONValue, _ path: ArraySlice<Substring>, units: Int, to writer: inout JSONWriter
  ) {
    writer.object { object in
      for (key, value) in layer.object?.fields ?? [] {
        object.key(key)
        guard key == "config", let fields = value.object?.fields else {
          object.value(value)
          continue
        }
        object.object { configuration in
          for (key, value) in fields {
            configuration.key(key)
            if path.isEmpty, key == "units" {
              configuration.value(units)
            } else if key == "layers", let layers = value.array, let name = path.first {
              configuration.array { list in
                for layer in layers {
                  let own = layer["config"]?["name"]?.string ?? layer["name"]?.string
                  if own == String(name) {
                    writeUnits(layer, path.dropFirst(), units: units, to: &list)
                  } else {
                    list.value(layer)
                  }
                }
              }
            } else {
              configuration.value(value)
            }
          }
        }
      }
    }
  }
}
