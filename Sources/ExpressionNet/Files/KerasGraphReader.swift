import FrameStream
import SystemIO

/// Reads a model's configuration, as Keras 2 and 3 write it, into a graph of layers without weights.
///
/// Sequential and Functional models, nested in each other as they like, become one flat graph. Dialects differ in
/// small ways: `batch_input_shape` or `batch_shape`, `inbound_nodes` as nested lists or as objects with
/// `keras_history`, activations by name or as objects.
struct KerasGraphReader {
  private var layers: [Layer] = []
  /// For each nested model that stands as one layer in the file, the layers it is made of (legacy files keep
  /// their weights together).
  private(set) var members: [(name: String, layers: Range<Int>)] = []
  /// What spatial layers say of the data format; they must agree.
  private var channelsFirst: Bool?
  /// Axes that name the channels, checked when shapes are known.
  private var axes: [(layer: Int, axis: Int)] = []
  private var inputShape: [Int] = []

  /// - Parameter model: The object with `class_name` and `config`.
  /// - Throws: ``Failure`` (`badInput`) naming the layer that is unknown or not understood.
  static func read(_ model: JSONValue) throws(Failure) -> ModelGraph {
    var reader = KerasGraphReader()
    let name = model["config"]?["name"]?.string ?? "model"
    let output = try reader.model(model, prefix: "", path: "", input: nil)
    let graph = try ModelGraph(
      name: name, layers: reader.layers, output: output, inputShape: reader.inputShape,
      channelsFirst: reader.channelsFirst ?? false)
    for (index, axis) in reader.axes {
      let rank = graph.layers[index].shape.count
      let channels = rank == 3 && !graph.channelsFirst ? 3 : 1
      guard axis == channels || axis == channels - rank - 1 else {
        throw Failure(
          .badInput, step: "reading the model", subject: "layer \(graph.layers[index].name)",
          cause: "axis \(axis) is not supported (only the channels)")
      }
    }
    return graph
  }

  private static func refuse(_ cause: String) -> Failure {
    Failure(.badInput, step: "reading the model", cause: cause)
  }

  /// Adds the layers of a model; `input` is the layer that feeds it, or nil for the outermost.
  private mutating func model(_ json: JSONValue, prefix: String, path: String, input: Int?) throws(Failure)
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

  private mutating func appendInput(_ shape: [Int], name: String) throws(Failure) -> Int {
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
    var current = input
    var names = WeightNames(path: path)
    for entry in list {
      let configuration = entry["config"]
      if entry["class_name"]?.string == "InputLayer" {
        if current == nil {
          current = try appendInput(
            Self.shape(configuration ?? .null), name: configuration?["name"]?.string ?? "input")
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

  private static func shape(_ configuration: JSONValue) throws(Failure) -> [Int] {
    guard let shape = declaredShape(configuration) else { throw refuse("the input's shape is not stated") }
    return try dimensions(shape)
  }

  /// A shape with its batch, which is dropped.
  private static func dimensions(_ shape: JSONValue) throws(Failure) -> [Int] {
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

// MARK: - Functional

extension KerasGraphReader {
  /// One call of a layer that waits for its inputs.
  private struct Call {
    var entry: JSONValue
    var inputs: [(name: String, call: Int)]
    var weightsPath: WeightNames
  }

  private mutating func functional(_ json: JSONValue, _ prefix: String, _ path: String, _ input: Int?)
    throws(Failure) -> Int
  {
    guard let configuration = json["config"], let list = configuration["layers"]?.array else {
      throw Self.refuse("the Functional model lists no layers")
    }
    let inputs = Self.references(configuration["input_layers"])
    let outputs = Self.references(configuration["output_layers"])
    guard inputs.count == 1, outputs.count == 1 else {
      throw Self.refuse("\(inputs.count) inputs and \(outputs.count) outputs (only one of each is supported)")
    }

    // Results of each layer's calls, by the layer's name.
    var results: [String: [Int]] = [:]
    var waiting: [(name: String, calls: [Call])] = []
    var names = WeightNames(path: path)
    for entry in list {
      guard let name = entry["name"]?.string ?? entry["config"]?["name"]?.string else {
        throw Self.refuse("a layer has no name")
      }
      let place = names.next(entry["class_name"]?.string ?? "")
      if entry["class_name"]?.string == "InputLayer" {
        guard name == inputs[0].name else {
          throw Self.refuse("input \(name) is a second one; only one is supported")
        }
        if let input {
          results[name] = [input]
        } else {
          results[name] = [try appendInput(Self.shape(entry["config"] ?? .null), name: prefix + name)]
        }
        continue
      }
      var calls: [Call] = []
      for node in entry["inbound_nodes"]?.array ?? [] {
        calls.append(
          Call(entry: entry, inputs: try Self.inbound(node, name), weightsPath: WeightNames(fixed: place)))
      }
      waiting.append((name, calls))
    }

    // A layer that is called twice may wait for another one in between, so go round until nothing moves.
    var moved = true
    while moved, waiting.contains(where: { !$0.calls.isEmpty }) {
      moved = false
      for index in waiting.indices {
        while let call = waiting[index].calls.first {
          let ready = call.inputs.compactMap { Self.find($0, results) }
          guard ready.count == call.inputs.count else { break }
          var names = call.weightsPath
          let result = try layer(call.entry, prefix, &names, inputs: ready)
          results[waiting[index].name, default: []].append(result)
          waiting[index].calls.removeFirst()
          moved = true
        }
      }
    }
    guard let output = Self.find(outputs[0], results) else {
      throw Self.refuse("layer \(outputs[0].name), the output, is not connected to the input")
    }
    return output
  }

  /// A call's result. Nested models count their own making as call 0 in some dialects.
  private static func find(_ reference: (name: String, call: Int), _ results: [String: [Int]]) -> Int? {
    guard let calls = results[reference.name], !calls.isEmpty else { return nil }
    if calls.indices.contains(reference.call) { return calls[reference.call] }
    return reference.call == calls.count ? calls.last : nil
  }

  /// `["name", 0, 0]`, or a list of such.
  private static func references(_ json: JSONValue?) -> [(name: String, call: Int)] {
    guard let list = json?.array else { return [] }
    if let name = list.first?.string { return [(name, list.count > 1 ? list[1].int ?? 0 : 0)] }
    return list.flatMap { references($0) }
  }

  /// The layers that feed one call: `[["name", 0, 0, {}], …]`, or an object with `keras_history` somewhere in its
  /// arguments.
  private static func inbound(_ node: JSONValue, _ layer: String) throws(Failure) -> [(
    name: String, call: Int
  )] {
    guard node.object != nil else { return references(node) }
    var found: [(name: String, call: Int)] = []
    func search(_ value: JSONValue) {
      if let history = value["config"]?["keras_history"] {
        found += references(history)
      } else {
        value.array?.forEach(search)
      }
    }
    search(node["args"] ?? .null)
    for (key, value) in node["kwargs"]?.object?.fields ?? [] where value["class_name"] != nil {
      throw refuse("layer \(layer) takes a tensor as \(key), which is not supported")
    }
    return found
  }
}

// MARK: - Layers

extension KerasGraphReader {
  private mutating func layer(
    _ entry: JSONValue, _ prefix: String, _ names: inout WeightNames, inputs: [Int]
  ) throws(Failure) -> Int {
    guard let kind = entry["class_name"]?.string else { throw Self.refuse("a layer has no class_name") }
    let configuration = entry["config"] ?? .null
    let name = prefix + (configuration["name"]?.string ?? entry["name"]?.string ?? kind)
    let path = names.next(kind)
    if ["Sequential", "Functional", "Model"].contains(kind) {
      guard inputs.count == 1 else {
        throw Self.refuse("model \(name) is called with \(inputs.count) inputs")
      }
      let first = layers.count
      let output = try model(entry, prefix: name + "/", path: path + "/", input: inputs[0])
      members.append((name, first..<layers.count))
      return output
    }
    do throws(Failure) {
      if let registered = entry["registered_name"]?.string, registered.contains(">"), kind != "Lambda" {
        throw Self.refuse("custom object \(registered) is not supported")
      }
      let layer = try KerasLayerReader(kind: kind, configuration: configuration)
      if let format = try layer.channelsFirst() {
        guard channelsFirst == nil || channelsFirst == format else {
          throw Self.refuse("mixes channels_first and channels_last")
        }
        channelsFirst = format
      }
      if let axis = try layer.channelAxis() { axes.append((layers.count, axis)) }
      let operation = try layer.operation()
      guard inputs.count == 1 || layer.takesManyInputs, !inputs.isEmpty else {
        throw Self.refuse("\(kind) is called with \(inputs.count) inputs")
      }
      return try append(
        Layer(name: name, kind: kind, operation: operation, inputs: inputs, weightsPath: path))
    } catch {
      throw error.subject.isEmpty ? error.within("layer \(name)") : error
    }
  }
}

/// The groups that Keras 3 gives layers in a weights file: the class name in snake case, counted within the model.
struct WeightNames {
  private let path: String
  private var used: [String: Int] = [:]
  private let fixed: String?

  init(path: String) {
    self.path = path
    fixed = nil
  }

  /// Always the same name: for further calls of a layer.
  init(fixed: String) {
    path = ""
    self.fixed = fixed
  }

  mutating func next(_ kind: String) -> String {
    if let fixed { return fixed }
    let base = Self.snakeCase(kind)
    let count = used[base, default: 0]
    used[base] = count + 1
    return path + "layers/" + (count == 0 ? base : "\(base)_\(count)")
  }

  /// Keras's own rule (`naming.to_snake_case`): an underscore before a capital that begins a word.
  static func snakeCase(_ name: String) -> String {
    let letters = Array(
      name.unicodeScalars.filter {
        $0 == "_" || $0.properties.isAlphabetic || $0.properties.numericType != nil
      })
    var result = ""
    for (index, letter) in letters.enumerated() {
      let isCapital = ("A"..."Z").contains(letter)
      if isCapital, index > 0, letters[index - 1] != "_" {
        let nextIsSmall = index + 1 < letters.count && ("a"..."z").contains(letters[index + 1])
        let afterSmall = ("a"..."z").contains(letters[index - 1])
        if nextIsSmall || afterSmall { result.append("_") }
      }
      result.unicodeScalars.append(letter)
    }
    return result.lowercased()
  }
}
