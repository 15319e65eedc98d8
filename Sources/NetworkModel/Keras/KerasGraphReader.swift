import FrameStream
import SystemIO

/// Reads a model's configuration, as Keras 2 and 3 write it, into a graph of layers without weights.
///
/// Sequential and Functional models, nested in each other as they like, become one flat graph. Dialects differ in
/// small ways: `batch_input_shape` or `batch_shape`, `inbound_nodes` as nested lists or as objects with
/// `keras_history`, activations by name or as objects.
struct KerasGraphReader {
  private var layers: [Layer] = []
  /// For each layer of the outermost model, the layers that it is made of: itself, or a nested model's.
  private var groups: [LegacyWeights.Group] = []
  /// What spatial layers say of the data format; they must agree.
  private var channelsFirst: Bool?
  /// Axes that name the channels, checked when shapes are known.
  private var axes: [(layer: Int, axis: Int)] = []
  private var inputShape: [Int] = []
  /// Entries and references looked at so far: a nested model costs its own at every call, and models may be nested.
  private var work = 0

  /// - Throws: ``Failure`` (`badInput`) if reading a file takes more steps than any real model's.
  mutating func spend(_ steps: Int) throws(Failure) {
    work += steps
    guard work <= 64 * ModelLimits.layers else {
      throw Self.refuse("its layers and their calls are more than \(64 * ModelLimits.layers)")
    }
  }

  /// - Parameter model: The object with `class_name` and `config`.
  /// - Throws: ``Failure`` (`badInput`) naming the layer that is unknown or not understood.
  static func read(_ model: JSONValue) throws(Failure) -> (graph: ModelGraph, groups: [LegacyWeights.Group]) {
    var reader = KerasGraphReader()
    let name = model["config"]?["name"]?.string ?? "model"
    let output = try reader.model(model, prefix: "", path: "", input: nil)
    let graph = try ModelGraph(
      name: name, layers: reader.layers, output: output, inputShape: reader.inputShape,
      channelsFirst: reader.channelsFirst ?? false)
    for layer in graph.layers where graph.channelsFirst && layer.shape.count == 3 && layer.kind != "Softmax" {
      // By its name, or inside another layer, it goes along the last axis.
      guard layer.operation.activation != .softmax else {
        throw Failure(
          .badInput, step: "reading the model", subject: "layer \(layer.name)",
          cause: "softmax along the columns of a channels_first picture is not supported (only the channels)")
      }
    }
    for (index, axis) in reader.axes {
      let rank = graph.layers[index].shape.count
      let channels = rank == 3 && !graph.channelsFirst ? 3 : 1
      guard axis == channels || axis == channels - rank - 1 else {
        throw Failure(
          .badInput, step: "reading the model", subject: "layer \(graph.layers[index].name)",
          cause: "axis \(axis) is not supported (only the channels)")
      }
    }
    return (graph, reader.groups)
  }

  /// Remembers what a layer of the outermost model is made of.
  private mutating func note(_ range: Range<Int>, _ name: String, _ prefix: String) {
    if prefix.isEmpty { groups.append(.init(name: name, layers: range)) }
  }

  /// The first that is there, a name of a layer or a class, short enough to stand in messages and, for a nested model's layers, in front of others.
  static func name(_ candidates: JSONValue?...) throws(Failure) -> String? {
    guard let text = candidates.lazy.compactMap({ $0?.string }).first else { return nil }
    guard text.utf8.count <= ModelLimits.name else {
      throw refuse("a name of more than \(ModelLimits.name) bytes, \"\(text.prefix(40))…\"")
    }
    return text
  }

  static func refuse(_ cause: String) -> Failure {
    Failure(.badInput, step: "reading the model", cause: cause)
  }

  /// Adds the layers of a model; `input` is the layer that feeds it, or nil for the outermost.
  mutating func model(_ json: JSONValue, prefix: String, path: String, input: Int?) throws(Failure)
    -> Int
  {
    switch json["class_name"]?.string {
    case "Sequential": return try sequential(json, prefix, path, input)
    case "Functional", "Model": return try functional(json, prefix, path, input)
    case let name?:
      throw Self.refuse("\(name) models are not supported (only Sequential and Functional)")
    case nil: throw Self.refuse("no class_name: not a Keras model's configuration")
    }
  }

  /// Appends a layer and returns its index.
  private mutating func append(_ layer: Layer) throws(Failure) -> Int {
    guard layers.count < ModelLimits.layers else {
      throw Self.refuse("more than \(ModelLimits.layers) layers")
    }
    layers.append(layer)
    return layers.count - 1
  }

  mutating func appendInput(_ shape: [Int], name: String) throws(Failure) -> Int {
    inputShape = shape
    return try append(Layer(name: name, kind: "InputLayer", operation: .input, inputs: [], weightsPath: ""))
  }
}

// MARK: - Sequential

extension KerasGraphReader {
  private mutating func sequential(_ json: JSONValue, _ prefix: String, _ path: String, _ input: Int?)
    throws(Failure) -> Int
  {
    // Keras 1 and 2.0 wrote the list of layers itself.
    guard let list = json["config"]?["layers"]?.array ?? json["config"]?.array else {
      throw Self.refuse("the Sequential model lists no layers")
    }
    try spend(list.count + 1)
    var current = input
    var names = WeightNames(path: path)
    for entry in list {
      let configuration = entry["config"]
      if entry["class_name"]?.string == "InputLayer" {
        if current == nil {
          current = try appendInput(
            Self.shape(configuration ?? .null), name: Self.name(configuration?["name"]) ?? "input")
        }
        continue
      }
      if current == nil {
        let shape =
          Self.declaredShape(configuration ?? .null)
          ?? json["config"]?["build_input_shape"] ?? json["build_config"]?["input_shape"]
        guard let shape else { throw Self.refuse("the input's shape is not stated") }
        current = try appendInput(Self.dimensions(shape), name: "input")
      }
      current = try layer(entry, prefix, &names, inputs: [current!])
    }
    guard let current, list.count > 0 else { throw Self.refuse("the Sequential model lists no layers") }
    return current
  }

  /// The shape that a layer's configuration states for its input, batch included.
  private static func declaredShape(_ configuration: JSONValue) -> JSONValue? {
    for key in ["batch_shape", "batch_input_shape"] {
      if let shape = configuration[key], !shape.isNull { return shape }
    }
    if let shape = configuration["input_shape"]?.array { return .array([.null] + shape) }
    return nil
  }

  static func shape(_ configuration: JSONValue) throws(Failure) -> [Int] {
    guard let shape = declaredShape(configuration) else { throw refuse("the input's shape is not stated") }
    return try dimensions(shape)
  }

  /// A shape with its batch, which is dropped.
  static func dimensions(_ shape: JSONValue) throws(Failure) -> [Int] {
    guard let sides = shape.array, (2...4).contains(sides.count) else {
      throw refuse("the input is not one picture or one row of values")
    }
    var result: [Int] = []
    for side in sides.dropFirst() {
      guard let side = side.int, side > 0, side <= ModelLimits.dimension else {
        throw refuse("the input's size is not fixed")
      }
      result.append(side)
    }
    return result
  }
}

// MARK: - Layers

extension KerasGraphReader {
  mutating func layer(
    _ entry: JSONValue, _ prefix: String, _ names: inout WeightNames, inputs: [Int]
  ) throws(Failure) -> Int {
    guard let kind = try Self.name(entry["class_name"]) else {
      throw Self.refuse("a layer has no class_name")
    }
    let configuration = entry["config"] ?? .null
    let name = prefix + (try Self.name(configuration["name"], entry["name"]) ?? kind)
    let path = names.next(kind)
    if Self.nestedModels.contains(kind) {
      guard inputs.count == 1 else {
        throw Self.refuse("model \(name) is called with \(inputs.count) inputs")
      }
      let first = layers.count
      let output = try model(entry, prefix: name + "/", path: path + "/", input: inputs[0])
      note(first..<layers.count, name, prefix)
      return output
    }
    do throws(Failure) {
      if let registered = entry["registered_name"]?.string, registered.contains(">"), kind != "Lambda" {
        throw Self.refuse("custom object \(registered) is not supported")
      }
      let layer = KerasLayerReader(kind: kind, configuration: configuration)
      if let format = try layer.channelsFirst() {
        guard channelsFirst == nil || channelsFirst == format else {
          throw Self.refuse("mixes channels_first and channels_last")
        }
        channelsFirst = format
      }
      if let axis = try layer.channelAxis() { axes.append((layers.count, axis)) }
      let operation = try layer.operation()
      // Read at every call of a nested model.
      if case .affine(let scale, let offset) = operation { try spend((scale.count + offset.count) / 16) }
      guard inputs.count == 1 || operation.takesManyInputs, !inputs.isEmpty else {
        throw Self.refuse("\(kind) is called with \(inputs.count) inputs")
      }
      var result = Layer(name: name, kind: kind, operation: operation, inputs: inputs, weightsPath: path)
      result.isTrainable = configuration["trainable"]?.bool ?? true
      result.configuration = configuration
      note(layers.count..<(layers.count + 1), name, prefix)
      return try append(result)
    } catch {
      throw error.subject.isEmpty ? error.within("layer \(name)") : error
    }
  }
}
