import FrameStream
import NetworkModel

/// Writes a graph as a Keras 3 configuration: a Sequential model if its layers form a chain, otherwise a Functional
/// one. Nested models have become part of the graph and stay so.
struct KerasConfiguration {
  /// The text of config.json.
  private(set) var bytes: [UInt8] = []
  /// The groups of each layer's weights under this configuration.
  private(set) var weightPaths: [String]

  private let graph: ModelGraph
  /// The calls of each distinct layer, in Keras's order of layers.
  private let calls: [[Int]]
  /// For each layer of the graph, its name in the file.
  private var names: [String]

  /// - Parameter compilation: Keras's `compile_config`, if there is one.
  init(_ graph: ModelGraph, compilation: JSONValue? = nil) {
    self.graph = graph
    calls = KerasOrder.calls(graph)
    names = graph.layers.map(\.name)
    weightPaths = graph.layers.map(\.weightsPath)
    let isChain =
      graph.output == graph.layers.count - 1
      && graph.layers.indices.allSatisfy {
        graph.layers[$0].inputs == ($0 == 0 ? [] : [$0 - 1]) && graph.layers[$0].module == nil
          && !graph.layers[$0].isInferenceOnly
      }
      && calls.allSatisfy { $0.count == 1 }
    assignNames(isChain: isChain)
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("module", isChain ? "keras" : "keras.src.models.functional")
      writer.field("class_name", isChain ? "Sequential" : "Functional")
      writer.key("config")
      writer.object { if isChain { sequential(&$0) } else { functional(&$0) } }
      writer.key("registered_name")
      if isChain { writer.null() } else { writer.value("Functional") }
      writer.key("build_config")
      writer.object {
        $0.key("input_shape")
        shape(graph.inputShape, &$0)
      }
      writer.field("compile_config", compilation)
    }
    bytes = writer.bytes
  }

  /// Layer names that Keras takes (no slash, no two the same), and the groups that follow from classes and order.
  private mutating func assignNames(isChain: Bool) {
    var used: Set<String> = []
    var groups = WeightNames(path: "")
    for layer in calls {
      let base = String(graph.layers[layer[0]].name.map { $0 == "/" ? "_" : $0 })
      var name = base.isEmpty ? "layer" : base
      var number = 1
      while !used.insert(name).inserted {
        name = "\(base)_\(number)"
        number += 1
      }
      // A Sequential model does not count its input among its layers.
      let isInput = graph.layers[layer[0]].operation == .input
      let isLayer = !(isChain && isInput) && !graph.layers[layer[0]].isOperation
      let path = isLayer ? groups.next(graph.layers[layer[0]].kerasClass) : ""
      for call in layer {
        names[call] = name
        weightPaths[call] = path
      }
    }
  }

  private func shape(_ shape: [Int], _ writer: inout JSONWriter) {
    writer.shape(shape, hasFreeSize: graph.hasFreeSize)
  }

  private func sequential(_ writer: inout JSONWriter) {
    writer.field("name", String(graph.name.map { $0 == "/" ? "_" : $0 }))
    writer.field("trainable", true)
    writer.field("dtype", "float32")
    writer.key("layers")
    writer.array { list in
      for layer in calls { list.object { self.layer(layer[0], &$0) } }
    }
    writer.key("build_input_shape")
    shape(graph.inputShape, &writer)
  }

  private func functional(_ writer: inout JSONWriter) {
    writer.field("name", String(graph.name.map { $0 == "/" ? "_" : $0 }))
    writer.field("trainable", true)
    writer.key("layers")
    writer.array { list in
      for layer in calls {
        list.object { entry in
          self.layer(layer[0], &entry)
          entry.field("name", names[layer[0]])
          entry.key("inbound_nodes")
          entry.array { nodes in
            for call in layer where !graph.layers[call].inputs.isEmpty { node(call, &nodes) }
          }
        }
      }
    }
    writer.key("input_layers")
    writer.array { list in
      list.array { reference(graph.layers.firstIndex { $0.operation == .input } ?? 0, &$0) }
    }
    writer.key("output_layers")
    writer.array { list in list.array { reference(graph.output, &$0) } }
  }

  /// `"name", call, 0`.
  private func reference(_ index: Int, _ writer: inout JSONWriter) {
    writer.value(names[index])
    writer.value(calls.first { $0.contains(index) }?.firstIndex(of: index) ?? 0)
    writer.value(0)
  }

  private func node(_ call: Int, _ writer: inout JSONWriter) {
    let layer = graph.layers[call]
    let inputs = layer.inputs
    func operand(_ index: Int, _ writer: inout JSONWriter) {
      if case .constant(let values) = graph.layers[index].operation {
        writer.constant(values)
      } else {
        tensor(index, &writer)
      }
    }
    /// What the file said, with tensors by their present names.
    func asRead(_ value: JSONValue, _ next: inout Int, _ tensors: [Int], _ writer: inout JSONWriter) {
      if value["class_name"]?.string == "__keras_tensor__" {
        if tensors.indices.contains(next) { tensor(tensors[next], &writer) }
        next += 1
      } else if let elements = value.array {
        writer.array { list in for element in elements { asRead(element, &next, tensors, &list) } }
      } else {
        writer.value(value)
      }
    }
    func tensor(_ index: Int, _ writer: inout JSONWriter) {
      writer.object { tensor in
        tensor.field("class_name", "__keras_tensor__")
        tensor.key("config")
        tensor.object {
          $0.key("shape")
          shape(graph.layers[index].shape, &$0)
          $0.field("dtype", "float32")
          $0.key("keras_history")
          $0.array { reference(index, &$0) }
        }
      }
    }
    if let (arguments, tensors) = layer.call {
      var next = 0
      writer.object { node in
        for (key, value) in arguments.object?.fields ?? [] {
          node.key(key)
          if let fields = value.object?.fields {
            node.object { named in
              for (name, value) in fields {
                named.key(name)
                asRead(value, &next, tensors, &named)
              }
            }
          } else {
            asRead(value, &next, tensors, &node)
          }
        }
      }
      return
    }
    writer.object { node in
      node.key("args")
      node.array { arguments in
        if graph.layers[call].operation.takesManyInputs {
          arguments.array { list in for input in inputs { operand(input, &list) } }
        } else {
          for input in inputs { operand(input, &arguments) }
        }
      }
      node.key("kwargs")
      node.object { if layer.isInferenceOnly { $0.field("training", false) } }
    }
  }

  private func layer(_ index: Int, _ writer: inout JSONWriter) {
    let layer = graph.layers[index]
    writer.field("module", layer.module ?? "keras.layers")
    writer.field("class_name", layer.kerasClass)
    writer.key("config")
    writer.object { configuration in
      configuration.field("name", names[index])
      // Not every class without weights takes the key.
      if !layer.isTrainable, !layer.weights.isEmpty {
        configuration.field("trainable", false)
      }
      // An operation on tensors takes no more than its own keys.
      if !layer.isOperation { configuration.field("dtype", "float32") }
      layer.writeConfiguration(
        channelsFirst: graph.channelsFirst, hasFreeSize: graph.hasFreeSize, &configuration)
    }
    writer.key("registered_name")
    if layer.module == nil { writer.null() } else { writer.value(layer.kerasClass) }
  }
}

extension JSONWriter {
  /// A shape with its batch, which is free; so are the sides of a picture of any size, whose channels are the last.
  mutating func shape(_ shape: [Int], hasFreeSize: Bool) {
    array { list in
      list.null()
      for (index, side) in shape.enumerated() {
        if hasFreeSize, shape.count == 3, index < 2 { list.null() } else { list.value(side) }
      }
    }
  }

  /// A tensor of known values as Keras 3 writes one among a call's arguments.
  fileprivate mutating func constant(_ constant: Constant) {
    object { object in
      object.field("class_name", "__tensor__")
      object.key("config")
      object.object { configuration in
        configuration.key("value")
        configuration.nested(constant.values[...], constant.shape[...])
        configuration.field("dtype", "float32")
      }
    }
  }

  private mutating func nested(_ values: ArraySlice<Float>, _ sides: ArraySlice<Int>) {
    guard let side = sides.first else { return value(values[values.startIndex]) }
    let count = values.count / side
    array { list in
      for part in 0..<side {
        let start = values.startIndex + part * count
        list.nested(values[start..<(start + count)], sides.dropFirst())
      }
    }
  }
}
